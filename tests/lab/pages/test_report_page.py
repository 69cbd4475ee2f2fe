"""The report's page and its files: whatever is said on it is in the report, and the report can be made again."""

import csv
import io
import json
from dataclasses import replace

import pyarrow.parquet
import pytest

from lab import here, scenario
from lab.measures import NAMES
from lab.telling import verdicts
from lab.telling.measures import MEASURES
from tests.lab import samples
from tests.lab.conftest import SMALL

pytestmark = pytest.mark.django_db
NASTY = SMALL.replace('"answer"', '"=1+1 <b>"')
PARTS = "differences funnel credits load days scores segments welfare reproduce".split()


def rows(answer) -> list[dict]:
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_the_page_has_every_part_and_every_measure(page, done):
    shown = page.get(f"/lab/runs/{done().public_id}/").content.decode()
    assert [part for part in PARTS if f'id="{part}"' not in shown] == []
    assert [name for name in NAMES if f'id="m-{name}"' not in shown] == []
    assert "<script" not in shown.split("<main")[1].split("</main>")[0] and "style=" not in shown


def test_every_measure_has_its_words():
    assert tuple(MEASURES) == NAMES
    assert all(words.definition and words.unit for words in MEASURES.values())


def test_the_verdict_says_directions_only_where_they_are_decided(done):
    d = {"verdict": "worse", "base": 10.0, "other": 6.2, "difference": -3.8}
    more = {"verdict": "better", "base": 0.2, "other": 0.231, "difference": 0.031}
    said = verdicts.sentence("B", {"sent_per_sender_month": d, "answer_rate": more}, "answer_rate")
    assert said == "“B” sends 38 % fewer InMails and gets 3.10 points more answers."
    unsure = {"sent_per_sender_month": d | {"verdict": "undecided"}, "answer_rate": more | {"verdict": "undecided"}}
    said = verdicts.sentence("B", unsure, "answer_rate")
    assert "38" not in said and said.endswith("; whether more of them are answered is undecided.")


def test_what_the_experiment_is_about_has_a_sentence_of_its_own(page, done):
    run = done(SMALL.replace('name = "Small"', 'name = "Small"\nmeasure = "load_mean"'))
    assert b"Load on all members: " in page.get(f"/lab/runs/{run.public_id}/").content


def test_each_further_arm_has_its_place(page, done):
    run = done(SMALL + '\n[[arms]]\nname = "third"\npolicy = "no_return"\n')
    first, other = (page.get(f"/lab/runs/{run.public_id}/", {"arm": arm}).content.decode() for arm in ("1", "2"))
    assert "“answer” against “silence”" in first and "“third” against “silence”" in other
    assert "“answer” against “silence”" in page.get(f"/lab/runs/{run.public_id}/?arm=nonsense").content.decode()


def test_the_report_can_be_made_again_from_what_the_page_gives(page, done):
    run = done(seed=5)
    text = page.get(f"/lab/runs/{run.public_id}/scenario.toml").content.decode()
    again = here.run(scenario.read(text))
    assert json.dumps(again, indent=1, ensure_ascii=False) + "\n" == (
        page.get(f"/lab/runs/{run.public_id}/report.json").content.decode()
    )


def test_the_long_table_has_every_value_and_no_formula(page, done):
    run = done(NASTY)
    found = rows(page.get(f"/lab/runs/{run.public_id}/report.csv"))
    assert len(found) == 2 * 2 * len(NAMES) and {row["arm"] for row in found} == {"silence", "'=1+1 <b>"}
    value = next(row["value"] for row in found if row["measure"] == "load_mean" and row["replication"] == "2")
    assert float(value) == run.report["arms"][0]["values"]["load_mean"][1]


def test_differences_and_segments_are_whole(page, done):
    run = done(NASTY)
    differences = rows(page.get(f"/lab/runs/{run.public_id}/differences.csv"))
    assert [row["measure"] for row in differences] == list(NAMES) and differences[0]["unit"] == "InMails"
    segments = rows(page.get(f"/lab/runs/{run.public_id}/segments.csv"))
    sent = [int(row["value"]) for row in segments if (row["by"], row["count"]) == ("match", "sent")]
    assert sum(sent) == sum(s["sent"] for arm in run.report["arms"] for s in arm["segments"]["match"].values())


def test_parquet_has_the_same_rows_with_their_types(page, done):
    run = done()
    kept = page.get(f"/lab/runs/{run.public_id}/report.parquet").content
    table = pyarrow.parquet.read_table(io.BytesIO(kept))
    assert [str(field.type) for field in table.schema] == ["string", "int32", "string", "double"]
    assert table.num_rows == len(rows(page.get(f"/lab/runs/{run.public_id}/report.csv")))


def test_names_of_arms_are_text_on_the_page(page, done):
    shown = page.get(f"/lab/runs/{done(NASTY).public_id}/").content.decode()
    assert "=1+1 &lt;b&gt;" in shown and "=1+1 <b>" not in shown


def test_the_report_that_other_tests_keep_is_of_todays_shape(done):
    def shape(value, path=""):
        if isinstance(value, dict):
            return {name for key, each in value.items() for name in shape(each, f"{path}.{key}")} | {path}
        return {path}

    kept = json.loads(samples.REPORT.read_text())
    fresh = here.run(replace(scenario.read(SMALL), members=1000, days=3))
    assert shape(kept) == shape(fresh) and kept["version"] == fresh["version"]

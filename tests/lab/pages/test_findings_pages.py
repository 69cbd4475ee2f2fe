"""The pages of what has been found: they show what a command keeps, and no word says more than its intervals."""

import json
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lab import kept
from lab.assumptions import ASSUMPTIONS
from lab.telling import assumed, charts, figures, live, tornado
from lab.telling.measures import MEASURES

pytestmark = pytest.mark.django_db
PATHS = {kept.LIVE_TEST: "/lab/live-test/", kept.SENSITIVITY: "/lab/sensitivity/"}
SIZE = {"members": 3000, "replications": 2, "stdout": StringIO(), "stderr": StringIO()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Both questions about a ready scenario, asked once by their commands, small."""
    found = tmp_path_factory.mktemp("findings")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "FOLDER", found)
        call_command("live_test", "open_profiles", keep=True, **SIZE)
        call_command("sensitivity", "open_profiles", keep=True, measure="open_rate", samples=2, **SIZE)
    return found


@pytest.fixture
def shown(page, folder, monkeypatch):
    monkeypatch.setattr(kept, "FOLDER", folder)
    return lambda kind, **given: unescape(page.get(PATHS[kind], given).content.decode())


def values(value: float | None, name: str) -> str:
    return figures.of(value, MEASURES[name].is_share, signed=True)


def test_the_live_test_shows_every_number_that_was_kept(shown):
    text, found = shown(kept.LIVE_TEST), kept.of(kept.LIVE_TEST, "open_profiles").found
    words = live.judge_all(found["measures"])
    for name, m in found["measures"].items():
        line = text.split(f'id="m-{name}"')[1].split("</tr>")[0]
        assert all(values(m[key][end], name) in line for key in ("truth", "bias") for end in ("value", "low", "high"))
        assert values(m["naive"]["value"], name) in line and live.word(words[name]) in line
    assert "free" in text and "3,000 members" in text


def test_the_tornado_shows_every_assumption_with_its_range_and_both_ends(shown):
    text, found = shown(kept.SENSITIVITY), kept.of(kept.SENSITIVITY, "open_profiles").found
    for each in found["assumptions"]:
        line = text.split(f'id="a-{each["name"]}"')[1].split("</tr>")[0]
        assert assumed.label(each["name"]) in line and f"[{each['tag']}]" in line
        ends = (each[end][key] for end in ("at_low", "at_high") for key in ("difference", "low", "high"))
        assert [values(end, "open_rate") in line for end in ends] == [True] * 6
    swings = [float(each["swing"]) for each in found["assumptions"]]
    assert text.count('class="whisker-chart tornado"') == len(ASSUMPTIONS) and swings == sorted(swings, reverse=True)


@pytest.mark.parametrize("kind", PATHS)
def test_a_page_says_how_it_was_found_and_when(shown, kind):
    text, told = shown(kind), kept.of(kind, "open_profiles")
    assert told.command in text and told.version in text and f'datetime="{told.on}"' in text
    assert "another version" not in text


@pytest.mark.parametrize("kind", PATHS)
def test_what_another_version_has_found_says_so(shown, kind, folder):
    place = folder / kind / "categories.json"
    place.write_text(json.dumps(json.loads((folder / kind / "open_profiles.json").read_text()) | {"version": "old"}))
    try:
        assert "another version" in shown(kind, of="categories") and "?of=open_profiles" in shown(kind)
    finally:
        place.unlink()


@pytest.mark.parametrize("kind", PATHS)
def test_a_page_of_a_scenario_that_nobody_asked_about_is_not_there(page, shown, kind):
    assert page.get(PATHS[kind], {"of": "../live_test/open_profiles"}).status_code == 404


@pytest.mark.parametrize("kind", PATHS)
def test_before_anything_is_kept_the_page_says_which_command_keeps_it(page, kind, monkeypatch, tmp_path):
    monkeypatch.setattr(kept, "FOLDER", tmp_path)
    assert f"manage.py {kind} return_on_silence --keep" in page.get(PATHS[kind]).content.decode()


@pytest.mark.parametrize("kind", PATHS)
def test_a_page_asks_the_database_only_who_is_there(page, shown, kind):
    shown(kind)
    with CaptureQueriesContext(connection) as asked:
        shown(kind)
    assert len(asked) <= 6


def test_the_lab_leads_to_both_pages_and_each_to_the_other(page, shown):
    for path in PATHS.values():
        assert f'href="{path}"' in page.get("/lab/").content.decode()
    assert PATHS[kept.SENSITIVITY] in shown(kept.LIVE_TEST) and PATHS[kept.LIVE_TEST] in shown(kept.SENSITIVITY)


def measure(truth, naive, bias, half_width=1.0):
    """Of four replications, all of which have values."""
    ends = zip(("truth", "naive", "bias"), (truth, naive, bias), strict=True)
    told = {key: {"low": low, "value": (low + high) / 2, "high": high} for key, (low, high) in ends}
    return told | {"half_width": half_width, "tests": [{"naive": 0.0, "truth": 0.0}] * 8}


@pytest.mark.parametrize(
    ("word", "m"),
    [
        (live.WRONG_SIGN, measure((1, 2), (-2, -1), (-4, -2))),
        (live.MISSES, measure((1, 2), (3, 4), (1, 3))),
        (live.AGREES, measure((1, 2), (1, 2), (-0.5, 0.5))),
        (live.UNDECIDED, measure((1, 2), (-2, 5), (-3, 3))),
        (live.AGREES, measure((0, 0), (0, 0), (0, 0), 0.0)),
    ],
)
def test_a_word_says_no_more_than_the_intervals_do(word, m):
    assert live.judge_all({"open_rate": m}) == {"open_rate": word}


def test_a_bias_at_the_edge_of_its_interval_is_sure_alone_but_not_among_many():
    m = measure((1, 2), (1, 2), (0.0, 0.2))
    assert live.p_of_no_bias(m) == pytest.approx(0.05)
    m["bias"]["low"] = 0.01
    assert live.judge_all({"a": m}) == {"a": live.MISSES}
    assert set(live.judge_all({name: m for name in "abc"}).values()) == {live.AGREES}


def test_a_live_test_that_only_agrees_is_said_to_have_no_bias():
    found = {"measures": {"open_rate": measure((0.01, 0.02), (0.01, 0.02), (-0.001, 0.001))}}
    said = live.sentence(found, {"open_rate": live.AGREES})
    assert (
        "a difference of +1.50; the truth is +1.50 (+1.00 … +2.00)" in said
        and "No measure has a bias beyond error" in said
    )
    assert "undecided" in live.sentence(found, {"open_rate": live.UNDECIDED})


def test_a_bar_reaches_from_the_difference_as_it_is_to_its_end():
    assert tornado.nought(1.0, 2.0) == charts.at(50 - 24.5) and tornado.nought(3.0, 2.0) == ""
    side = tornado._side(
        0.5, {"difference": -1.0, "low": -2.0, "high": 0.0, "verdict": "worse"}, MEASURES["opt_outs"], 1.0, 2.0
    )
    assert (side.x, side.width, side.difference) == ("1", "49", "−1.00")


@pytest.mark.parametrize(
    ("verdict", "said", "word"),
    [("better", "Its sign changes with “Fatigue”", "other sign"), ("undecided", "no sign to change", "verdict stays")],
)
def test_a_sign_is_said_to_change_only_where_there_is_one(folder, verdict, said, word):
    found = json.loads((folder / "sensitivity/open_profiles.json").read_text())["found"]
    flips = found["assumptions"][0] | {
        "changes_the_sign": True,
        "moves_the_verdict": False,
        "name": "behaviour.fatigue",
    }
    found["assumptions"], found["base"] = [flips], found["base"] | {"verdict": verdict}
    told = tornado.page(found)
    assert said in told["sentence"] and told["rows"][0].verdict == word


def test_every_assumption_has_its_name_and_reason_in_words():
    labels = [assumed.label(each.name) for each in ASSUMPTIONS]
    assert not {each.name for each in ASSUMPTIONS} & set(labels) and len(set(labels)) == len(labels)
    assert {each.reason for each in ASSUMPTIONS} == set(assumed.REASONS)

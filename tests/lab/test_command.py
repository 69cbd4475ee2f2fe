"""`manage.py lab`: the report as text and as JSON, the same for any number of threads."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.lab.test_scenario import PLAIN


def run(tmp_path, text=PLAIN, **options) -> tuple[str, dict]:
    (tmp_path / "x.toml").write_text(text)
    said, out = StringIO(), tmp_path / "reports" / "x.json"
    call_command("lab", tmp_path / "x.toml", out=out, stdout=said, stderr=StringIO(), **options)
    return said.getvalue(), json.loads(out.read_text())


def test_the_report_is_the_same_for_any_number_of_threads(tmp_path):
    said, found = run(tmp_path, workers=1)
    assert run(tmp_path, workers=3) == (said, found)
    assert "other against one" in said and found["replications"] == 5
    assert all(arm["laws_hold"] for arm in found["arms"])
    assert set(found["differences"]) == {"other"}
    sent = [sum(each["sent"] for each in arm["segments"]["match"].values()) for arm in found["arms"]]
    assert min(sent) > 1000


def test_what_cannot_be_read_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(CommandError, match=r"^Line 3: days must be a whole number"):
        run(tmp_path, PLAIN.replace("days = 30", "days = -1"))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("lab", tmp_path / "none.toml")
    (tmp_path / "x.toml").write_text(PLAIN)
    with pytest.raises(CommandError, match="is a folder"):
        call_command("lab", tmp_path / "x.toml", out=tmp_path)
    with pytest.raises(CommandError, match="at least 1"):
        run(tmp_path, workers=0)


def test_no_more_replications_are_run_than_the_wanted_precision_needs(tmp_path):
    coarse = run(tmp_path, PLAIN.replace("days = 30", "days = 30\nprecision = 0.9"))[1]
    fine = run(tmp_path, PLAIN.replace("days = 30", "days = 30\nprecision = 0.0001"))[1]
    assert coarse["replications"] == 2 and fine["replications"] == 5
    found = coarse["differences"]["other"]["sent_per_sender_month"]
    assert (found["high"] - found["low"]) / 2 <= 0.9 * found["base"]


def test_where_nobody_sends_the_report_has_no_rates_and_no_verdict(tmp_path, recwarn):
    found = run(tmp_path, PLAIN.replace("premium = 0.1", "premium = 0.0"))[1]
    assert found["arms"][0]["measures"]["open_rate"] is None
    assert found["differences"]["other"]["open_rate"]["verdict"] == "undecided"
    assert not [warning for warning in recwarn if issubclass(warning.category, RuntimeWarning)]

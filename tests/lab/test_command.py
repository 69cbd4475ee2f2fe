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
    with pytest.raises(CommandError, match="at least 1"):
        run(tmp_path, workers=0)

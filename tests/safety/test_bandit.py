"""A reader of sources that knows what has gone wrong elsewhere finds nothing here that is not justified."""

import json
import subprocess
import sys

from django.conf import settings

FOLDERS = ["accounts", "clock", "config", "inmail", "privacy", "simulation", "lab"]
# What is looked away from everywhere, and why.
SKIPPED = {
    "B404": "that a module can start processes says nothing; each start is looked at",
    "B603": "processes are started without a shell, from lists that nobody outside writes",
    "B607": "chmod and test, of the machine's own path, before anybody is served",
    "B606": "os.exec without a shell is what run.py hands over by",
    "B101": "an assert states what is known; none guards a way in",
}
# What is looked at and right: where, what, and why.
JUSTIFIED = {
    ("accounts/departure.py", "B105"): "the mark of a password that nobody has",
    ("accounts/network.py", "B608"): "the statement is put together from our own texts; values are parameters",
    ("accounts/network.py", "B611"): "RawSQL with our own text; values are parameters",
    ("config/servers.py", "B108"): "where a folder of a random name, for its owner alone, may be made",
    ("config/serving.py", "B310"): "the address is our own, on loopback",
    ("inmail/audit.py", "B608"): "the statement is put together from our own texts; there are no values",
    ("inmail/forms.py", "B308"): "our own text, without a value",
    ("simulation/planning.py", "B608"): "the statement is put together from our own texts; values are parameters",
}


def findings() -> list[dict]:
    there = [name for name in FOLDERS if (settings.BASE_DIR / name).is_dir()]
    command = [sys.executable, "-m", "bandit", "-q", "-r", *there, "-f", "json", "--skip", ",".join(SKIPPED)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
    found = json.loads(done.stdout)
    assert not found["errors"] and found["metrics"]["_totals"]["loc"] > 5_000
    return found["results"]


def test_bandit_finds_nothing_that_is_not_justified():
    found = {(one["filename"].removeprefix("./"), one["test_id"]): one["line_number"] for one in findings()}
    assert {key: line for key, line in found.items() if key not in JUSTIFIED} == {}
    assert set(JUSTIFIED) - set(found) == set(), "no longer needed"

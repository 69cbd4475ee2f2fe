"""`python3 run.py faults [--times N] [rows…]`: every row of the matrix so many times, its figures and the table.

Law: a run that failed is shown as failed; a row keeps the date and version of when it was run.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from config.servers import spawn
from tests.faults import table

OFTEN = {"F1": 20, "F2": 20, "F4": 20, "F17": 20}
ORDINARY = 5
HERE = Path(__file__).parent
ROOT = HERE.parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "faults.json"


def known_rows() -> list[str]:
    """The rows that have a test, in order."""
    found = {row for path in HERE.glob("test_*.py") for row in re.findall(r"\bfault\(\s*\"(F\d+)\"", path.read_text())}
    return sorted(found, key=number)


def number(row: str) -> int:
    return int(row[1:])


def version() -> str:
    """The commit, marked when files differ from it, other than those that this command itself writes."""
    known = _git("describe", "--always") or "unknown"
    changed = _git("status", "--porcelain", "-uno", "--", ".", ":!README.md", ":!benchmarks/results")
    return f"{known}-dirty" if changed else known


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True).stdout.strip()


def run(row: str, times: int) -> dict:
    """One row in a pytest of its own, on servers that write to the disk as they do in earnest."""
    began, load = datetime.now(UTC), os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "figures"
        more = {"FAULT_ROWS": row, "FAULT_TIMES": str(times), "FAULT_FIGURES": str(record)}
        more |= {"FAULT_PATIENCE": os.environ.get("FAULT_PATIENCE", "1"), "INMAIL_TEST_DURABLE": "1"}
        command = [sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=short", "tests/faults"]
        status = spawn(command, dies_by=signal.SIGTERM, env=os.environ | more, cwd=ROOT).wait()
        lines = record.read_text().splitlines() if record.exists() else []
    facts = {"row": row, "times": times, "date": began.isoformat(timespec="seconds"), "version": version()}
    facts |= {"load": [round(load, 1), round(os.getloadavg()[0], 1)], "cores": os.cpu_count(), "status": status}
    return facts | {"runs": [json.loads(line) for line in lines]}


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py faults", description="The fault matrix with its figures.")
    parser.add_argument("rows", nargs="*", help="such as F1 F7; all when none is named")
    parser.add_argument("--times", type=int, help=f"runs of each row ({ORDINARY}; 20 of {', '.join(OFTEN)})")
    wishes = parser.parse_args(arguments)
    known = known_rows()
    wishes.rows = [row.upper() for row in wishes.rows] or known
    if unknown := set(wishes.rows) - set(known):
        parser.error(f"no test for {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    if wishes.times is not None and wishes.times < 1:
        parser.error("--times is at least 1.")
    return wishes


def main(arguments: list[str]) -> int:
    wishes = parse(arguments)
    for row in wishes.rows:
        done = run(row, wishes.times or OFTEN.get(row, ORDINARY))
        kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
        kept = sorted([*(one for one in kept if one["row"] != row), done], key=lambda one: number(one["row"]))
        RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
        table.put_into(ROOT / "README.md", kept)
    mine = [one for one in kept if one["row"] in wishes.rows]
    print(table.text(mine))
    return 0 if all(table.passed(one) for one in mine) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

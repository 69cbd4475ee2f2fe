"""`python -m tests.mutants`: break a copy of the platform, guard by guard, and see the named tests notice.

Ends with 1 when a mutant survives, when a test fails otherwise than by an assertion, or when one fails unbroken.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from tests.mutants.mutants import MUTANTS, DoesNotApply, Mutant

ROOT = Path(__file__).resolve().parent.parent.parent
RESULT = ROOT / "benchmarks" / "results" / "mutants.json"
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", "node_modules")
ASSERTIONS = ("AssertionError", "assert ", "Failed: DID NOT RAISE")
LIMIT = 600  # seconds for one run of the named tests
SHOWN = 160  # characters of why


@dataclass(frozen=True)
class Verdict:
    """What a test said of a platform: passed, failed (by an assertion) or broke (in any other way), and why."""

    test: str
    said: str
    why: str
    seconds: float


def run(copy: Path, tests: tuple[str, ...]) -> list[Verdict]:
    """The named tests in the copy; of a test's variants the first that did not pass speaks."""
    record = copy / "record.xml"
    record.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", *tests, "-q", "-p", "no:cacheprovider", f"--junitxml={record}"]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ended = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return [Verdict(test, "broke", f"no end after {LIMIT} s", LIMIT) for test in tests]
    if not record.exists():
        return [Verdict(test, "broke", (ended.stdout + ended.stderr)[-500:], 0.0) for test in tests]
    cases = list(ElementTree.parse(record).iter("testcase"))
    return [_verdict(test, [case for case in cases if _is_of(case, test)]) for test in tests]


def _is_of(case: ElementTree.Element, test: str) -> bool:
    file, name = test.split("::")
    module = file.removesuffix(".py").replace("/", ".")
    return case.get("classname") == module and case.get("name", "").split("[")[0] == name


def _verdict(test: str, cases: list[ElementTree.Element]) -> Verdict:
    def messages(kind: str) -> list[str]:
        return [found.get("message", "") for case in cases if (found := case.find(kind)) is not None]

    seconds = sum(float(case.get("time", 0)) for case in cases)
    if not cases or messages("skipped"):
        return Verdict(test, "broke", "the test was not run", seconds)
    failures = messages("failure")
    if others := messages("error") + [message for message in failures if not message.startswith(ASSERTIONS)]:
        return Verdict(test, "broke", others[0], seconds)
    return Verdict(test, "failed" if failures else "passed", failures[0] if failures else "", seconds)


def try_mutant(copy: Path, mutant: Mutant) -> list[Verdict]:
    """The verdicts of its tests with the patches in; the copy is as before afterwards."""
    before = {patch.file: (copy / patch.file).read_text() for patch in mutant.patches}
    try:
        for patch in mutant.patches:
            (copy / patch.file).write_text(patch.applied(copy))
        return run(copy, mutant.tests)
    except DoesNotApply as problem:
        return [Verdict(test, "broke", str(problem), 0.0) for test in mutant.tests]
    finally:
        for file, text in before.items():
            (copy / file).write_text(text)


def tell(name: str, verdict: Verdict, wanted: str) -> dict:
    caught = verdict.said == wanted
    word = (
        {"failed": "caught", "passed": "passes"}[wanted]
        if caught
        else {"passed": "SURVIVED"}.get(verdict.said, "BROKE")
    )
    short = verdict.test.split("::")[1]
    print(f"{name:<76} {short:<82} {word} in {verdict.seconds:.0f} s", flush=True)
    if not caught or wanted == "failed":
        print(f"    {' '.join(verdict.why.split())[: SHOWN if caught else 1_000]}", flush=True)
    return {"test": verdict.test, "said": verdict.said, "seconds": round(verdict.seconds, 1), "why": verdict.why[:400]}


def try_all(copy: Path, chosen: list[Mutant]) -> tuple[bool, list[dict]]:
    good, rows = True, []
    for verdict in run(copy, tuple(dict.fromkeys(test for mutant in chosen for test in mutant.tests))):
        tell("as it is", verdict, "passed")
        good &= verdict.said == "passed"
    for mutant in chosen:
        verdicts = try_mutant(copy, mutant)
        told = [tell(f"{mutant.guard}: {mutant.name}", verdict, "failed") for verdict in verdicts]
        good &= all(verdict.said == "failed" for verdict in verdicts)
        rows.append({"guard": mutant.guard, "mutant": mutant.name, "tests": told})
    return good, rows


def record(rows: list[dict], good: bool) -> None:
    asked = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT)
    told = {
        "name": "mutants",
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": asked.stdout.strip(),
        "python": platform.python_version(),
        "caught": sum(all(test["said"] == "failed" for test in row["tests"]) for row in rows),
        "of": len(rows),
        "unbroken_tests_pass_and_all_caught": good,
        "mutants": rows,
    }
    RESULT.write_text(json.dumps(told, indent=1) + "\n")
    print(f"{told['caught']} of {told['of']} mutants caught, commit {told['commit']}; written to {RESULT}", flush=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py mutants", description=__doc__.splitlines()[0])
    parser.add_argument("guard", nargs="?", default="", help="only the mutants that lack this guard; writes no record")
    wanted = parser.parse_args(arguments).guard
    chosen = [mutant for mutant in MUTANTS if wanted in f"{mutant.guard}: {mutant.name}"]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / "platform"
        shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
        good, rows = try_all(copy, chosen)
    if not wanted:
        record(rows, good)
    return 0 if good and chosen else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

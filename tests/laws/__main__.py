"""`python -m tests.laws`: thousands of seeds on the model alone, hundreds on PostgreSQL beside it; the record as JSON.

Ends with 1 and prints the shortest course when a seed breaks a law or the two sides differ.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import repeat

import django

django.setup()

from benchmarks import measuring  # noqa: E402 - Django is ready only now
from tests.laws import acts, platform, play, seeds  # noqa: E402

RESULT = measuring.RESULTS / "laws.json"
TELL_EVERY = 10.0  # seconds
MODEL = "model"
LEAST = 100  # seeds of each that make a record
PART = 250  # seeds of the model that one process plays in one go


@dataclass
class Run:
    """What became of some seeds on one kind of world."""

    what: str
    first: int
    seeds: int = 0
    seconds: float = 0.0
    done: Counter = field(default_factory=Counter)
    failures: list[dict] = field(default_factory=list)

    @property
    def steps(self) -> int:
        return sum(count for name, count in self.done.items() if name in acts.WEIGHTS)

    def line(self) -> str:
        failed = ", ".join(str(failure["seed"]) for failure in self.failures)
        return (
            f"{self.what:<10} seeds {self.first}-{self.first + self.seeds - 1}: {self.steps:,} acts in"
            f" {self.seconds:,.0f} s, {'failed: ' + failed if failed else 'every law held after every act'}"
        )

    def as_json(self) -> dict:
        counts = dict(sorted(self.done.items()))
        told = {"first": self.first, "seeds": self.seeds, "acts": self.steps, "seconds": round(self.seconds, 1)}
        return told | {"failures": self.failures, "done": counts}


def run(what: str, first: int, count: int, play_one: Callable[[acts.Course], Counter], until: float) -> Run:
    found, begun, told = Run(what, first), time.monotonic(), time.monotonic()
    for number in range(first, first + count):
        if time.monotonic() > until:
            break
        end = seeds.run(number, play_one)
        found.seeds, found.seconds = found.seeds + 1, time.monotonic() - begun
        if isinstance(end, seeds.Failure):
            found.failures.append({"seed": number, "shortest": str(end.error).splitlines()})
            print(f"\nseed {number} fails on the {what}; the shortest course:\n{end.error}\n", flush=True)
            if len(found.failures) == 3:  # more of them seldom say more
                break
            continue
        found.done += end
        if what != MODEL and time.monotonic() - told > TELL_EVERY:
            told = time.monotonic()
            print(f"  {what}: {found.seeds:,} of {count:,} seeds, {found.seconds:,.0f} s", flush=True)
    return found


def on_the_model(pool: Executor, first: int, count: int, until: float) -> Iterator[Run]:
    """Parts of the seeds, played on every core beside what else is done."""
    parts = range(first, first + count, PART)
    counts = (min(PART, first + count - part) for part in parts)
    return pool.map(run, repeat(MODEL), parts, counts, repeat(play.play), repeat(until))


def together(parts: Iterator[Run], first: int, count: int) -> Run:
    """One record of all the parts, in their order; the seconds are those of all cores together."""
    found = Run(MODEL, first)
    for part in parts:
        found.seeds += part.seeds
        found.seconds += part.seconds
        found.done += part.done
        found.failures += part.failures
        print(f"  {MODEL}: {found.seeds:,} of {count:,} seeds", flush=True)
    return found


def on_postgresql(first: int, count: int, until: float) -> Run:
    members = platform.cast(acts.BEGINNINGS[0])

    def both(course: acts.Course) -> Counter:
        with platform.forgotten():
            return play.play(course, platform.Platform(course, members))

    return run("PostgreSQL", first, count, both, until)


def record(runs: list[Run]) -> None:
    asked = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    told = {
        "name": "laws",
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": asked.stdout.strip(),
        "machine": measuring.machine() | {"hypothesis": version("hypothesis")},
        "runs": {each.what: each.as_json() for each in runs},
    }
    RESULT.write_text(json.dumps(told, indent=1) + "\n")
    print(f"{told['measured_at']}, commit {told['commit']}; written to {RESULT}", flush=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py laws", description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=int, default=10_000, metavar="N", help="seeds on the model alone (10,000)")
    parser.add_argument("--database", type=int, default=300, metavar="N", help="seeds on PostgreSQL as well (300)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="the first seed (0)")
    parser.add_argument("--minutes", type=float, default=600, metavar="M", help="begin no seed after so long (600)")
    wishes = parser.parse_args(arguments)
    runs, until = [], time.monotonic() + 60 * wishes.minutes
    with ProcessPoolExecutor() as pool:
        parts = on_the_model(pool, wishes.seed, wishes.model, until)
        if wishes.database:
            runs.append(on_postgresql(wishes.seed, wishes.database, until))
        if wishes.model:
            runs.append(together(parts, wishes.seed, wishes.model))
    print(*[each.line() for each in runs], sep="\n", flush=True)
    if len(runs) == 2 and min(each.seeds for each in runs) >= LEAST:  # a look at a few seeds is not the record
        record(runs)
    return 1 if any(each.failures for each in runs) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m tests.laws`: thousands of seeds on the model alone, hundreds on PostgreSQL beside it; the record as JSON.

Ends with 1 and prints the shortest course when a seed breaks a law or the two sides differ.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import repeat
from multiprocessing import SimpleQueue

import django

django.setup()

from django.db import connection  # noqa: E402 - Django is ready only now

from accounts.models import Member  # noqa: E402
from benchmarks import databases, measuring  # noqa: E402
from tests.laws import acts, platform, play, seeds  # noqa: E402

RESULT = measuring.RESULTS / "laws.json"
TELL_EVERY = 10.0  # seconds
MODEL, DATABASE = "model", "PostgreSQL"
LEAST = 100  # seeds that make a record


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
    found, begun = Run(what, first), time.monotonic()
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
    return found


def one(course: acts.Course) -> Counter:
    """On the model, and on the platform in this process's own database."""
    with platform.forgotten():
        return play.play(course, platform.Platform(course, _cast[0]))


_cast: list[list[Member]] = []


def take_a_database(names: SimpleQueue) -> None:
    """What a new process does first."""
    connection.settings_dict["NAME"] = names.get()
    _cast.append(platform.cast(acts.BEGINNINGS[0]))


@contextmanager
def processes() -> Iterator[Executor]:
    """Twice as many as cores, because half of the time is waited for PostgreSQL; each with a database of its own."""
    with ExitStack() as stack:
        names, count = SimpleQueue(), 2 * (os.cpu_count() or 1)
        for name in (f"laws_{n}" for n in range(count)):
            stack.enter_context(databases.fresh(name))
            names.put(name)
        yield stack.enter_context(ProcessPoolExecutor(count, initializer=take_a_database, initargs=(names,)))


def begin(pool: Executor, what: str, first: int, count: int, until: float) -> Iterator[Run]:
    """The seeds in parts, each played by one process."""
    part, play_one = PARTS[what]
    firsts = range(first, first + count, part)
    counts = [min(part, first + count - each) for each in firsts]
    return pool.map(run, repeat(what), firsts, counts, repeat(play_one), repeat(until))


def together(what: str, parts: Iterator[Run], first: int, count: int) -> Run:
    """One record of all the parts, in their order; the seconds are those of all processes together."""
    found, told = Run(what, first), 0.0
    for part in parts:
        found.seeds += part.seeds
        found.seconds += part.seconds
        found.done += part.done
        found.failures += part.failures
        if time.monotonic() - told > TELL_EVERY:
            told = time.monotonic()
            print(f"  {what}: {found.seeds:,} of {count:,} seeds", flush=True)
    return found


PARTS = {MODEL: (250, play.play), DATABASE: (5, one)}


def record(runs: list[Run]) -> None:
    """Write down the runs of this time, each with its date and version; the record of another kind stays."""
    asked = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    told = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "commit": asked.stdout.strip()}
    told["machine"] = measuring.machine()
    before = json.loads(RESULT.read_text())["runs"] if RESULT.exists() else {}
    kept = before | {each.what: told | each.as_json() for each in runs if each.seeds >= LEAST}
    RESULT.write_text(json.dumps({"name": "laws", "runs": kept}, indent=1) + "\n")
    print(f"{told['measured_at']}, commit {told['commit']}; written to {RESULT}", flush=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py laws", description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=int, default=10_000, metavar="N", help="seeds on the model alone (10,000)")
    parser.add_argument("--database", type=int, default=300, metavar="N", help="seeds on PostgreSQL as well (300)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="the first seed (0)")
    parser.add_argument("--minutes", type=float, default=600, metavar="M", help="begin no seed after so long (600)")
    wishes = parser.parse_args(arguments)
    until = time.monotonic() + 60 * wishes.minutes
    counts = {DATABASE: wishes.database, MODEL: wishes.model}
    with processes() as pool:
        begun = {what: begin(pool, what, wishes.seed, count, until) for what, count in counts.items() if count}
        runs = [together(what, parts, wishes.seed, counts[what]) for what, parts in begun.items()]
    print(*[each.line() for each in runs], sep="\n", flush=True)
    if any(each.seeds >= LEAST for each in runs):  # a look at a few seeds is not the record
        record(runs)
    return 1 if any(each.failures for each in runs) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

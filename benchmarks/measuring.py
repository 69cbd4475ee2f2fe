"""Rounds in which the contestants take turns, their medians and spread, the machine they ran on, and the record."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.db import connection

RESULTS = Path(__file__).parent / "results"
SCALE = float(os.environ.get("BENCH_SCALE", "1"))  # below 1 for a quick look; it is written into the record


def scaled(n: int, *, step: int = 100) -> int:
    """`n` at the scale of this run, a multiple of `step`."""
    return max(step, int(n * SCALE) // step * step)


@dataclass
class Figure:
    """One thing measured: `values` in `unit`, one a round; `n` is what each round did.

    `ratio` is the median of the rounds' ratios of this to `peer`, measured in turns in the same run.
    """

    what: str
    unit: str
    n: int
    values: list[float]
    peer: str = ""
    ratio: float | None = None
    facts: dict = field(default_factory=dict)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def low(self) -> float:
        return min(self.values)

    @property
    def high(self) -> float:
        return max(self.values)

    def as_json(self) -> dict:
        spread = {"rounds": len(self.values), "median": self.median, "low": self.low, "high": self.high}
        return asdict(self) | spread | {"values": [round(value, 6) for value in self.values]}


def seconds(act: Callable[[], object]) -> float:
    """How long `act` takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def in_turns(contestants: dict[str, Callable[[], float]], *, rounds: int) -> dict[str, list[float]]:
    """What each contestant measures, round by round; who begins changes, so that no one always follows another."""
    names = list(contestants)
    found: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            found[name].append(contestants[name]())
    return found


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median over the rounds of ours to theirs."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that at least `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def machine() -> dict:
    """What the figures hang on: processor, memory, versions, how busy the machine was."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (postgres,) = cursor.fetchone()
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit')")
        durable = dict(cursor.fetchall())
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load_average": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
        "django": version("django"),
        "postgresql": postgres,
        **durable,
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _commit() -> str:
    asked = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=RESULTS.parent)
    return asked.stdout.strip()


def record(name: str, figures: list[Figure], *, facts: dict | None = None, notes: Sequence[str] = ()) -> None:
    """Print the table and write benchmarks/results/NAME.json."""
    RESULTS.mkdir(exist_ok=True)
    found = {
        "name": name,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "scale": SCALE,
        "machine": machine(),
        "facts": facts or {},
        "notes": list(notes),
        "figures": [figure.as_json() for figure in figures],
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(found, indent=1, default=str) + "\n")
    print(table(name, figures), *notes, sep="\n", flush=True)


def table(name: str, figures: list[Figure]) -> str:
    lines = [f"{name:<54} {'median':>10} {'low':>10} {'high':>10} {'unit':<10} {'n':>8} {'rounds':>6} {'ratio':>7}"]
    for f in figures:
        numbers = " ".join(
            f"{value:>10,.4g}" if value < 100 else f"{value:>10,.0f}" for value in (f.median, f.low, f.high)
        )
        beside = f"{f.ratio:>7.2f}" if f.ratio is not None else " " * 7
        lines.append(f"{f.what:<54} {numbers} {f.unit:<10} {f.n:>8,} {len(f.values):>6} {beside}")
    return "\n".join(lines)

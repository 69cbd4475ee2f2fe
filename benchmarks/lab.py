"""The lab: 300 million members on this machine, and its pace beside NumPy, Polars, Mesa 3 and SimPy.

Two things are measured in turns in one run. The *full behaviour*: `lab.shards`, one arm, all that DOMAIN 6 to 10
describe. The *simplified policy* of benchmarks/peers/rules.py (grants, sends, one draw of an answer, credits that come
back a week later): each peer in a process of its own at a size that it can reach, ours a kernel of the same build as
the engine. Ours uses two threads; Polars all cores; NumPy, Mesa and SimPy one. First everybody's figures are checked:
by the law of the ledger, and by the rates that the policy gives; a mismatch is printed as invalid and ends the run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import django

django.setup()

import numpy as np  # noqa: E402

from benchmarks import simplified  # noqa: E402
from benchmarks.measuring import Figure, in_turns, ratio, record, scaled  # noqa: E402
from benchmarks.peers import rules as given  # noqa: E402
from config import places  # noqa: E402
from lab import plain, scenario, shards  # noqa: E402
from tests.lab.counting import same  # noqa: E402

THREADS = 2
ROUNDS = 5
PEERS = Path(__file__).parent / "peers"
WORLD, HUGE = scaled(10_000_000, step=1_000_000), scaled(300_000_000, step=1_000_000)
OURS = scaled(100_000_000, step=1_000_000)
SIZES = {  # members and days
    "NumPy, all members every day": ("dense_numpy", scaled(10_000_000), 30),
    "NumPy, by events": ("sparse_numpy", scaled(10_000_000), 90),
    "Polars": ("with_polars", scaled(5_000_000), 20),
    "Mesa 3": ("with_mesa", scaled(20_000), 30),
    "SimPy": ("with_simpy", scaled(20_000), 30),
}
DAYS = 90


class Invalid(AssertionError):
    """A contestant does not play by the rules; its pace says nothing."""


def main() -> None:
    check_engine()
    peers = environment()
    simplified.live(100_000, 10, 1, workers=1)  # compiled now
    touches(1_000_000, 1000)
    contestants = {"ours": lambda: ours(OURS), "full": lambda: full(HUGE)["pace"]}
    contestants |= {name: lambda size=size: peer(peers, *size) for name, size in SIZES.items()}
    contestants |= {"touches": lambda: touches(OURS, 50_000_000), "small": lambda: full(WORLD)["pace"]}
    runs.clear()
    paces = in_turns(contestants, rounds=ROUNDS)
    figures = of_full(paces) + of_simplified(paces)
    record("lab", figures, facts={"threads": THREADS, "sends_per_member_day": given.SEND}, notes=[__doc__.strip()])


runs: dict[int, list[dict]] = {}


def full(members: int) -> dict:
    """A run of the full behaviour in a process of its own, from the scenario to the totals; kept in `runs`."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.lab_run", str(members)], stdout=subprocess.PIPE)
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Invalid(f"The run of {members:,} members failed.")
    found = json.loads(said) | {"memory": used.ru_maxrss / 1024}
    found["pace"] = members * DAYS / found["seconds"]
    runs.setdefault(members, []).append(found)
    return found


def ours(members: int) -> float:
    """Member-days a second of the simplified policy."""
    begun = time.perf_counter()
    totals = simplified.live(members, DAYS, 7, workers=THREADS)
    seconds = time.perf_counter() - begun
    check("ours", totals, members, DAYS)
    return members * DAYS / seconds


def peer(python: Path, script: str, members: int, days: int) -> float:
    command = [python, f"{script}.py", str(members), str(days), "7"]
    totals = json.loads(subprocess.run(command, cwd=PEERS, check=True, capture_output=True).stdout)
    seconds = totals.pop("seconds")
    check(script, totals, members, days)
    return members * days / seconds


def touches(members: int, times: int) -> float:
    """Random members touched a second: the limit of whoever must look up each recipient in a world of that size."""
    cells = np.zeros(members, dtype=np.uint8)
    begun = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda seed: simplified.touch(cells, np.uint64(seed), times // THREADS), range(THREADS)))
    return times / (time.perf_counter() - begun)


def check(name: str, totals: dict[str, int], members: int, days: int) -> None:
    """The law of the ledger exactly; sends and answers within five standard deviations of what the policy gives."""
    if totals["granted"] - totals["sent"] + totals["returned"] != totals["balance"]:
        raise Invalid(f"invalid: {name}: credits do not add up: {totals}")
    expected, answered = members * days * given.SEND, totals["sent"] * given.ACCEPT
    if abs(totals["sent"] - expected) > 5 * expected**0.5 + expected * 1e-3:  # who has no credit does not send
        raise Invalid(f"invalid: {name} sends {totals['sent']:,} where {expected:,.0f} are expected")
    if abs(totals["accepted"] - answered) > 5 * (answered * (1 - given.ACCEPT)) ** 0.5:
        raise Invalid(f"invalid: {name} has {totals['accepted']:,} answers where {answered:,.0f} are expected")


def check_engine() -> None:
    """The engine of the full behaviour against plain NumPy, total by total."""
    ready = scenario.load(scenario.ready()["return_on_silence"])
    small = replace(ready, members=100_000, days=60, population=replace(ready.population, premium=0.01))
    for arm, found in zip(small.arms, shards.live(small, 0, 0), strict=True):
        course = plain.live(small, 0, (arm,), lambda numbers: np.zeros(len(numbers), dtype=int))
        if differ := same(course, found):
            raise Invalid(f"invalid: the engine and plain NumPy differ in {', '.join(differ)} under {arm.name!r}")


def environment() -> Path:
    """The Python of the peers' own environment, made when it is not there."""
    place = places.var() / "peers"
    python = place / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        wanted = ["--require-hashes", "--quiet", "-r", PEERS / "requirements.txt"]
        subprocess.run([python, "-m", "pip", "install", *wanted], check=True)
    return python


def of_full(paces: dict[str, list[float]]) -> list[Figure]:
    huge, small = runs[HUGE], runs[WORLD]
    each = {size: [1e9 * run["seconds"] / run["inmails"] for run in runs[size]] for size in (HUGE, WORLD)}
    name = f"full behaviour, {HUGE // 1_000_000} M members, {DAYS} days"
    facts = {"inmails": huge[0]["inmails"], "threads": THREADS}
    return [
        Figure(name, "s", HUGE, [run["seconds"] for run in huge], facts=facts),
        Figure(f"{name}, peak memory", "MiB", HUGE, [run["memory"] for run in huge]),
        Figure(f"{name}, an InMail", "ns", huge[0]["inmails"], each[HUGE],
               f"an InMail among {WORLD // 1_000_000} M", ratio(each[HUGE], each[WORLD])),
        Figure(f"an InMail among {WORLD // 1_000_000} M", "ns", small[0]["inmails"], each[WORLD]),
        *[Figure(f"full behaviour against {name} (simplified)", "1/s", HUGE, paces["full"], name,
                 ratio(paces["full"], paces[name])) for name in SIZES],
    ]  # fmt: skip


def of_simplified(paces: dict[str, list[float]]) -> list[Figure]:
    sends = [pace * given.SEND for pace in paces["ours"]]
    own = [
        Figure(f"simplified policy, ours, against {name}", "1/s", OURS, paces["ours"], name,
               ratio(paces["ours"], paces[name]))
        for name in SIZES
    ]  # fmt: skip
    theirs = [Figure(f"simplified policy, {name}", "1/s", size[1], paces[name]) for name, size in SIZES.items()]
    return [
        *own, *theirs,
        Figure("simplified policy, ours, InMails", "1/s", OURS, sends, "random members touched",
               ratio(sends, paces["touches"])),
        Figure("random members touched", "1/s", OURS, paces["touches"]),
    ]  # fmt: skip


if __name__ == "__main__":
    main()

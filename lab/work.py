"""The worker's part: market after market of a part, a checkpoint after each, and an eye on whether it is still wanted.

Law: a market is lived outside of every transaction and in a thread of its own, while this one asks the database twice
a second; what is not kept yet is at most a second's worth and the market in hand.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import numpy as np
from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models.functions import Now

from clock import conflicts
from lab import checkpoint, layout, queue, runs, scenario, settling, shards
from lab.models import Pace, Run, Shard
from lab.shards import Totals
from lab.version import version
from simulation.market import MARKET

log = logging.getLogger(__name__)
SLICE = 5.0  # seconds after which a part is handed back, so that all runs come forward
LOOK = 0.5  # seconds between two looks at whether the run is still wanted
KEEP = 1.0  # seconds between two checkpoints
SAMPLE = "return_on_silence"
LATELY = timedelta(hours=1)  # how long a measured pace is taken to hold
_measured = False


def work() -> None:
    """Look after what is due, then live parts for a while; nothing is compiled before somebody wants a run."""
    tidy()
    if not queue.is_waiting():
        return
    measure()
    until = time.monotonic() + SLICE
    while time.monotonic() < until and (shard := queue.claim()):
        live(shard, until)
        settling.settle(shard.run_id)


def tidy() -> None:
    """End what has failed, begin anew what another version has left, sum up what is complete."""
    for pk in queue.tidy():
        with transaction.atomic():
            left = Run.objects.unfinished().select_for_update().filter(pk=pk).exclude(version=version()).first()
            if left:
                runs.begin_anew(left)
    for pk in settling.due():
        settling.settle(pk)


def live(shard: Shard, until: float) -> None:
    """Bring the part forward until the instant `until` (monotonic) at least, to its end if that comes first."""
    try:
        if _live(shard, until):
            queue.let_go(shard)
    except shards.Cancelled:
        pass
    except Exception as error:
        if conflicts.is_transient(error):  # the database, not the work: this was no attempt
            connection.close()
            _quietly(lambda: queue.let_go(shard))
            raise
        log.exception("part %s of run %s failed", shard.part, shard.run_id)
        queue.failed(shard, error)


def _live(shard: Shard, until: float) -> bool:
    """Whether the part was left before its end and is still ours."""
    wanted = runs.scenario_of(shard.run)
    sums = checkpoint.unpack(shard.sums) if shard.sums is not None else None
    kept = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        for market in range(shard.at, shard.end):
            stop = np.zeros(1, dtype=np.int64)
            told = pool.submit(shards.live, wanted, shard.replication, market, stop)
            try:
                sums = checkpoint.together(sums, attended(told, stop, shard))
            finally:
                stop[0] = 1  # whatever went wrong here, nobody waits for the rest of the market
            now = time.monotonic()
            last, over = market + 1 == shard.end, now >= until
            if last or over or now - kept >= KEEP:
                if not queue.keep(shard, at=market + 1, sums=checkpoint.pack(sums)):
                    raise shards.Cancelled
                kept = now
            if over and not last:
                return True
    return False


def attended(told, stop: np.ndarray, shard: Shard) -> list[Totals]:
    """What comes of the market; stopped, and `Cancelled` raised, when the part is not ours or wanted any more."""
    renewed = time.monotonic()
    while True:
        try:
            return told.result(timeout=LOOK)
        except TimeoutError:
            if not _quietly(lambda: queue.is_held(shard)):
                stop[0] = 1
            elif time.monotonic() - renewed > settings.LAB_LEASE / 3:
                _quietly(lambda: queue.renew(shard))
                renewed = time.monotonic()


def _quietly(ask: Callable[[], bool | None]):
    """The database's answer; one that is away for a moment ends no market: what is written asks again."""
    try:
        return ask()
    except Error as error:
        if not conflicts.is_transient(error):
            raise
        return True


def measure() -> None:
    """Once in a process, before it takes up anything: compile, and note how quick it is, if none did so lately."""
    global _measured
    if _measured:
        return
    _measured = True
    usual = scenario.load(scenario.ready()[SAMPLE])
    shards.live(replace(usual, members=1_000, days=1), 0, 0)
    if Pace.objects.filter(version=version(), measured_at__gt=Now() - LATELY).exists():
        return
    few, much = (_timed(replace(usual, members=MARKET, days=days)) for days in (1, 120))
    inmail = max(0.0, (much[0] - few[0]) / (much[1] - few[1]))
    member = max(0.0, few[0] - inmail * few[1]) / (MARKET * len(usual.arms))
    Pace.objects.update_or_create(
        version=version(), defaults={"member_seconds": member, "inmail_seconds": inmail, "measured_at": Now()}
    )


def _timed(of: scenario.Scenario) -> tuple[float, int]:
    """Seconds, the least of three times, and the InMails that all arms sent meanwhile."""
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        told = shards.live(of, 0, 0)
        took.append(time.perf_counter() - begun)
    return min(took), sum(int(totals.cells[:, layout.SENT].sum()) for totals in told)

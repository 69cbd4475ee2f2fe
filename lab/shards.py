"""A run in parts: whole markets of one replication, each arm on the same people with the same luck.

Law: a part depends on the scenario and its place alone; sums of whole numbers do not care in which order they are
taken, so any number of parts, threads and machines gives the same report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from io import BytesIO
from itertools import pairwise

import numpy as np

from lab import engine, layout, rules, world
from lab.scenario import Arm, Scenario
from simulation.draws import hash64
from simulation.market import MARKET

LUCK, PEOPLE = 1, 2  # what a replication's seeds are for
MOST_RECEIVED = 1024  # InMails received by one member are counted up to here
RING = 1 << 20  # a walk that is longer than this may come round


class Cancelled(Exception):
    """The run was given up from outside."""


@dataclass
class Totals:
    """What one arm comes to, summed over markets; whole numbers throughout."""

    cells: np.ndarray
    ledger: np.ndarray
    daily: np.ndarray
    countries: np.ndarray
    under_rule: np.ndarray
    scores: np.ndarray  # (strategies, tenths of a star, and one for none yet) senders at the end
    received: np.ndarray  # (MOST_RECEIVED + 1,) members by InMails received in the whole run
    senders: np.ndarray  # (plans, strategies)
    members: np.ndarray  # (1,)

    def __add__(self, other: Totals) -> Totals:
        return Totals(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Totals)))

    def __eq__(self, other) -> bool:
        return all(np.array_equal(getattr(self, f.name), getattr(other, f.name)) for f in fields(Totals))

    def as_bytes(self) -> bytes:
        kept = BytesIO()
        np.savez_compressed(kept, **{f.name: getattr(self, f.name) for f in fields(Totals)})
        return kept.getvalue()

    @classmethod
    def from_bytes(cls, kept: bytes) -> Totals:
        with np.load(BytesIO(kept)) as arrays:
            return cls(**{f.name: arrays[f.name] for f in fields(Totals)})


def markets(scenario: Scenario) -> int:
    """How many markets there are; the last may be smaller."""
    return -(-scenario.members // MARKET)


def seeds(scenario: Scenario, replication: int) -> tuple[int, int]:
    """Of the people, and of their luck."""
    return tuple(hash64(scenario.seed, replication, what) >> 1 for what in (PEOPLE, LUCK))


def live(scenario: Scenario, replication: int, market: int, stop: np.ndarray | None = None) -> list[Totals]:
    """One market through all days, once for each arm. Raises Cancelled when `stop[0]` was set meanwhile."""
    people_seed, luck = seeds(scenario, replication)
    stop = np.zeros(1, dtype=np.int64) if stop is None else stop
    everybody = world.market(scenario.population, people_seed, market, scenario.members)
    who = world.who_sends(scenario.habits, everybody)
    who = who._replace(monthly=who.monthly * scenario.load, country=world.country_of(everybody, who, scenario.members))
    told = []
    for arm in scenario.arms:
        told.append(_arm(scenario, arm, everybody, who, luck, stop))
        if stop[0]:
            raise Cancelled
    return told


def _arm(scenario: Scenario, arm: Arm, everybody: layout.World, who: layout.Senders, luck: int, stop) -> Totals:
    people = everybody
    if not arm.free_open_profiles:
        people = everybody._replace(words=everybody.words & np.uint32(~layout.FREE_BIT & 0xFFFFFFFF))
    book, (span, how, tables) = _books(scenario)[arm.name], _circumstances(scenario)
    longest = float(who.monthly.max(initial=0.0)) * scenario.days * scenario.habits.candidates / 15
    comes_round = longest > len(people.words)
    state, result = engine.begin(
        people, who, how, book, span, luck, keeps_pairs=comes_round, traces=False, countries=len(world.COUNTRIES)
    )
    engine.live(people, who, how, tables, book, span, luck, state, result, 0, scenario.days + 1, stop)
    return _totals(who, engine.finish(who, state, result))


def _kept(make: Callable) -> Callable:
    """What is made of a scenario, kept for its next market."""
    made: dict[str, object] = {}

    def find(scenario: Scenario):
        found = made.get(scenario.fingerprint)
        if found is None:
            found = make(scenario)
            made.clear()
            made[scenario.fingerprint] = found
        return found

    return find


@_kept
def _books(scenario: Scenario) -> dict[str, rules.Rules]:
    start, days = datetime.combine(scenario.start, time(), UTC), scenario.days
    return {
        arm.name: rules.tabulate(arm.policy, start=start, days=days, quality=arm.quality, categories=arm.categories)
        for arm in scenario.arms
    }


@_kept
def _circumstances(scenario: Scenario) -> tuple:
    first_day = (scenario.start - date(1970, 1, 1)).days
    return world.span(first_day, scenario.days), world.numbers(scenario.habits), scenario.behaviour.tables


def _totals(who: layout.Senders, result: layout.Result) -> Totals:
    scores = np.zeros((layout.STRATEGIES, layout.SCORES), dtype=np.int64)
    np.add.at(scores, (who.strategy, np.where(result.stars < 0, layout.SCORES - 1, result.stars)), 1)
    counted = np.zeros((layout.PLANS, layout.STRATEGIES), dtype=np.int64)
    np.add.at(counted, (who.plan, who.strategy), 1)
    return Totals(
        cells=result.cells,
        ledger=result.ledger,
        daily=result.daily,
        countries=result.countries,
        under_rule=result.under_rule,
        scores=scores,
        received=np.bincount(np.minimum(result.received, MOST_RECEIVED), minlength=MOST_RECEIVED + 1),
        senders=counted,
        members=np.array([len(result.received)]),
    )


def parts(scenario: Scenario, number: int) -> list[range]:
    """The markets in `number` parts of about the same size, in order; fewer where there are fewer markets."""
    count = markets(scenario)
    edges = [count * part // number for part in range(number + 1)]
    return [range(low, high) for low, high in pairwise(edges) if low < high]


def replication(
    scenario: Scenario,
    number: int,
    *,
    workers: int = 2,
    places: range | None = None,
    tell: Callable[[int], None] = lambda done: None,
    stop: np.ndarray | None = None,
) -> list[Totals]:
    """All markets (or those of `places`) of one replication, on so many threads; `tell` hears how many are done."""
    places = places if places is not None else range(markets(scenario))
    sums: list[Totals] | None = None
    with ThreadPoolExecutor(workers) as pool:
        done = 0
        for told in _as_they_come(pool, scenario, number, places, stop, workers):
            sums = told if sums is None else [a + b for a, b in zip(sums, told, strict=True)]
            done += 1
            tell(done)
    return sums or []


def _as_they_come(pool, scenario, number, places, stop, workers) -> Iterator[list[Totals]]:
    """No more markets under way than there are threads and one, so that memory is bounded."""
    waiting = []
    for place in places:
        waiting.append(pool.submit(live, scenario, number, place, stop))
        if len(waiting) > workers:
            yield waiting.pop(0).result()
    for each in waiting:
        yield each.result()

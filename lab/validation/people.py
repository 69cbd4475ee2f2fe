"""Who there is and who writes how much: shares of members, of senders, of pairs, and the counts of connections.

Law: members are the lab's own (`lab.world`) where it draws them, else the platform's generated population.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
from scipy import sparse

from inmail.policy import PLAN_NAMES
from lab import layout, shards, world
from lab.scenario import Scenario
from lab.validation.facts import (
    COUNT,
    DERIVED,
    FREE,
    PERCENT,
    PUBLISHED,
    SURE,
    Estimate,
    Row,
    mean,
    median,
    share,
)  # fmt: skip
from simulation import behaviour, senders
from simulation.behaviour import OUT_OF_NETWORK, SECOND_DEGREE, THIRD_DEGREE
from simulation.population import INDUSTRIES, JUNE_2014, graph, people
from simulation.population.people import PUBLISHED as MILLIONS

MEMBERS, WRITING, NETWORK, WHERE = "Members", "Senders", "The network", "Countries and industries"
HALF_POINT = 0.005
MONTH = 30  # days
WANTED = 1_000_000  # members whose wished-for connections are counted
SOURCES = 200  # members from whom degrees are looked up
DEGREES = ((2, "2nd degree", 5, 20), (3, "3rd degree", 30, 55), (4, "out of network", 25, 60))


def rows(scenario: Scenario, degrees: np.ndarray, *, drawn: int, built: int, dense: int) -> Iterator[Row]:
    """Shares of the first market, and of `drawn` senders and generated members; pairs of networks.

    Networks are built of up to `built` members, and of `dense` members as dense as the real one; `degrees` are those
    of a run's InMails.
    """
    seed, luck = shards.seeds(scenario, 0)
    yield from members(scenario, seed)
    yield from writing(scenario, seed, luck, drawn)
    yield from connections(seed, dense)
    yield from built_networks(seed, built)
    yield from drawn_pairs(degrees)
    yield from where(_generated(drawn, seed))


def _generated(many: int, seed: int) -> people.People:
    return people.generate_people(many, seed, 1, 0.003, JUNE_2014, frozenset())


def members(scenario: Scenario, seed: int) -> Iterator[Row]:
    p = scenario.population
    there = world.market(p, seed, 0, scenario.members)
    words = there.words.astype(np.int64)
    plan = words >> layout.PLAN_SHIFT & 7
    numbers, month = there.first + np.arange(len(words)), scenario.start.year * 12 + scenario.start.month - 1
    active = behaviour.are_active(scenario.behaviour, seed, numbers, month)
    for fact, published, source, hits, half in (
        ("Active in a month", 0.5, SURE, active, 0.05),
        ("Premium", 0.003, DERIVED, plan > 0, 0.0005),
        ("Declare interests", 0.60, FREE, words & layout.INTERESTS > 0, HALF_POINT),
        ("InMail switched off", 0.08, FREE, words & layout.OFF_BIT > 0, HALF_POINT),
        ("Open to work", 0.10, FREE, words & layout.WORK_BIT > 0, HALF_POINT),
    ):
        yield of_members(fact, published, half, source, share(int(hits.sum()), len(hits)))
    premium = int((plan > 0).sum())
    for place, published in enumerate((0.45, 0.25, 0.15, 0.10, 0.03, 0.02), start=1):
        fact = f"Plan of premium members: {PLAN_NAMES[place].replace('_', ' ').capitalize()}"
        yield of_members(fact, published, HALF_POINT, FREE, share(int((plan == place).sum()), premium))


def of_members(fact: str, published: float, half: float, source: str, found: Estimate) -> Row:
    said = "half" if published == 0.5 else f"{100 * published:g} %"
    return Row(MEMBERS, fact, said, published - half, published + half, source, True, found, PERCENT)


def writing(scenario: Scenario, seed: int, luck: int, many: int) -> Iterator[Row]:
    """What senders intend in the first thirty days; what they may then send depends on the policy."""
    numbers, first_day = np.arange(1, many + 1), (scenario.start - date(1970, 1, 1)).days
    monthly = senders.characters(scenario.habits, seed, numbers).monthly
    days = range(first_day, first_day + MONTH)
    intended = sum(senders.amounts(scenario.habits, monthly, luck, numbers, day) for day in days)
    few, hundreds = share(int((intended <= 4).sum()), many), share(int((intended >= 200).sum()), many)
    yield Row(WRITING, "Intend four InMails a month or fewer", "half", 0.45, 0.55, SURE, True, few, PERCENT)
    yield Row(WRITING, "Intend hundreds a month (200 or more)", "2 %", 0.015, 0.025, SURE, True, hundreds, PERCENT)


def connections(seed: int, dense: int) -> Iterator[Row]:
    """Of the world that the figures were published of; the network itself is only built for small worlds."""
    wanted = graph.degrees(WANTED, seed, 88.0)
    note = "open networkers come on top of the lognormal"
    yield Row(NETWORK, "Connections wanted: median", "88", 87.5, 88.5, DERIVED, True, median(wanted), COUNT)
    yield Row(NETWORK, "Connections wanted: mean", "177", 176.5, 177.5, DERIVED, True, mean(wanted), COUNT, note=note)
    some = _generated(dense, seed)
    ends = graph.connect(some.country, some.industry, seed, 88.0).ravel()
    found, note = (
        np.bincount(ends, minlength=dense),
        f"as dense a network built of {dense:,}; triangles closed add some",
    )
    yield Row(NETWORK, "Connections made: median", "88", 87.5, 88.5, DERIVED, False, median(found), COUNT, note=note)
    yield Row(NETWORK, "Connections made: mean", "177", 176.5, 177.5, DERIVED, False, mean(found), COUNT, note=note)


def built_networks(seed: int, largest: int) -> Iterator[Row]:
    for size in (largest // 10, largest):
        some = _generated(size, seed)
        edges = graph.connect(some.country, some.industry, seed)
        for steps, name, low, high in DEGREES:
            fact, said = f"Random pairs {name}, a network built of {size:,}", f"{low} to {high} %"
            found = pairs_at(edges, size, steps)
            yield Row(NETWORK, fact, said, low / 100, high / 100, FREE, True, found, PERCENT)


def drawn_pairs(degrees: np.ndarray) -> Iterator[Row]:
    """Where no network is built, as in the lab, degrees are drawn; published is that of a developers' network."""
    for code, name, published in ((SECOND_DEGREE, "2nd degree", 11), (THIRD_DEGREE, "3rd degree", 51),
                                  (OUT_OF_NETWORK, "out of network", 37)):  # fmt: skip
        found, bounds = (
            share(int((degrees == code).sum()), len(degrees)),
            (published / 100 - 0.005, published / 100 + 0.005),
        )
        yield Row(NETWORK, f"InMails {name}, drawn", f"{published} %", *bounds, PUBLISHED, False, found, PERCENT)


def pairs_at(edges: np.ndarray, size: int, steps: int) -> Estimate:
    """The share of pairs so many steps apart (4: more than three), its interval over the members looked from."""
    one_way = sparse.csr_matrix((np.ones(len(edges)), edges.T), shape=(size, size))
    start = np.linspace(0, size - 1, SOURCES).astype(int)
    far = sparse.csgraph.dijkstra(one_way + one_way.T, indices=start, unweighted=True, limit=3)
    there = far == steps if steps < 4 else np.isinf(far)
    return mean(there.sum(axis=1) / (size - 1))._replace(n=SOURCES * (size - 1))


def where(everybody: people.People) -> Iterator[Row]:
    country, total = everybody.country, len(everybody.country)
    found = share(int((country == 0).sum()), total)
    yield Row(WHERE, "In the United States", "one third", 0.32, 0.35, SURE, True, found, PERCENT)
    first, among = people.countries(), int((country < len(MILLIONS)).sum())
    for place, millions in enumerate(MILLIONS):
        part, half = millions / sum(MILLIONS), 0.05 / sum(MILLIONS)
        found = share(int((country == place).sum()), among)
        said, fact = f"{100 * part:.1f} %", f"Of members of these ten countries: {first[place].code}"
        yield Row(WHERE, fact, said, part - half, part + half, PUBLISHED, True, found, PERCENT)
    for name, published in (("Information Technology", 0.16), ("Finance", 0.12), ("Manufacturing", 0.10)):
        found = share(int((everybody.industry == INDUSTRIES.index(name)).sum()), total)
        bounds = (published - HALF_POINT, published + HALF_POINT)
        yield Row(WHERE, name, f"{published:.0%}".replace("%", " %"), *bounds, PUBLISHED, True, found, PERCENT)
    found = share(int((~everybody.woman).sum()), total)
    yield Row(WHERE, "Men", "61 to 63 %", 0.605, 0.635, PUBLISHED, True, found, PERCENT)

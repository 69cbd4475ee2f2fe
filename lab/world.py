"""The lab's people: drawn by hash, market by market, as many as there are asked for (DOMAIN 10).

Law: a member is a pure function of (world seed, number). Shares are kept to 1/65,536.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

import numba
import numpy as np

from lab import layout, luck, rules
from simulation import draws, senders
from simulation.market import MARKET
from simulation.population.people import PLAN_MIX, POPULARITY, countries, country_weights

PARTS = 1 << 16
COUNTRIES = tuple(country.code for country in countries())
EDGES = np.cumsum(country_weights() / country_weights().sum())
MEMBER = draws.Trait.MEMBER


@dataclass(frozen=True)
class Population:
    """Who the members are: shares of members, but `open_profile` of premium ones and `plans` of premium ones."""

    premium: float = 0.003
    plans: tuple[float, ...] = tuple(share / 100 for share in PLAN_MIX)  # Career … Recruiter
    declares: float = 0.60
    declared: tuple[float, ...] = (0.40, 0.30, 0.20, 0.10)  # one to four categories
    popularity: tuple[float, ...] = tuple(share / 100 for share in POPULARITY)
    off: float = 0.08
    no_free: float = 0.12
    open_profile: float = 0.20
    open_to_work: float = 0.10
    active: float = 0.50
    degrees: tuple[float, ...] = (0.40, 0.0005, 0.10)  # out of network, 1st, 2nd; the rest is 3rd
    shared_group: float = 0.05
    former_colleagues: float = 0.02
    lowest_score: float = 3.0

    @cached_property
    def tables(self) -> np.ndarray:
        """Sets of declared categories by luck, of those not open to work and of those who are."""
        return np.stack([_interests(self, False), _interests(self, True)])


def _interests(p: Population, first_is_certain: bool) -> np.ndarray:
    """For each of 65,536 equal parts of luck, a set of declared categories as bits.

    Categories are declared one after the other, each by its weight among those left; who is open to work begins
    with career opportunities.
    """
    weights, shares = p.popularity, np.zeros(256)
    for many, share in enumerate(p.declared, start=1):
        for chosen in permutations(range(len(weights)), many):
            chance, left = 1.0, sum(weights)
            for place, category in enumerate(chosen):
                if not (place == 0 and first_is_certain):
                    chance *= weights[category] / left
                elif category != 0:
                    chance = 0.0
                left -= weights[category]
            shares[sum(1 << category for category in chosen)] += p.declares * share * chance
    shares[0] = 1 - p.declares
    edges = np.round(np.cumsum(shares) * PARTS).astype(np.int64)
    return np.searchsorted(edges, np.arange(PARTS), side="right").clip(0, 255).astype(np.uint8)


@numba.njit(nogil=True, cache=True, _nrt=False)
def draw(first, words, seed, interests, shares, plans, threshold):
    """Each member of a market as the engine's word. `shares` in 65,536ths: premium, off, no free, open to work."""
    begun = luck.begun(seed)
    premium, off, no_free, work, profile = shares
    low = np.uint64(PARTS - 1)
    for place in range(len(words)):
        h = luck.hashed(luck.hashed(begun, first + place), MEMBER)
        open_to_work = np.int64(h >> np.uint64(16) & low) < work
        reception = np.int64(h >> np.uint64(32) & low)
        word = np.int64(interests[np.int64(open_to_work), np.int64(h & low)])
        word |= threshold << layout.THRESHOLD_SHIFT
        if open_to_work:
            word |= layout.WORK_BIT
        if reception < off:
            word |= layout.OFF_BIT
        if np.int64(h >> np.uint64(48)) < premium:
            more = luck.hashed(h, 1)
            plan = 1 + luck.picked(plans, luck.unit(more))
            more = luck.hashed(h, 2)
            word |= plan << layout.PLAN_SHIFT | (1 + np.int64(luck.unit(more) * 28)) << layout.BILLING_SHIFT
            if np.int64(luck.hashed(h, 3) & low) < profile and reception >= off + no_free:
                word |= layout.FREE_BIT
        words[place] = word


def market(p: Population, seed: int, place: int, members: int) -> layout.World:
    """The people of the market at `place` (0, 1 …) of a world of `members` numbered from 1."""
    first = 1 + place * MARKET
    size = min(MARKET, members - place * MARKET)
    shares = tuple(round(share * PARTS) for share in (p.premium, p.off, p.no_free, p.open_to_work, p.open_profile))
    words = np.empty(size, np.uint32)
    draw(first, words, seed, p.tables, shares, np.cumsum(p.plans), round(p.lowest_score * 10))
    return layout.World(
        first=first,
        words=words,
        pairs=np.zeros((0, 0), dtype=np.uint8),
        seed=seed,
        degrees=np.append(np.cumsum(p.degrees), 1.0),
        groups=p.shared_group,
        former=p.former_colleagues,
        active=p.active,
    )


def who_sends(habits: senders.Habits, world: layout.World) -> layout.Senders:
    """The premium members of a market and what they are like."""
    place = np.flatnonzero(world.words & np.uint32(7 << layout.PLAN_SHIFT))
    words = world.words[place].astype(np.int64)
    plan, billing = words >> layout.PLAN_SHIFT & 7, words >> layout.BILLING_SHIFT & 31
    character = senders.characters(habits, world.seed, world.first + place)
    return layout.Senders(
        place, plan, billing, character.strategy.astype(np.int64), character.category.astype(np.int64),
        character.monthly, np.zeros(len(place), dtype=np.int64),
    )  # fmt: skip


def country_of(world: layout.World, who: layout.Senders, members: int) -> np.ndarray:
    """Members are numbered by country, the largest first; the number of each sender's country among COUNTRIES."""
    return np.searchsorted(EDGES * members, world.first - 1 + who.place, side="right").clip(0, len(COUNTRIES) - 1)


def numbers(habits: senders.Habits) -> layout.Habits:
    return layout.Habits(
        weekdays=np.array([share * 7 * 12 / 365.25 for share in habits.weekdays]),
        bulk_lengths=np.cumsum(habits.bulk_lengths),
        other_lengths=np.cumsum(habits.other_lengths),
        length_edges=np.array(senders.LENGTH_EDGES),
        candidates=habits.candidates,
        learns_below=habits.learns_below,
    )


def span(first_day: int, days: int) -> layout.Span:
    dates = [rules.midnight(first_day + day) for day in range(days)]
    return layout.Span(
        first_day,
        days,
        np.array([date.weekday() for date in dates]),
        np.array([date.year * 12 + date.month - 1 for date in dates]),
    )

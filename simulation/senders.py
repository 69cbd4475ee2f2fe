"""What simulated senders intend: how many InMails on a day, to whom, about what, how long, at which second (DOMAIN 9).

Law: intents are a pure function of (world seed, timeline seed, sender, day), of the interests declared and, for a
learner, of its score at 00:00. Neither balance nor refusals change them, so two policies face the same intents.

State: one whole number per sender and timeline, its *position*: how many candidates of its market it has examined.
`plan_day` takes positions and gives back the new ones, to be kept whatever becomes of the intents. Those of bulk
senders and opportunists are the number of intents so far; those of targeted senders depend on the interests they met.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from simulation.draws import Trait, hash01_array, trait01_array
from simulation.market import candidates

TARGETED, BULK, OPPORTUNIST, LEARNER = 0, 1, 2, 3
STRATEGIES = ("targeted", "bulk", "opportunist", "learner")

SENDING = 1 << 40  # the second value of a sender's draws, where a pair's draws have a member number
AMOUNT, LENGTH, LENGTH_WITHIN, SECOND, DECLARED = 1, 2, 3, 4, 5
VOLUMES = 4096
OPENS_AT, SECONDS = 8 * 3600, 10 * 3600  # 08:00 to 18:00
LENGTH_EDGES = (60, 401, 801, 1201, 1901)  # of the classes, in characters; the last lies beyond


@dataclass(frozen=True)
class Habits:
    """Parameters of senders; all free choice [F] but the tail of volumes [S]."""

    mix: tuple[float, ...] = (0.35, 0.40, 0.10, 0.15)  # in the order of STRATEGIES
    # Share of senders, and the InMails a month that so many stay under: half intend four or fewer, 2 % hundreds.
    volumes: tuple[tuple[float, float], ...] = ((0.0, 1.0), (0.5, 4.0), (0.98, 200.0), (1.0, 2000.0))
    weekdays: tuple[float, ...] = (0.19, 0.21, 0.20, 0.18, 0.14, 0.04, 0.04)  # Monday first
    categories: tuple[float, ...] = (0.30, 0.16, 0.07, 0.08, 0.12, 0.19, 0.03, 0.05)  # in the order of CATEGORIES
    bulk_lengths: tuple[float, ...] = (0.05, 0.38, 0.37, 0.20)
    other_lengths: tuple[float, ...] = (0.15, 0.50, 0.25, 0.10)
    candidates: int = 16  # that a targeted sender looks at for one InMail
    learns_below: float = 3.5  # stars: a learner with a lower score writes as targeted

    def __post_init__(self) -> None:
        for name, size in (("mix", 4), ("weekdays", 7), ("categories", 8), ("bulk_lengths", 4), ("other_lengths", 4)):
            shares = getattr(self, name)
            if len(shares) != size or not all(0 <= s <= 1 for s in shares) or abs(sum(shares) - 1) > 1e-9:
                raise ValueError(f"{name} must be {size} shares between 0 and 1 that sum to 1, not {shares!r}.")
        if isinstance(self.candidates, bool) or not 1 <= self.candidates <= 1024:
            raise ValueError(f"candidates must lie between 1 and 1024, not {self.candidates!r}.")
        if not 0 <= self.learns_below <= 5:
            raise ValueError(f"learns_below must be a score between 0 and 5 stars, not {self.learns_below!r}.")
        shares, volumes = zip(*self.volumes, strict=True)
        if shares[0] != 0 or shares[-1] != 1 or list(shares) != sorted(shares) or not all(0 < v < 1e6 for v in volumes):
            raise ValueError("volumes must lead from share 0 to share 1 in rising order, with InMails a month above 0.")

    @cached_property
    def monthly(self) -> np.ndarray:
        """InMails a month of a sender whose trait falls into each of 4,096 equal parts; log-linear between points."""
        shares, volumes = zip(*self.volumes, strict=True)
        logs = [math.log(volume) for volume in volumes]
        return np.array([math.exp(_between((k + 0.5) / VOLUMES, shares, logs)) for k in range(VOLUMES)])


def _between(x: float, xs: tuple[float, ...], ys: list[float]) -> float:
    after = next(i for i, each in enumerate(xs) if each >= x)
    return ys[after - 1] + (ys[after] - ys[after - 1]) * (x - xs[after - 1]) / (xs[after] - xs[after - 1])


class Character(NamedTuple):
    """What each sender is like, for good: columns in the order of the senders asked for."""

    strategy: np.ndarray  # index of STRATEGIES
    category: np.ndarray  # index of CATEGORIES: what its InMails are about
    monthly: np.ndarray  # InMails it intends in a month of 30.4 days


def characters(habits: Habits, world_seed: int, senders: np.ndarray) -> Character:
    volume = trait01_array(world_seed, senders, Trait.VOLUME)
    return Character(
        strategy=_pick(habits.mix, trait01_array(world_seed, senders, Trait.STRATEGY)),
        category=_pick(habits.categories, trait01_array(world_seed, senders, Trait.CATEGORY)),
        monthly=habits.monthly[(volume * VOLUMES).astype(np.intp)],
    )


def amounts(habits: Habits, monthly: np.ndarray, seed: int, senders: np.ndarray, day: int) -> np.ndarray:
    """How many InMails each intends on `day` (days since 1970-01-01): expected amount, rounded by luck."""
    expected = monthly * (habits.weekdays[weekday(day)] * 7 * 12 / 365.25)
    return (expected + hash01_array(seed, SENDING, senders, day, 0, AMOUNT)).astype(np.int64)


def weekday(day: int) -> int:
    """Monday 0, of a day since 1970-01-01, which was a Thursday."""
    return (day + 3) % 7


class Plan(NamedTuple):
    """The intents of a day, in order of (second, sender): columns of equal length, and the positions to keep."""

    row: np.ndarray  # position of the sender among those asked for
    sender: np.ndarray  # member number
    recipient: np.ndarray  # member number; may be the sender itself or a contact: such intents are refused and dropped
    second: np.ndarray  # of the day, 28,800 … 64,799; rising and distinct for each sender
    category: np.ndarray  # index of CATEGORIES: what the text is about
    declared: np.ndarray  # index of CATEGORIES: what the sender says it is about
    length: np.ndarray  # characters of the body
    bulk: np.ndarray  # bool: written in bulk
    opportunist: np.ndarray  # bool: declared falsely, only to match
    positions: np.ndarray  # one per sender asked for: candidates examined so far, to be kept


def plan_day(
    habits: Habits,
    world_seed: int,
    seed: int,
    day: int,
    senders: np.ndarray,
    scores: np.ndarray,
    positions: np.ndarray,
    interests: np.ndarray,
    first_number: int,
) -> Plan:
    """What `senders` (member numbers) intend on `day` (days since 1970-01-01).

    `scores` are stars at 00:00, NaN for none yet; `interests[number - first_number]` is the bit mask of a member's
    declared categories, 0 for none, and covers the whole world that is written to.
    """
    senders = np.atleast_1d(senders).astype(np.int64)
    character = characters(habits, world_seed, senders)
    count = amounts(habits, character.monthly, seed, senders, day)
    learns = (character.strategy == LEARNER) & (scores < habits.learns_below)
    targets = (character.strategy == TARGETED) | learns
    in_bulk = (character.strategy == BULK) | ((character.strategy == LEARNER) & ~learns)

    row = np.repeat(np.arange(len(senders)), count)
    turn = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    world = (first_number, len(interests))
    recipient, positions = _recipients(
        habits, seed, world, senders, character, targets, count, row, turn, np.asarray(positions), interests
    )
    sender, category = senders[row], character.category[row]
    luck = {
        what: hash01_array(seed, SENDING, sender, day, turn, what) for what in (LENGTH, LENGTH_WITHIN, SECOND, DECLARED)
    }
    welcome = interests[np.where(recipient >= 0, recipient - first_number, 0)]
    declared = np.where(character.strategy[row] == OPPORTUNIST, _declared(category, welcome, luck[DECLARED]), category)
    plan = Plan(
        row=row,
        sender=sender,
        recipient=recipient,
        second=_seconds(turn, count[row], luck[SECOND]),
        category=category,
        declared=declared,
        length=_lengths(habits, in_bulk[row], luck[LENGTH], luck[LENGTH_WITHIN]),
        bulk=in_bulk[row],
        opportunist=declared != category,
        positions=positions,
    )
    found = np.flatnonzero(recipient >= 0)
    order = found[np.lexsort((sender[found], plan.second[found]))]
    return Plan(*(column[order] for column in plan[:-1]), positions)


def _recipients(habits, seed, world, senders, character, targets, count, row, turn, positions, interests):
    """Whom each intent is meant for (-1 for nobody), and the positions after it."""
    recipient = np.full(len(row), -1, dtype=np.int64)
    plain = ~targets[row]
    recipient[plain] = candidates(seed, world, senders[row[plain]], positions[row[plain]] + turn[plain])
    after = np.where(targets, positions, positions + count)
    first = np.cumsum(count) - count
    ahead = np.arange(habits.candidates)
    busy = np.flatnonzero(targets & (count > 0))
    step = 0
    while len(busy):  # the n-th intent of all targeted senders at once
        near = candidates(seed, world, senders[busy, None], after[busy, None] + ahead)
        wanted = (interests[near - world[0]] >> character.category[busy, None]) & 1
        wanted = (wanted == 1) & (near != senders[busy, None])
        place = wanted.argmax(axis=1)
        hit = wanted.any(axis=1)
        recipient[first[busy] + step] = np.where(hit, near[np.arange(len(busy)), place], -1)
        after[busy] += np.where(hit, place + 1, habits.candidates)
        step += 1
        busy = busy[count[busy] > step]
    return recipient, after


def _declared(category: np.ndarray, welcome: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """A category that the recipient welcomes; the true one if that is welcome, or if none is declared."""
    welcome = welcome.astype(np.int64)
    wanted = (luck * np.bitwise_count(welcome)).astype(np.int64)  # the wanted-th of the bits that are set
    bits = (welcome[:, None] >> np.arange(8)) & 1
    false = ((bits.cumsum(axis=1) == wanted[:, None] + 1) & (bits == 1)).argmax(axis=1)
    honest = (welcome == 0) | ((welcome >> category) & 1 == 1)
    return np.where(honest, category, false)


def _lengths(habits: Habits, in_bulk: np.ndarray, luck: np.ndarray, within: np.ndarray) -> np.ndarray:
    kind = np.where(in_bulk, _pick(habits.bulk_lengths, luck), _pick(habits.other_lengths, luck))
    edges = np.array(LENGTH_EDGES)
    return edges[kind] + (within * (edges[kind + 1] - edges[kind])).astype(np.int64)


def _seconds(turn: np.ndarray, count: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """One second in each of `count` parts of the working day."""
    low, high = turn * SECONDS // count, (turn + 1) * SECONDS // count
    return OPENS_AT + low + (luck * (high - low)).astype(np.int64)


def _pick(shares, luck: np.ndarray) -> np.ndarray:
    edges = np.cumsum(shares)
    return np.minimum(np.searchsorted(edges, luck, side="right"), len(edges) - 1)


DEFAULT = Habits()


def strategy(world_seed: int, number: int) -> int:
    """The strategy of one sender: TARGETED, BULK, OPPORTUNIST or LEARNER."""
    return int(characters(DEFAULT, world_seed, np.array([number])).strategy[0])


def declare_falsely(habits: Habits, world_seed: int, senders: np.ndarray, declared: np.ndarray) -> np.ndarray:
    """Whether InMails with these declared categories (indexes) are about something else: those of opportunists whose
    own category it is not. The same as `Plan.opportunist`, found again from what is kept of an InMail."""
    character = characters(habits, world_seed, senders)
    return (character.strategy == OPPORTUNIST) & (character.category != declared)

"""How simulated people behave: whether an InMail is opened, answered, reported, and when (DOMAIN 9).

Law: pure numbers in, numbers out; only + - * / and comparison, with powers and tables computed once in
`Behaviour.tables`, so that CPython, NumPy and compiled code agree to the last bit. Nothing of Django here.
"""

from typing import NamedTuple

import numpy as np

from simulation.character import LOADS, Behaviour, Tables, probability
from simulation.draws import (
    Trait,
    fold_uint64,
    hash01,
    hash64,
    hash64_array,
    trait01,
    trait01_array,
    unit_uint64,
)

# Decisions: the last value of every draw (seed, sender, recipient, n, decision).
SWITCH_OFF, OPEN, REPORT, ANSWER, KIND, DELAY = 1, 2, 3, 4, 5, 6
ACCEPT = 7  # an invitation, not an InMail: (seed, sender, recipient, earlier invitations of the pair, ACCEPT)

# Codes of what a recipient thinks of a category.
UNDECLARED, MATCH, MISMATCH = 0, 1, 2
# Codes of degree; first degree occurs only for ordinary messages, which are answered as InMails are.
OUT_OF_NETWORK, FIRST_DEGREE, SECOND_DEGREE, THIRD_DEGREE = 0, 1, 2, 3
# Codes of answers.
NONE, INTERESTED, REPLY, NOT_INTERESTED, INAPPROPRIATE, SPAM = 0, 1, 2, 3, 4, 5
ANSWERS = ("none", "interested", "reply", "not_interested", "inappropriate", "spam")
# Classes of length in characters; the mean stands for a length not known yet.
LENGTH_LIMITS = (400, 800, 1200)
MEAN_LENGTH = 4


class Inmails(NamedTuple):
    """What a reaction depends on: whole or boolean numbers, or arrays of them of the same length."""

    sender: int | np.ndarray  # member number, not row id
    recipient: int | np.ndarray
    n: int | np.ndarray  # earlier InMails of the pair on the timeline, neither undone nor refused
    match: int | np.ndarray = UNDECLARED  # the declared category against the recipient's interests at delivery
    notified: int | np.ndarray = True  # the sender's score is not below the recipient's threshold
    load: int | np.ndarray = 0  # InMails delivered to the recipient on days d-30 … d-1
    degree: int | np.ndarray = THIRD_DEGREE
    length: int | np.ndarray = 0  # characters of the body; 0 stands for the mean
    weekday: int | np.ndarray = 0  # of delivery, Monday 0
    bulk: int | np.ndarray = False
    career: int | np.ndarray = False  # the recipient is open to work and the category is career_opportunity
    shared_group: int | np.ndarray = False
    former_employer: int | np.ndarray = False
    active: int | np.ndarray = True  # the recipient is active this month
    opportunist: int | np.ndarray = False  # the declared category is not what the text is about


class Reactions(NamedTuple):
    """What comes of it: delays in whole seconds after delivery, 0 where there is no such event."""

    opens: bool | np.ndarray
    open_delay: int | np.ndarray
    answer: int | np.ndarray  # NONE … SPAM
    answer_delay: int | np.ndarray
    switches_off: bool | np.ndarray  # from the next midnight


def length_class(length: int) -> int:
    """0 up to 400 characters, 1 up to 800, 2 up to 1,200, 3 beyond; the mean (4) where there are none yet."""
    if length <= 0:
        return 4
    if length <= 400:
        return 0
    if length <= 800:
        return 1
    if length <= 1200:
        return 2
    return 3


def length_classes(length: np.ndarray) -> np.ndarray:
    return np.where(length <= 0, MEAN_LENGTH, np.searchsorted(LENGTH_LIMITS, length, side="left"))


def p_open(t: Tables, match, notified, load):
    """Chance of being opened by an active recipient. `load` at most LOADS - 1. For numbers and arrays."""
    return probability(t.open_odds * t.open_match[match] * t.open_notified[notified] * t.fatigue[load])


def p_answer(t: Tables, felt, load, degree, length, weekday, bulk, career, group, employer):
    """Chance of an answer once opened, not reported; `felt` is the match as felt on reading, `length` a class"""
    o = t.answer_odds * t.answer_match[felt] * t.answer_degree[degree] * t.fatigue[load]
    o = o * t.answer_length[length] * t.answer_day[weekday]
    o = o * t.answer_bulk[bulk] * t.answer_career[career] * t.answer_group[group] * t.answer_employer[employer]
    return probability(o)


def decide(t: Tables, u1, u2, u3, u4, u5, k, m: Inmails) -> tuple[bool, int, int, int, bool]:
    """The reaction to one InMail, given its draws (u1 … u5 of decisions 1-5, k the top 12 bits of the sixth).

    Plain branches over plain numbers: the form to compile. `react` is the same for arrays.
    """
    felt, reports = m.match, m.match
    if m.opportunist:
        felt, reports = MISMATCH, MISMATCH + 3
    load = m.load
    if load >= LOADS:
        load = LOADS - 1
    off = bool(u1 < t.switch_off[m.match])
    if not m.active or u2 >= p_open(t, m.match, int(m.notified), load):
        return False, 0, NONE, 0, off
    seconds = int(t.delay[k])
    opened, answered = max(1, seconds // 3), max(2, seconds)
    if u3 < t.spam[reports]:
        return True, opened, SPAM, answered, off
    if u3 < t.report[reports]:
        return True, opened, INAPPROPRIATE, answered, off
    chance = p_answer(
        t, felt, load, m.degree, length_class(m.length), m.weekday,
        int(m.bulk), int(m.career), int(m.shared_group), int(m.former_employer),
    )  # fmt: skip
    if u4 >= chance:
        return True, opened, NONE, 0, off
    if u5 < t.interested[felt]:
        return True, opened, INTERESTED, answered, off
    if u5 < t.replied[felt]:
        return True, opened, REPLY, answered, off
    return True, opened, NOT_INTERESTED, answered, off


def react_one(t: Tables, seed: int, m: Inmails) -> Reactions:
    """The reaction to one InMail, in Python numbers. `seed` is the timeline's."""
    pair = (seed, m.sender, m.recipient, m.n)
    u1, u2, u3, u4, u5 = (hash01(*pair, decision) for decision in (SWITCH_OFF, OPEN, REPORT, ANSWER, KIND))
    return Reactions(*decide(t, u1, u2, u3, u4, u5, hash64(*pair, DELAY) >> 52, m))


def react(t: Tables, seed: int, m: Inmails) -> Reactions:
    """The reactions to many InMails at once; to the last bit what `react_one` gives for each of them."""
    m = Inmails(*np.broadcast_arrays(*map(np.atleast_1d, m)))
    flags = [column.astype(np.intp) for column in (m.notified, m.bulk, m.career, m.shared_group, m.former_employer)]
    match, degree, weekday = (column.astype(np.intp) for column in (m.match, m.degree, m.weekday))
    notified, bulk, career, group, employer = flags
    load = np.minimum(m.load, LOADS - 1).astype(np.intp)
    deceived = m.opportunist.astype(bool)
    felt, reports = np.where(deceived, MISMATCH, match), np.where(deceived, MISMATCH + 3, match)

    pair = hash64_array(seed, m.sender, m.recipient, m.n)
    u1, u2, u3, u4, u5 = (
        unit_uint64(fold_uint64(pair, np.uint64(d))) for d in (SWITCH_OFF, OPEN, REPORT, ANSWER, KIND)
    )
    seconds = t.delay[(fold_uint64(pair, np.uint64(DELAY)) >> np.uint64(52)).astype(np.intp)]

    opens = m.active.astype(bool) & (u2 < p_open(t, match, notified, load))
    chance = p_answer(t, felt, load, degree, length_classes(m.length), weekday, bulk, career, group, employer)
    answer = np.where(u5 < t.replied[felt], REPLY, NOT_INTERESTED)
    answer = np.where(u5 < t.interested[felt], INTERESTED, answer)
    answer = np.where(u4 < chance, answer, NONE)
    answer = np.where(u3 < t.report[reports], INAPPROPRIATE, answer)
    answer = np.where(u3 < t.spam[reports], SPAM, answer)
    answer = np.where(opens, answer, NONE).astype(np.int8)
    return Reactions(
        opens=opens,
        open_delay=np.where(opens, np.maximum(1, seconds // 3), 0),
        answer=answer,
        answer_delay=np.where(answer != NONE, np.maximum(2, seconds), 0),
        switches_off=u1 < t.switch_off[match],
    )


def is_active(b: Behaviour, world_seed: int, number: int, month: int) -> bool:
    """Whether a member is active in the month of delivery (year × 12 + month - 1). Others never open."""
    return trait01(world_seed, number, Trait.ACTIVE, month) < b.active


def are_active(b: Behaviour, world_seed: int, numbers: np.ndarray, month) -> np.ndarray:
    return trait01_array(world_seed, numbers, Trait.ACTIVE, month) < b.active


def former_colleagues(b: Behaviour, world_seed: int, one: int, other: int) -> bool:
    """Whether two members had an employer in common; the same both ways."""
    low, high = (one, other) if one < other else (other, one)
    return trait01(world_seed, low, Trait.FORMER_EMPLOYER, high) < b.former_colleagues


def are_former_colleagues(b: Behaviour, world_seed: int, ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    low, high = np.minimum(ones, others), np.maximum(ones, others)
    return trait01_array(world_seed, low, Trait.FORMER_EMPLOYER, high) < b.former_colleagues


def accepts_invitation(b: Behaviour, seed: int, sender: int, recipient: int, n: int) -> tuple[bool, int]:
    """Whether a simulated member accepts an invitation, and after how many seconds; n as for InMails."""
    accepted = hash01(seed, sender, recipient, n, ACCEPT) < b.accept
    seconds = int(b.tables.delay[hash64(seed, sender, recipient, n, ACCEPT, DELAY) >> 52])
    return accepted, max(2, seconds)

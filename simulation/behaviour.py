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


def leaves(t: Tables, u1, match) -> bool:
    """Whether an InMail received makes its recipient switch InMail off; `u1` is the draw of decision 1."""
    return u1 < t.switch_off[match]


def opens(t: Tables, u2, active, match, notified, load) -> bool:
    """Whether an InMail is opened; `u2` is the draw of decision 2. Members who are not active this month never do."""
    return active and u2 < p_open(t, match, notified, min(load, LOADS - 1))


def delays(t: Tables, k) -> tuple[int, int]:
    """Seconds from delivery to opening and to answering, if there is an answer; `k` the top 12 bits of decision 6."""
    seconds = int(t.delay[k])
    return max(1, seconds // 3), max(2, seconds)


def answers(t: Tables, u3, u4, u5, match, opportunist, load, degree, length, weekday, bulk, career, group, employer):
    """The answer to an opened InMail, as a code; `u3` … `u5` are the draws of decisions 3 to 5, `length` in characters.

    Plain branches over plain numbers: the form to compile. `react` is the same for arrays.
    """
    felt, reports = match, match
    if opportunist:
        felt, reports = MISMATCH, MISMATCH + 3
    if u3 < t.spam[reports]:
        return SPAM
    if u3 < t.report[reports]:
        return INAPPROPRIATE
    kind = length_class(length)
    if u4 >= p_answer(t, felt, min(load, LOADS - 1), degree, kind, weekday, bulk, career, group, employer):
        return NONE
    if u5 < t.interested[felt]:
        return INTERESTED
    if u5 < t.replied[felt]:
        return REPLY
    return NOT_INTERESTED


def react_one(t: Tables, seed: int, m: Inmails) -> Reactions:
    """The reaction to one InMail, in Python numbers. `seed` is the timeline's."""
    pair = (seed, m.sender, m.recipient, m.n)
    u1, u2, u3, u4, u5 = (hash01(*pair, decision) for decision in (SWITCH_OFF, OPEN, REPORT, ANSWER, KIND))
    off = bool(leaves(t, u1, m.match))
    if not opens(t, u2, m.active, m.match, int(m.notified), m.load):
        return Reactions(False, 0, NONE, 0, off)
    facts = (m.weekday, int(m.bulk), int(m.career), int(m.shared_group), int(m.former_employer))
    answer = answers(t, u3, u4, u5, m.match, m.opportunist, m.load, m.degree, m.length, *facts)
    opened, answered = delays(t, hash64(*pair, DELAY) >> 52)
    return Reactions(True, opened, answer, answered if answer != NONE else 0, off)


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

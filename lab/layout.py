"""How people, pairs and what is counted of them are laid out as numbers and arrays, for the engine and who reads it.

Law: whole numbers throughout, so that sums of markets do not depend on their order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from inmail import score
from lab import rules
from simulation import senders
from simulation.behaviour import ANSWERS

DAY = 86_400
LOAD_DAYS = 30
QUALITY_DAYS = score.QUALITY_SPAN.days
REPORT_SPAN = int(score.REPORT_SPAN.total_seconds())
LAST = score.LAST
NEVER = -(1 << 40)

# A member as one number: interests, reception, plan. While a run lasts, the load stands in place of plan and billing.
INTERESTS = 0xFF
OFF_BIT, FREE_BIT, WORK_BIT = 1 << 8, 1 << 9, 1 << 10
THRESHOLD_SHIFT, PLAN_SHIFT, BILLING_SHIFT = 11, 17, 20  # tenths of a star; the plan; the billing day
LOAD_SHIFT = 17
MOST_LOAD = (1 << 15) - 1
# A pair as one number: the degree, a group in common, a block.
DEGREE, GROUP_BIT, BLOCK_BIT = 3, 4, 8

# What is counted of InMails, in each cell of match x plan x strategy x degree.
SENT, FREE, NOTIFIED, OPENED, ANSWERED, EXPIRED, RETURNED, BONUS, COMPENSATED, SWITCHED_OFF = range(10)
SECONDS, WITHIN_DAY, WITHIN_WEEK = 10, 11, 12  # from delivery to answer: their sum, and how many were as quick
KINDS = 13  # from here on one for each kind of answer, silence first: how many ended so far
MEASURES = KINDS + len(ANSWERS)
MATCHES, PLANS, STRATEGIES, DEGREES = 3, len(rules.PLANS), len(senders.STRATEGIES), 4
CELLS = MATCHES * PLANS * STRATEGIES * DEGREES
# What is counted of the ledger, for each plan and strategy.
GRANTED, SPENT, GIVEN_BACK, BONUSES, COMPENSATIONS, BALANCE = range(6)
ENTRIES = 6
# What is counted each day.
DAY_SENT, DAY_OPENED, DAY_ANSWERED, DAY_RETURNED, DAY_GRANTED, DAY_OFF, DAY_BALANCE = range(7)
DAILY = 7
# What is counted of InMails for each country.
HERE_SENT, HERE_OPENED, HERE_ANSWERED, HERE_INTERESTED, HERE_REPORTED = range(5)
BY_COUNTRY = 5
# What is kept of each InMail when that is asked for.
TRACE = ("sender", "recipient", "n", "cost", "sent_at", "opened_at", "answered_at", "answer", "settled_at", "returned")
SCORES = 52  # tenths of a star, and one for none yet


class World(NamedTuple):
    """The people of a market: by place (member number less `first`), or by pair where pairs are known."""

    first: int
    words: np.ndarray  # (size,) uint32
    pairs: np.ndarray  # (senders, size) uint8; (0, 0) where pairs are drawn
    seed: int  # the world's
    degrees: np.ndarray  # (3,) shares, one on the other, of out of network, 1st, 2nd degree, where pairs are drawn
    groups: float  # share of pairs with a group in common
    former: float  # share with a former employer in common
    active: float  # share of members active in a month


class Senders(NamedTuple):
    """Who sends: columns of equal length, by place."""

    place: np.ndarray
    plan: np.ndarray
    billing: np.ndarray
    strategy: np.ndarray
    category: np.ndarray
    monthly: np.ndarray
    country: np.ndarray  # a number of one's own choice, below `countries` of `engine.begin`


class Habits(NamedTuple):
    """`simulation.senders.Habits` as numbers."""

    weekdays: np.ndarray  # InMails on such a day, of one a month
    bulk_lengths: np.ndarray  # edges
    other_lengths: np.ndarray
    length_edges: np.ndarray
    candidates: int
    learns_below: float


class Span(NamedTuple):
    """When: `first_day` counted from 1970-01-01, `days`, and each day's weekday and month."""

    first_day: int
    days: int
    weekdays: np.ndarray
    months: np.ndarray


class Result(NamedTuple):
    """What became of a market so far."""

    cells: np.ndarray  # (CELLS, MEASURES)
    ledger: np.ndarray  # (PLANS, STRATEGIES, ENTRIES)
    daily: np.ndarray  # (days, DAILY)
    countries: np.ndarray  # (countries, BY_COUNTRY) by the sender's
    under_rule: np.ndarray  # (days,) senders kept from bulk by the quality rule
    received: np.ndarray  # (size,) InMails delivered to each member; counted by `engine.finish`
    compensated: np.ndarray  # (size,) credits granted to each member as a recipient
    balance: np.ndarray  # (senders,) credits
    stars: np.ndarray  # (senders,) score in tenths, or NO_SCORE
    trace: np.ndarray  # (InMails, len(TRACE)), or no rows


class State(NamedTuple):
    """All that a market remembers from day to day: by member (size), by sender (count), by InMail (intents)."""

    people: np.ndarray  # (size,) uint32: as World.words, but for the load, and who has switched InMail off in the run
    welcome: np.ndarray  # (size,) uint8: declared interests
    written: np.ndarray  # (intents,) whom each InMail went to, in order
    since: np.ndarray  # (days + 1,) how many had been written before each day
    tired: np.ndarray  # (busiest, 2) who switches off at the next midnight, and the cell of the InMail that did it
    position: np.ndarray  # (count,) candidates examined
    last: np.ndarray  # (count, LAST) points of the last answers, in a ring
    answers: np.ndarray  # (count,)
    points: np.ndarray  # (count,) sum of `last`
    reports: np.ndarray  # (count, 2) instants of the reports that still count
    steps: np.ndarray  # (count,)
    suspended_until: np.ndarray  # (count,) second of the run
    stage: np.ndarray  # (count,) of the quality rule
    stage_until: np.ndarray  # (count,) second of the run
    delivered: np.ndarray  # (QUALITY_DAYS, count) by day, in a ring
    responded: np.ndarray  # (QUALITY_DAYS, count) in time, by day of delivery
    total: np.ndarray  # (2, count) sums of the last two over the ring
    back: np.ndarray  # (days to the deadline + 2, count) credits to come, by day, in a ring
    newest: np.ndarray  # (days,) the last answer noted for each day, or -1
    waiting: np.ndarray  # (intents, 7) answers to come: see the names below
    due: np.ndarray  # (intents,) room for a day's answers, and their order
    sort_by: np.ndarray  # (intents,)
    today: np.ndarray  # (count,) uint64: where the draws of each sender's day begin
    many: np.ndarray  # (count,) InMails that each sender intends today
    facts: np.ndarray  # (count,) what is true of each sender today, in the bits of `rules`
    near: np.ndarray  # (busiest,) whom each of today's intents is meant for, sender by sender
    met: np.ndarray  # (busiest,) uint32: `people` of them
    ahead: np.ndarray  # (2, AHEAD) room for candidates that are looked up together, and for what they welcome
    ready: np.ndarray  # (busiest, 10) today's InMails: see the names below
    keys: np.ndarray  # (table,) pairs that have written, where walks may come round
    counts: np.ndarray  # (table,) how often
    until: np.ndarray  # (table,) second of the run at which the pair's last InMail ceases to wait for its answer
    now: np.ndarray  # see the names below


BEFORE, WHO, SECOND, ORDER, ANSWER, WROTE, IN_TIME = range(7)  # columns of `waiting`
FROM, TO, WORD, TURN, N, COST, MATCH, DECLARED, PAIR, SLOT = range(10)  # columns of `ready`
WRITTEN, TIRED, WAITING, FREE_ROW, OVERLOADED = range(5)  # places of `now`
AHEAD = 16  # candidates that are looked up together

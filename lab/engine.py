"""The lab's engine: a market through all days of a run, compiled (DOMAIN 6 to 9).

Law: rules are looked up (`lab.rules`), behaviour is compiled as it stands (`lab.compiled`), every chance is a hash
draw. A market knows nothing of another; its result depends on its members, the arm and the seeds alone.

All that an InMail will be is known when it is delivered: its draws say whether and when it is opened and answered, its
policy what then comes back. So a day costs what is sent on it: credits that will come back wait in a ring of days for
each sender, answers in a list for each day, and InMails leave a recipient's load when their thirty days are over.
"""

from __future__ import annotations

import numba
import numpy as np

from lab import compiled as c
from lab import layout as a
from lab import rules
from lab.intents import count_intents, intend, make_ready, prepare
from lab.layout import DAY, NEVER, Habits, Result, Senders, Span, State, World
from lab.luck import begun
from lab.midnight import end_day
from lab.outcomes import deliver

WORD = (1 << a.LOAD_SHIFT) - 1


class Overloaded(ArithmeticError):
    """A member was sent more InMails in thirty days than the engine counts (`layout.MOST_LOAD`)."""


def begin(
    world: World,
    people: Senders,
    habits: Habits,
    r: rules.Rules,
    span: Span,
    seed: int,
    *,
    keeps_pairs: bool,
    traces: bool,
    countries: int = 1,
) -> tuple[State, Result]:
    """A market before its first day. `keeps_pairs` where a walk may come round, so that earlier InMails count."""
    size, count, days = len(world.words), len(people.place), span.days
    today, many = np.empty(count, np.uint64), np.empty(count, np.int32)
    intents, busiest = count_intents(world, people, habits, span, seed, today, many)
    table = 1 << (2 * intents + 2).bit_length() if keeps_pairs else 0
    whole, short, none = np.int64, np.int32, np.zeros
    state = State(
        people=world.words & np.uint32(WORD), welcome=world.words.astype(np.uint8), written=np.empty(intents, short),
        since=none(days + 1, whole), tired=np.empty((busiest, 2), short), position=none(count, whole),
        last=none((count, a.LAST), np.int8), answers=none(count, whole), points=none(count, whole),
        reports=np.full((count, 2), NEVER), steps=none(count, whole), suspended_until=none(count, whole),
        stage=none(count, np.int8), stage_until=none(count, whole), delivered=none((a.QUALITY_DAYS, count), short),
        responded=none((a.QUALITY_DAYS, count), short), total=none((2, count), short),
        back=none((r.deadline // DAY + 2, count), short), newest=np.full(days, -1),
        waiting=np.empty((intents, 7), short), due=np.empty(intents, whole), sort_by=np.empty(intents, np.uint64),
        today=today,
        many=many, facts=none(count, short), near=np.empty(busiest, whole), met=np.empty(busiest, np.uint32),
        ahead=np.empty((2, a.AHEAD), whole), ready=np.empty((busiest, 10), whole),
        keys=none(table, whole), counts=none(table, short), until=none(table, whole), now=np.array([0, 0, 0, -1, 0]),
    )  # fmt: skip
    result = Result(
        cells=none((a.CELLS, a.MEASURES), whole), ledger=none((a.PLANS, a.STRATEGIES, a.ENTRIES), whole),
        daily=none((days, a.DAILY), whole), countries=none((countries, a.BY_COUNTRY), whole),
        under_rule=none(days, whole), received=none(size, short), compensated=none(size, short),
        balance=none(count, whole), stars=np.full(count, rules.NO_SCORE),
        trace=np.empty((intents if traces else 0, len(a.TRACE)), whole),
    )  # fmt: skip
    open_accounts(people, r, result)
    return state, result


@numba.njit(nogil=True, cache=True, error_model="numpy", _nrt=False)
def open_accounts(people, r, result):
    """The first credits of every plan."""
    for i in range(len(people.place)):
        plan = people.plan[i]
        amount = c.upgrade_grant(r.monthly[plan], 0, r.cap[plan], 0)
        result.balance[i] = amount
        result.ledger[plan, people.strategy[i], a.GRANTED] += amount


@numba.njit(nogil=True, cache=True, error_model="numpy", _nrt=False)
def live(world, people, habits, tables, r, span, seed, state, result, first, until, stop):
    """The days `first` up to `until` of a market, which begins or goes on; `stop[0]` ends it after a day.

    `until` may be `span.days` + 1: then the last midnight is done as well, by which all that the run saw is settled.
    """
    bits = 2
    while (1 << bits) < len(world.words):
        bits += 1
    for day in range(first, until):
        if day:
            end_day(r, state, result, day)
            take_back(state, result, day)
        if day < span.days:
            intents = intend(world, people, habits, span, begun(seed), day, state.today, state.many)
            prepare(world, people, habits, r, seed, state, result, day, bits)
            for k in range(intents):  # together, for memory is slow
                state.met[k] = state.people[max(state.near[k], 0)]
            ready = make_ready(world, people, r, state, result, day)
            for k in range(ready):
                deliver(world, people, habits, tables, r, span, seed, state, result, day, k)
            for i in range(len(people.place)):
                result.daily[day, a.DAY_BALANCE] += result.balance[i]
        if stop[0]:
            break


@c.LEAN
def take_back(state, result, day):
    """Credits that came back yesterday can be used from today on."""
    back = state.back[(day - 1) % len(state.back)]
    for i in range(len(back)):
        result.balance[i] += back[i]
        back[i] = 0


def finish(people: Senders, state: State, result: Result) -> Result:
    """The result with what only the end tells: the balances the ledger must come to, who received how many."""
    if state.now[a.OVERLOADED]:
        raise Overloaded(f"A member was sent more than {a.MOST_LOAD:,} InMails in {a.LOAD_DAYS} days.")
    np.add.at(result.ledger, (people.plan, people.strategy, a.BALANCE), result.balance)
    written = state.written[: state.now[a.WRITTEN]]
    result.received[:] = np.bincount(written, minlength=len(result.received))
    return result

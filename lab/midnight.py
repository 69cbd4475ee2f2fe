"""What a midnight does in the lab, compiled: answers count for scores, loads move on, sanctions and grants fall due.

Law: the order of DOMAIN 9, *Order*; every rule is looked up in `lab.rules` or called as it stands.
"""

from __future__ import annotations

import numpy as np

from lab import layout as a
from lab import rules
from lab.compiled import LEAN, monthly_grant, report
from lab.layout import DAY, LAST, QUALITY_DAYS
from simulation.behaviour import ANSWERS

POINTS = rules.POINTS
RESPONSES = np.array([answer in ("interested", "reply", "not_interested") for answer in ANSWERS])
REPORTS = np.array([answer in ("inappropriate", "spam") for answer in ANSWERS])


@LEAN
def sort_together(keys, values, n):
    """The first `n` of both by key: Shell's sort, which needs no room, for the few hundred answers of a day."""
    gap = 1
    while gap < n // 9:
        gap = 3 * gap + 1
    while gap:
        for k in range(gap, n):
            key, value, at = keys[k], values[k], k
            while at >= gap and keys[at - gap] > key:
                keys[at], values[at] = keys[at - gap], values[at - gap]
                at -= gap
            keys[at], values[at] = key, value
        gap //= 3


@LEAN
def end_day(r, state, result, day):
    """What the day before the midnight `day` leaves: answers in the order of their instants, loads, switch-offs."""
    hear_answers(r, state, result, day)
    people, written, since = state.people, state.written, state.since
    one, full = np.uint32(1 << a.LOAD_SHIFT), np.uint32(a.MOST_LOAD)
    for k in range(since[day - 1], state.now[a.WRITTEN]):
        if people[written[k]] >> np.uint32(a.LOAD_SHIFT) == full:
            state.now[a.OVERLOADED] = 1
        people[written[k]] += one
    if day > a.LOAD_DAYS:
        for k in range(since[day - 1 - a.LOAD_DAYS], since[day - a.LOAD_DAYS]):
            people[written[k]] -= one
    since[day] = state.now[a.WRITTEN]
    for k in range(state.now[a.TIRED]):
        to, cell = state.tired[k, 0], state.tired[k, 1]
        if not people[to] & np.uint32(a.OFF_BIT):
            people[to] = (people[to] | np.uint32(a.OFF_BIT)) & np.uint32(~a.FREE_BIT & 0xFFFFFFFF)
            result.cells[cell, a.SWITCHED_OFF] += 1
            result.daily[day - 1, a.DAY_OFF] += 1
    state.now[a.TIRED] = 0


@LEAN
def hear_answers(r, state, result, day):
    """Yesterday's answers, by sender and instant."""
    now, waiting, due, sort_by = state.now, state.waiting, state.due, state.sort_by
    n, at = 0, np.int64(state.newest[day - 1])
    while at >= 0:
        due[n] = at
        when = np.uint64(waiting[at, a.WHO]) << np.uint64(17) | np.uint64(waiting[at, a.SECOND])
        sort_by[n] = when << np.uint64(27) | np.uint64(waiting[at, a.ORDER])
        n += 1
        at = np.int64(waiting[at, a.BEFORE])
    sort_together(sort_by, due, n)
    for k in range(n):
        take_answer(r, state, result, day, due[k])
        waiting[due[k], a.BEFORE] = now[a.FREE_ROW]
        now[a.FREE_ROW] = due[k]


@LEAN
def take_answer(r, state, result, day, at):
    """An answer of yesterday: for its sender's score, the quality rule and the steps after reports."""
    row = state.waiting[at]
    i, answer, wrote = np.int64(row[a.WHO]), np.int64(row[a.ANSWER]), np.int64(row[a.WROTE])
    place = state.answers[i] % LAST
    state.points[i] += POINTS[answer] - state.last[i, place]
    state.last[i, place] = POINTS[answer]
    state.answers[i] += 1
    result.stars[i] = r.tenths[min(state.answers[i], LAST), state.points[i]]
    if RESPONSES[answer] and row[a.IN_TIME] and wrote >= day - QUALITY_DAYS:
        state.responded[wrote % QUALITY_DAYS, i] += 1
        state.total[1, i] += 1
    if REPORTS[answer]:
        when = (day - 1) * DAY + np.int64(row[a.SECOND])
        first, second, is_step = report(state.reports[i, 0], state.reports[i, 1], when, a.REPORT_SPAN, a.NEVER)
        state.reports[i, 0], state.reports[i, 1] = first, second
        if is_step:
            length = r.suspension[min(state.steps[i], len(r.suspension) - 1)]
            state.steps[i] += 1
            if length:
                state.suspended_until[i] = max(state.suspended_until[i], day * DAY + length)


@LEAN
def judged(r, state, i, day):
    """Whether the quality rule keeps a sender from bulk from the midnight `day` on."""
    slot = day % QUALITY_DAYS
    total, answered = np.int64(state.total[0, i]), np.int64(state.total[1, i])
    state.total[0, i] -= state.delivered[slot, i]
    state.total[1, i] -= state.responded[slot, i]
    state.delivered[slot, i] = 0
    state.responded[slot, i] = 0
    if not r.quality:
        return False
    stage = state.stage[i]
    below = answered < r.enough[min(total, len(r.enough) - 1)]
    if below or stage:
        to_come = state.stage_until[i] > day * DAY
        following = r.stage[stage, np.int64(below), np.int64(to_come)]
        if following != stage or not to_come:
            state.stage[i] = following
            state.stage_until[i] = (day + r.stage_days[following]) * DAY
    return state.stage[i] == rules.STAGE_SUSPENDED and day * DAY < state.stage_until[i]


@LEAN
def granted(people, r, result, i, day):
    """The credits of a sender's billing day."""
    plan = people.plan[i]
    amount = monthly_grant(r.monthly[plan], r.cap[plan], result.balance[i])
    result.balance[i] += amount
    result.ledger[plan, people.strategy[i], a.GRANTED] += amount
    result.daily[day, a.DAY_GRANTED] += amount

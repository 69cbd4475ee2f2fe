"""What becomes of an InMail, compiled: all of it is known when it is delivered, and noted for the days it falls on.

Law: behaviour is `simulation.behaviour` as it stands; what comes back is what `lab.rules` was told by the policy.
"""

from __future__ import annotations

import numpy as np

from lab import compiled as c
from lab import layout as a
from lab import rules
from lab.layout import DAY, NEVER
from lab.luck import begun, hashed, picked, unit
from lab.midnight import REPORTS
from simulation import behaviour, draws, senders
from simulation.population.people import CATEGORIES

CAREER = CATEGORIES.index("career_opportunity")
ACTIVE, FORMER_EMPLOYER = draws.Trait.ACTIVE, draws.Trait.FORMER_EMPLOYER


@c.LEAN
def deliver(world, people, habits, tables, r, span, seed, state, result, day, k):
    """One InMail of the day as it reaches its recipient, and all that will come of it."""
    row, luck, here = state.ready[k], begun(seed), state.now[a.WRITTEN]
    i, to, turn, n, match, word = row[a.FROM], row[a.TO], row[a.TURN], row[a.N], row[a.MATCH], row[a.WORD]
    number, other, stars = world.first + people.place[i], world.first + to, result.stars[i]
    h = hashed(hashed(hashed(luck, number), other), n)
    today = state.today[i]
    sent_at = day * DAY + second_of(today, turn, np.int64(state.many[i]))
    notified = stars == rules.NO_SCORE or stars >= word >> a.THRESHOLD_SHIFT & 63
    active = unit(hashed(hashed(hashed(begun(world.seed), other), ACTIVE), span.months[day])) < world.active
    opened_at, answered_at, answer = np.int64(NEVER), np.int64(NEVER), np.int64(behaviour.NONE)
    load = word >> a.LOAD_SHIFT
    if c.opens(tables, unit(hashed(h, behaviour.OPEN)), active, match, np.int64(notified), load):
        open_delay, answer_delay = c.delays(tables, np.int64(hashed(h, behaviour.DELAY) >> np.uint64(52)))
        if r.expiry == 0 or open_delay < r.expiry:
            opened_at = sent_at + open_delay
            answer = answer_of(world, people, habits, tables, span, state, day, row, h, hashed(today, turn))
            if answer:
                answered_at = sent_at + answer_delay
    degree = row[a.PAIR] & a.DEGREE
    cell = ((match * a.PLANS + people.plan[i]) * a.STRATEGIES + people.strategy[i]) * a.DEGREES + degree
    state.delivered[day % a.QUALITY_DAYS, i] += 1
    state.total[0, i] += 1
    result.cells[cell, a.NOTIFIED] += notified
    if c.leaves(tables, unit(hashed(h, behaviour.SWITCH_OFF)), match):
        state.tired[state.now[a.TIRED], 0], state.tired[state.now[a.TIRED], 1] = to, cell
        state.now[a.TIRED] += 1
    over = follow(
        people, r, span, state, result, i, to, cell, row[a.COST], day, sent_at, opened_at, answered_at, answer
    )
    if len(state.keys):
        state.until[row[a.SLOT]] = over
    if len(result.trace):
        result.trace[here, 0], result.trace[here, 1], result.trace[here, 2] = number, other, n
    state.written[here] = to
    state.now[a.WRITTEN] += 1


@c.LEAN
def second_of(today, turn, intents):
    """The second of the day at which a sender's turn comes."""
    low, high = turn * senders.SECONDS // intents, (turn + 1) * senders.SECONDS // intents
    within = np.int64(unit(hashed(hashed(today, turn), senders.SECOND)) * (high - low))
    return senders.OPENS_AT + low + within


@c.LEAN
def answer_of(world, people, habits, tables, span, state, day, row, h, of_turn):
    """The answer to an InMail that is opened, with what only now matters of it."""
    i, pair, declared, word = row[a.FROM], row[a.PAIR], row[a.DECLARED], row[a.WORD]
    in_bulk = state.facts[i] & rules.BULK != 0
    edges = habits.bulk_lengths if in_bulk else habits.other_lengths
    kind = picked(edges, unit(hashed(of_turn, senders.LENGTH)))
    width = habits.length_edges[kind + 1] - habits.length_edges[kind]
    length = habits.length_edges[kind] + np.int64(unit(hashed(of_turn, senders.LENGTH_WITHIN)) * width)
    low, high = min(people.place[i], row[a.TO]), max(people.place[i], row[a.TO])
    of_low = hashed(hashed(begun(world.seed), world.first + low), FORMER_EMPLOYER)
    employer = unit(hashed(of_low, world.first + high)) < world.former
    career = word & a.WORK_BIT != 0 and declared == CAREER
    answer = c.answers(
        tables,
        unit(hashed(h, behaviour.REPORT)), unit(hashed(h, behaviour.ANSWER)), unit(hashed(h, behaviour.KIND)),
        row[a.MATCH], declared != people.category[i], word >> a.LOAD_SHIFT, pair & a.DEGREE, length,
        span.weekdays[day], np.int64(in_bulk), np.int64(career), np.int64(pair & a.GROUP_BIT != 0), np.int64(employer),
    )  # fmt: skip
    return np.int64(answer)


@c.LEAN
def follow(people, r, span, state, result, i, to, cell, cost, day, sent_at, opened_at, answered_at, answer):
    """Note all that comes of an InMail; returns the second at which it ceases to wait for an answer."""
    end, deadline = span.days * DAY, sent_at + r.deadline
    cells, here = result.cells[cell], result.countries[people.country[i]]
    in_time = answered_at != NEVER and answered_at < deadline
    cells[a.SENT] += 1
    cells[a.FREE] += cost == 0
    here[a.HERE_SENT] += 1
    result.daily[day, a.DAY_SENT] += 1
    result.ledger[people.plan[i], people.strategy[i], a.SPENT] += cost
    over = min(deadline, answered_at) if answered_at != NEVER else deadline
    if opened_at != NEVER:
        if opened_at < end:
            cells[a.OPENED] += 1
            here[a.HERE_OPENED] += 1
            result.daily[opened_at // DAY, a.DAY_OPENED] += 1
    elif r.expiry:
        over = min(over, sent_at + r.expiry)
        cells[a.EXPIRED] += sent_at + r.expiry < end
    if answered_at != NEVER and answered_at < end:
        hear(state, result, cells, here, i, day, sent_at, answered_at, answer, in_time)
    ended_by = answer if in_time else 0
    settled_at = answered_at if in_time else deadline
    if settled_at < end:
        settle(people, r, state, result, cells, i, to, cost, ended_by, settled_at // DAY)
    if len(result.trace):
        row = result.trace[state.now[a.WRITTEN]]
        shown = answered_at != NEVER and answered_at < end
        row[3], row[4], row[5] = cost, sent_at, opened_at if opened_at < end else NEVER
        row[6], row[7] = (answered_at, answer) if shown else (np.int64(NEVER), np.int64(0))
        row[8], row[9] = (
            (settled_at, r.returned[cost, ended_by]) if settled_at < end else (np.int64(NEVER), np.int64(0))
        )
    return over


@c.LEAN
def hear(state, result, cells, here, i, day, sent_at, at, answer, in_time):
    """Count an answer, and note it for the day on which it comes."""
    now, on = state.now, at // DAY
    cells[a.ANSWERED] += 1
    cells[a.KINDS + answer] += 1
    cells[a.SECONDS] += at - sent_at
    cells[a.WITHIN_DAY] += at - sent_at < DAY
    cells[a.WITHIN_WEEK] += at - sent_at < 7 * DAY
    here[a.HERE_ANSWERED] += 1
    here[a.HERE_INTERESTED] += answer == behaviour.INTERESTED
    here[a.HERE_REPORTED] += REPORTS[answer]
    result.daily[on, a.DAY_ANSWERED] += 1
    place = now[a.FREE_ROW]
    if place >= 0:
        now[a.FREE_ROW] = state.waiting[place, a.BEFORE]
    else:
        place = now[a.WAITING]
        now[a.WAITING] += 1
    row = state.waiting[place]
    row[a.BEFORE], row[a.WHO], row[a.SECOND] = state.newest[on], i, at - on * DAY
    row[a.ORDER], row[a.ANSWER], row[a.WROTE], row[a.IN_TIME] = now[a.WRITTEN] & 0x7FFFFFF, answer, day, in_time
    state.newest[on] = place


@c.LEAN
def settle(people, r, state, result, cells, i, to, cost, ended_by, on):
    """What the policy gives back, or to the recipient, on the day `on` of the settlement."""
    returned, bonus, compensation = r.returned[cost, ended_by], r.bonus[cost, ended_by], r.to_recipient[cost, ended_by]
    slot = on % len(state.back)
    if ended_by == 0:
        cells[a.KINDS] += 1
    if returned or bonus:
        state.back[slot, i] += returned + bonus
        cells[a.RETURNED] += returned
        cells[a.BONUS] += bonus
        entries = result.ledger[people.plan[i], people.strategy[i]]
        entries[a.GIVEN_BACK] += returned
        entries[a.BONUSES] += bonus
        result.daily[on, a.DAY_RETURNED] += returned
    if compensation:
        cells[a.COMPENSATED] += compensation
        result.compensated[to] += compensation
        whose = np.searchsorted(people.place, to)
        if whose < len(people.place) and people.place[whose] == to:
            state.back[slot, whose] += compensation
            result.ledger[people.plan[whose], people.strategy[whose], a.COMPENSATIONS] += compensation

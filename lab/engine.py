"""The lab's engine: a market through all days of a run, compiled (DOMAIN 6 to 9).

Law: rules are looked up (`lab.rules`), behaviour is compiled as it stands (`lab.compiled`), every chance is a hash
draw. A market knows nothing of another; its result depends on its members, the arm and the seeds alone.

All that an InMail will be is known when it is delivered: its draws say whether and when it is opened and answered, its
policy what then comes back. So a day costs what is sent on it: credits that will come back wait in a ring of days for
each sender, answers in a list for each day, and InMails leave a recipient's load when their thirty days are over.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from inmail import score
from lab import compiled as c
from lab import rules
from simulation import behaviour, draws, market, senders
from simulation.behaviour import ANSWERS, Inmails
from simulation.population.people import CATEGORIES

DAY = 86_400
LOAD_DAYS = 30
QUALITY_DAYS = score.QUALITY_SPAN.days
REPORT_SPAN = int(score.REPORT_SPAN.total_seconds())
LAST = score.LAST
NEVER = -(1 << 40)
WALK, POINTS = market.WALK, rules.POINTS
CAREER = CATEGORIES.index("career_opportunity")
ACTIVE, FORMER_EMPLOYER, PAIR = draws.Trait.ACTIVE, draws.Trait.FORMER_EMPLOYER, draws.Trait.PAIR

# A member as one number: interests, reception, plan.
INTERESTS = 0xFF
OFF_BIT, FREE_BIT, WORK_BIT = 1 << 8, 1 << 9, 1 << 10
THRESHOLD_SHIFT, PLAN_SHIFT, BILLING_SHIFT = 11, 17, 20  # tenths of a star; the plan; the billing day
# A pair as one number: the degree, a group in common, a block.
DEGREE, GROUP_BIT, BLOCK_BIT = 3, 4, 8

# What is counted of InMails, in each cell of match x plan x strategy x degree.
SENT, FREE, NOTIFIED, OPENED, ANSWERED, EXPIRED, RETURNED, BONUS, COMPENSATED, SWITCHED_OFF, SECONDS = range(11)
KINDS = 11  # from here on one for each kind of answer, silence first: how many ended so far
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
RESPONSES = np.array([answer in ("interested", "reply", "not_interested") for answer in ANSWERS])
REPORTS = np.array([answer in ("inappropriate", "spam") for answer in ANSWERS])
SCORES = 52  # tenths of a star, and one for none yet


LEAN = c.LEAN


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
    country: np.ndarray  # a number of one's own choice, below `countries` of `begin`


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
    received: np.ndarray  # (size,) InMails delivered to each member
    compensated: np.ndarray  # (size,) credits granted to each member as a recipient
    balance: np.ndarray  # (senders,) credits
    stars: np.ndarray  # (senders,) score in tenths, or NO_SCORE
    trace: np.ndarray  # (InMails, len(TRACE)), or no rows


class State(NamedTuple):
    """All that a market remembers from day to day, by member (size) and by sender (count)."""

    off: np.ndarray  # (size,) who has switched InMail off during the run
    load: np.ndarray  # (size,) InMails received on the last thirty days
    written: np.ndarray  # (intents,) whom each InMail went to, in order
    since: np.ndarray  # (days + 1,) how many had been written before each day
    tired: np.ndarray  # (intents,) who switches off at the next midnight
    position: np.ndarray  # (count,) candidates examined
    last: np.ndarray  # (count, LAST) points of the last answers, in a ring
    answers: np.ndarray  # (count,)
    points: np.ndarray  # (count,) sum of `last`
    reports: np.ndarray  # (count, 2) instants of the reports that still count
    steps: np.ndarray  # (count,)
    suspended_until: np.ndarray  # (count,) second of the run
    stage: np.ndarray  # (count,) of the quality rule
    stage_until: np.ndarray  # (count,) second of the run
    delivered: np.ndarray  # (count, QUALITY_DAYS) by day, in a ring
    responded: np.ndarray  # (count, QUALITY_DAYS) in time, by day of delivery
    back: np.ndarray  # (count, days to the deadline + 2) credits to come, by day, in a ring
    newest: np.ndarray  # (days,) the last answer noted for each day, or -1
    waiting: np.ndarray  # (intents, 7) answers to come: see the names below
    due: np.ndarray  # (intents,) room for a day's answers, and their order
    sort_by: np.ndarray  # (intents,)
    keys: np.ndarray  # (table,) pairs that have written, where walks may come round
    counts: np.ndarray  # (table,) how often
    until: np.ndarray  # (table,) second of the run at which the pair's last InMail ceases to wait for its answer
    now: np.ndarray  # see the names below


BEFORE, WHO, SECOND, ORDER, ANSWER, WROTE, IN_TIME = range(7)  # columns of `waiting`
WRITTEN, TIRED, WAITING, FREE_ROW = range(4)  # places of `now`


@LEAN
def hashed(h, value):
    return c.fold(h, np.uint64(value))


@LEAN
def unit(h):
    return np.float64(h >> np.uint64(11)) * draws.UNIT


@LEAN
def begun(seed):
    return c.mix(np.uint64(seed) + np.uint64(draws.GOLDEN))


@LEAN
def candidate(key, place, size, bits):
    """The place of a market that a walk's key sends `place` to."""
    x = c.scramble(key, np.uint64(place), bits)
    while x >= np.uint64(size):
        x = c.scramble(key, x, bits)
    return np.int64(x)


@LEAN
def picked(edges, luck):
    kind = 0
    while kind < len(edges) - 1 and luck >= edges[kind]:
        kind += 1
    return kind


@LEAN
def welcomed(category, welcome, luck):
    """What an opportunist declares: its own category if that is welcome or none is, else one that is."""
    if welcome == 0 or welcome >> category & 1:
        return category
    count = 0
    for bit in range(8):
        count += welcome >> bit & 1
    wanted = np.int64(luck * count)
    for bit in range(8):
        if welcome >> bit & 1:
            if wanted == 0:
                return bit
            wanted -= 1
    return category


@LEAN
def slot_of(keys, key):
    """Where a pair stands in the table of pairs, or the free place for it."""
    mask = len(keys) - 1
    at = np.int64(c.mix(np.uint64(key)) & np.uint64(mask))
    while keys[at] != 0 and keys[at] != key:
        at = (at + 1) & mask
    return at


@LEAN
def today_of(number, day, seed):
    """Where the draws of a sender's day begin."""
    return hashed(hashed(hashed(begun(seed), senders.SENDING), number), day)


@LEAN
def intended(today, expected):
    """How many InMails: what is expected of the day, rounded by luck."""
    return np.int64(expected + unit(hashed(hashed(today, 0), senders.AMOUNT)))


@numba.njit(nogil=True, cache=True, error_model="numpy", _nrt=False)
def count_intents(world, people, habits, span, seed):
    total = 0
    for i in range(len(people.place)):
        for day in range(span.days):
            today = today_of(world.first + people.place[i], span.first_day + day, seed)
            total += intended(today, people.monthly[i] * habits.weekdays[span.weekdays[day]])
    return total


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
    intents = count_intents(world, people, habits, span, seed)
    table = 1 << (2 * intents + 2).bit_length() if keeps_pairs else 0
    whole, none = np.int64, np.zeros
    state = State(
        off=none(size, np.bool_), load=none(size, np.uint16), written=np.empty(intents, np.int32),
        since=none(days + 1, whole), tired=np.empty(intents, np.int32), position=none(count, whole),
        last=none((count, LAST), whole), answers=none(count, whole), points=none(count, whole),
        reports=np.full((count, 2), NEVER), steps=none(count, whole), suspended_until=none(count, whole),
        stage=none(count, whole), stage_until=none(count, whole), delivered=none((count, QUALITY_DAYS), np.int32),
        responded=none((count, QUALITY_DAYS), np.int32), back=none((count, r.deadline // DAY + 2), np.int32),
        newest=np.full(days, -1), waiting=np.empty((intents, 7), np.int32), due=np.empty(intents, whole),
        sort_by=np.empty(intents, np.uint64), keys=none(table, whole),
        counts=none(table, np.int32), until=none(table, whole), now=np.array([0, 0, 0, -1]),
    )  # fmt: skip
    result = Result(
        cells=none((CELLS, MEASURES), whole), ledger=none((PLANS, STRATEGIES, ENTRIES), whole),
        daily=none((days, DAILY), whole), countries=none((countries, BY_COUNTRY), whole),
        under_rule=none(days, whole), received=none(size, np.int32), compensated=none(size, np.int32),
        balance=none(count, whole), stars=np.full(count, rules.NO_SCORE),
        trace=np.empty((intents if traces else 0, len(TRACE)), whole),
    )  # fmt: skip
    open_accounts(people, r, result)
    return state, result


@numba.njit(nogil=True, cache=True, error_model="numpy")
def open_accounts(people, r, result):
    """The first credits of every plan."""
    for i in range(len(people.place)):
        plan = people.plan[i]
        amount = c.upgrade_grant(r.monthly[plan], 0, r.cap[plan], 0)
        result.balance[i] = amount
        result.ledger[plan, people.strategy[i], GRANTED] += amount


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
    now, waiting = state.now, state.waiting
    n, at = 0, np.int64(state.newest[day - 1])
    while at >= 0:
        n += 1
        at = np.int64(waiting[at, BEFORE])
    due, sort_by = state.due, state.sort_by
    at = np.int64(state.newest[day - 1])
    for k in range(n):
        due[k] = at
        when = np.uint64(waiting[at, WHO]) << np.uint64(17) | np.uint64(waiting[at, SECOND])
        sort_by[k] = when << np.uint64(27) | np.uint64(waiting[at, ORDER] & 0x7FFFFFF)
        at = np.int64(waiting[at, BEFORE])
    sort_together(sort_by, due, n)
    for k in range(n):
        take_answer(r, state, result, day, due[k])
        waiting[due[k], BEFORE] = now[FREE_ROW]
        now[FREE_ROW] = due[k]
    for k in range(state.since[day - 1], now[WRITTEN]):
        state.load[state.written[k]] += 1
    if day > LOAD_DAYS:
        for k in range(state.since[day - 1 - LOAD_DAYS], state.since[day - LOAD_DAYS]):
            state.load[state.written[k]] -= 1
    for k in range(now[TIRED]):
        state.off[state.tired[k]] = True
    now[TIRED] = 0
    state.since[day] = now[WRITTEN]


@LEAN
def take_answer(r, state, result, day, at):
    """An answer of yesterday: for its sender's score, the quality rule and the steps after reports."""
    waiting = state.waiting
    i, answer, wrote = np.int64(waiting[at, WHO]), np.int64(waiting[at, ANSWER]), np.int64(waiting[at, WROTE])
    place = state.answers[i] % LAST
    state.points[i] += POINTS[answer] - state.last[i, place]
    state.last[i, place] = POINTS[answer]
    state.answers[i] += 1
    result.stars[i] = r.tenths[min(state.answers[i], LAST), state.points[i]]
    if RESPONSES[answer] and waiting[at, IN_TIME] and wrote >= day - QUALITY_DAYS:
        state.responded[i, wrote % QUALITY_DAYS] += 1
    if REPORTS[answer]:
        when = (day - 1) * DAY + np.int64(waiting[at, SECOND])
        first, second, is_step = c.report(state.reports[i, 0], state.reports[i, 1], when, REPORT_SPAN, NEVER)
        state.reports[i, 0], state.reports[i, 1] = first, second
        if is_step:
            length = r.suspension[min(state.steps[i], len(r.suspension) - 1)]
            state.steps[i] += 1
            if length:
                state.suspended_until[i] = max(state.suspended_until[i], day * DAY + length)


@LEAN
def judged(r, state, i, day):
    """Whether the quality rule keeps a sender from bulk from the midnight `day` on."""
    total, answered = 0, 0
    for k in range(QUALITY_DAYS):
        total += state.delivered[i, k]
        answered += state.responded[i, k]
    state.delivered[i, day % QUALITY_DAYS] = 0
    state.responded[i, day % QUALITY_DAYS] = 0
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


@numba.njit(nogil=True, cache=True, error_model="numpy", _nrt=False)
def live(world, people, habits, tables, r, span, seed, state, result, first, until, stop):
    """The days `first` up to `until` of a market, which begins or goes on; `stop[0]` ends it after a day.

    `until` may be `span.days` + 1: then the last midnight is done as well, by which all that the run saw is settled.
    """
    size = len(world.words)
    bits = 2
    while (1 << bits) < size:
        bits += 1
    for day in range(first, until):
        if day:
            end_day(r, state, result, day)
        ring = state.back.shape[1]
        for i in range(len(people.place)):
            if day:
                result.balance[i] += state.back[i, (day - 1) % ring]
                state.back[i, (day - 1) % ring] = 0
            if day == span.days:
                continue
            barred = judged(r, state, i, day)
            result.under_rule[day] += barred
            if r.billing[day, people.billing[i]]:
                plan = people.plan[i]
                amount = c.monthly_grant(r.monthly[plan], r.cap[plan], result.balance[i])
                result.balance[i] += amount
                result.ledger[plan, people.strategy[i], GRANTED] += amount
                result.daily[day, DAY_GRANTED] += amount
            today = today_of(world.first + people.place[i], span.first_day + day, seed)
            intents = intended(today, people.monthly[i] * habits.weekdays[span.weekdays[day]])
            if intents:
                send(world, people, habits, tables, r, span, seed, state, result, i, day, today, intents, barred, bits)
        if day < span.days:
            for i in range(len(people.place)):
                result.daily[day, DAY_BALANCE] += result.balance[i]
        if stop[0]:
            break


@LEAN
def send(world, people, habits, tables, r, span, seed, state, result, i, day, today, intents, barred, bits):
    """What one sender intends on a day: refused intents are dropped, the others go while the balance lasts."""
    size, number = len(world.words), world.first + people.place[i]
    strategy, category, stars = people.strategy[i], people.category[i], result.stars[i]
    learns = (
        strategy == senders.LEARNER and stars != rules.NO_SCORE and (np.float64(stars) / 10.0 < habits.learns_below)
    )
    targets = strategy == senders.TARGETED or learns
    looks = targets and r.shown
    in_bulk = strategy == senders.BULK or (strategy == senders.LEARNER and not learns)
    luck, traits = begun(seed), begun(world.seed)
    from_me, walk = hashed(luck, number), hashed(hashed(luck, WALK), number)
    lap = state.position[i] // size
    key = hashed(walk, lap)
    usable = result.balance[i]
    of_me = np.int64(0)
    if day * DAY < state.suspended_until[i]:
        of_me |= rules.SUSPENDED
    if barred:
        of_me |= rules.BULK_SUSPENDED
    if in_bulk:
        of_me |= rules.BULK
    for turn in range(intents):
        to = np.int64(-1)
        for _ in range(habits.candidates if looks else 1):
            if state.position[i] // size != lap:
                lap = state.position[i] // size
                key = hashed(walk, lap)
            near = candidate(key, state.position[i] - lap * size, size, bits)
            state.position[i] += 1
            if not looks or (near != people.place[i] and np.int64(world.words[near]) >> category & 1):
                to = near
                break
        if to < 0:
            continue
        word, other = np.int64(world.words[to]), world.first + to
        # --- may it be sent? First by what is known at once, for most intents of those who send much fail by that. ---
        facts = of_me
        if to == people.place[i]:
            facts |= rules.ONESELF
        if state.off[to] or word & OFF_BIT:
            facts |= rules.OFF
        if word & FREE_BIT and not state.off[to]:
            facts |= rules.TAKES_FREE
        if usable > 0:
            facts |= rules.CAN_PAY
        if r.cost[facts] == rules.REFUSED:
            continue
        of_low = hashed(traits, min(number, other))
        high = max(number, other)
        if world.pairs.size:
            pair = np.int64(world.pairs[i, to])
        else:
            drawn = hashed(hashed(of_low, PAIR), high)
            pair = np.int64(picked(world.degrees, unit(drawn)))
            if np.float64(np.int64(drawn & np.uint64(0x7FF))) < world.groups * 2048.0:
                pair |= GROUP_BIT
        if pair & DEGREE == behaviour.FIRST_DEGREE:
            facts |= rules.CONNECTED
        if pair & BLOCK_BIT:
            facts |= rules.BLOCKED
        n, slot = 0, np.int64(0)
        if len(state.keys):
            slot = slot_of(state.keys, (i + 1) << 32 | (to + 1))
            n = np.int64(state.counts[slot])
            if n and state.until[slot] >= day * DAY:
                facts |= rules.AWAITING
        cost = np.int64(r.cost[facts])
        if cost == rules.REFUSED:
            continue
        of_turn = hashed(today, turn)
        declared = category
        if strategy == senders.OPPORTUNIST and r.shown:
            declared = welcomed(category, word & INTERESTS, unit(hashed(of_turn, senders.DECLARED)))
        match = behaviour.UNDECLARED
        if word & INTERESTS:
            match = behaviour.MATCH if word >> declared & 1 else behaviour.MISMATCH
        if r.enforced and match == behaviour.MISMATCH:
            continue
        usable -= cost
        # --- as what it reaches the recipient ---
        low_second, high_second = turn * senders.SECONDS // intents, (turn + 1) * senders.SECONDS // intents
        within = np.int64(unit(hashed(of_turn, senders.SECOND)) * (high_second - low_second))
        sent_at = day * DAY + senders.OPENS_AT + low_second + within
        edges = habits.bulk_lengths if in_bulk else habits.other_lengths
        kind = picked(edges, unit(hashed(of_turn, senders.LENGTH)))
        width = habits.length_edges[kind + 1] - habits.length_edges[kind]
        length = habits.length_edges[kind] + np.int64(unit(hashed(of_turn, senders.LENGTH_WITHIN)) * width)
        notified = stars == rules.NO_SCORE or stars >= word >> THRESHOLD_SHIFT & 63
        active = unit(hashed(hashed(hashed(traits, other), ACTIVE), span.months[day])) < world.active
        employer = unit(hashed(hashed(of_low, FORMER_EMPLOYER), high)) < world.former
        degree = pair & DEGREE
        letter = Inmails(
            number, other, n, match, notified, np.int64(state.load[to]), degree, length, span.weekdays[day], in_bulk,
            (word & WORK_BIT) != 0 and declared == CAREER, (pair & GROUP_BIT) != 0, employer, active,
            declared != category,
        )  # fmt: skip
        h = hashed(hashed(from_me, other), n)
        opens, open_delay, answer, answer_delay, leaves = c.decide(
            tables,
            unit(hashed(h, behaviour.SWITCH_OFF)),
            unit(hashed(h, behaviour.OPEN)),
            unit(hashed(h, behaviour.REPORT)),
            unit(hashed(h, behaviour.ANSWER)),
            unit(hashed(h, behaviour.KIND)),
            np.int64(hashed(h, behaviour.DELAY) >> np.uint64(52)),
            letter,
        )
        opened_at, answered_at = np.int64(NEVER), np.int64(NEVER)
        if opens and (r.expiry == 0 or open_delay < r.expiry):
            opened_at = sent_at + open_delay
            if answer:
                answered_at = sent_at + answer_delay
        cell = ((match * PLANS + people.plan[i]) * STRATEGIES + strategy) * DEGREES + degree
        state.delivered[i, day % QUALITY_DAYS] += 1
        result.received[to] += 1
        result.cells[cell, NOTIFIED] += notified
        if leaves:
            state.tired[state.now[TIRED]] = to
            state.now[TIRED] += 1
            if not state.off[to]:
                result.cells[cell, SWITCHED_OFF] += 1
                result.daily[day, DAY_OFF] += 1
        over = follow(people, r, span, state, result, i, to, cell, cost, day, sent_at, opened_at, answered_at, answer)
        if len(state.keys):
            state.keys[slot] = (i + 1) << 32 | (to + 1)
            state.counts[slot] += 1
            state.until[slot] = over
        if len(result.trace):
            row = result.trace[state.now[WRITTEN]]
            row[0], row[1], row[2] = number, other, n
        state.written[state.now[WRITTEN]] = to
        state.now[WRITTEN] += 1


@LEAN
def follow(people, r, span, state, result, i, to, cell, cost, day, sent_at, opened_at, answered_at, answer):
    """Note all that comes of an InMail; returns the second at which it ceases to wait for an answer."""
    end, ring = span.days * DAY, state.back.shape[1]
    cells, daily, here = result.cells, result.daily, result.countries[people.country[i]]
    entries = result.ledger[people.plan[i], people.strategy[i]]
    deadline = sent_at + r.deadline
    in_time = answered_at != NEVER and answered_at < deadline
    ended_by = answer if in_time else 0
    settled_at = answered_at if in_time else deadline
    returned = r.returned[cost, ended_by]
    cells[cell, SENT] += 1
    cells[cell, FREE] += cost == 0
    daily[day, DAY_SENT] += 1
    here[HERE_SENT] += 1
    entries[SPENT] += cost
    result.balance[i] -= cost
    over = min(deadline, answered_at) if answered_at != NEVER else deadline
    if opened_at != NEVER:
        if opened_at < end:
            cells[cell, OPENED] += 1
            daily[opened_at // DAY, DAY_OPENED] += 1
            here[HERE_OPENED] += 1
    elif r.expiry:
        over = min(over, sent_at + r.expiry)
        if sent_at + r.expiry < end:
            cells[cell, EXPIRED] += 1
    if answered_at != NEVER and answered_at < end:
        cells[cell, ANSWERED] += 1
        cells[cell, KINDS + answer] += 1
        cells[cell, SECONDS] += answered_at - sent_at
        daily[answered_at // DAY, DAY_ANSWERED] += 1
        here[HERE_ANSWERED] += 1
        here[HERE_INTERESTED] += answer == behaviour.INTERESTED
        here[HERE_REPORTED] += REPORTS[answer]
        expect(state, i, answered_at, answer, day, in_time)
    if settled_at < end:
        on = settled_at // DAY
        bonus, compensation = r.bonus[cost, ended_by], r.to_recipient[cost, ended_by]
        if ended_by == 0:
            cells[cell, KINDS] += 1
        if returned or bonus:
            state.back[i, on % ring] += returned + bonus
            cells[cell, RETURNED] += returned
            cells[cell, BONUS] += bonus
            entries[GIVEN_BACK] += returned
            entries[BONUSES] += bonus
            daily[on, DAY_RETURNED] += returned
        if compensation:
            cells[cell, COMPENSATED] += compensation
            result.compensated[to] += compensation
            whose = np.searchsorted(people.place, to)
            if whose < len(people.place) and people.place[whose] == to:
                state.back[whose, on % ring] += compensation
                result.ledger[people.plan[whose], people.strategy[whose], COMPENSATIONS] += compensation
    if len(result.trace):
        row = result.trace[state.now[WRITTEN]]
        row[3], row[4] = cost, sent_at
        row[5] = opened_at if opened_at < end else NEVER
        shown = answered_at != NEVER and answered_at < end
        row[6], row[7] = (answered_at, np.int64(answer)) if shown else (np.int64(NEVER), np.int64(0))
        row[8], row[9] = (settled_at, returned) if settled_at < end else (np.int64(NEVER), np.int64(0))
    return over


@LEAN
def expect(state, i, at, answer, day, in_time):
    """Note an answer for the day on which it comes."""
    now, on = state.now, at // DAY
    place = now[FREE_ROW]
    if place >= 0:
        now[FREE_ROW] = state.waiting[place, BEFORE]
    else:
        place = now[WAITING]
        now[WAITING] += 1
    row = state.waiting[place]
    row[BEFORE], row[WHO], row[SECOND] = state.newest[on], i, at - on * DAY
    row[ORDER], row[ANSWER], row[WROTE], row[IN_TIME] = now[WRITTEN] & 0x7FFFFFF, answer, day, in_time
    state.newest[on] = place


def finish(people: Senders, result: Result) -> Result:
    """The result with the balances that the ledger must come to."""
    np.add.at(result.ledger, (people.plan, people.strategy, BALANCE), result.balance)
    return result

"""What senders intend on a day, compiled: how many, to whom, and which of it the rules let pass (DOMAIN 9, *Senders*).

Law: intents are those of `simulation.senders`; a refused intent is dropped and changes nothing but the walk.
"""

from __future__ import annotations

import numba
import numpy as np

from lab import compiled as c
from lab import layout as a
from lab import rules
from lab.layout import DAY
from lab.luck import begun, hashed, picked, unit
from lab.midnight import granted, judged
from lab.walk import NOBODY, anyone, who_welcomes
from simulation import behaviour, draws, market, senders

PAIR = draws.Trait.PAIR


@c.LEAN
def today_of(luck, number, day):
    """Where the draws of a sender's day begin."""
    return hashed(hashed(hashed(luck, senders.SENDING), number), day)


@c.LEAN
def intend(world, people, habits, span, luck, day, todays, many):
    """How many InMails each sender intends on a day: what is expected of it, rounded by luck. Returns the sum."""
    total, share = 0, habits.weekdays[span.weekdays[day]]
    for i in range(len(many)):
        today = today_of(luck, world.first + people.place[i], span.first_day + day)
        todays[i] = today
        many[i] = np.int64(people.monthly[i] * share + unit(hashed(hashed(today, 0), senders.AMOUNT)))
        total += many[i]
    return total


@numba.njit(nogil=True, cache=True, error_model="numpy", _nrt=False)
def count_intents(world, people, habits, span, seed, todays, many):
    """All InMails intended in the run, and those of its busiest day."""
    total, busiest = 0, 0
    for day in range(span.days):
        today = intend(world, people, habits, span, begun(seed), day, todays, many)
        total += today
        busiest = max(busiest, today)
    return total, busiest


@c.LEAN
def prepare(world, people, habits, r, seed, state, result, day, bits):
    """Midnight for every sender, and whom each means to write to today."""
    luck, size, start = begun(seed), len(world.words), 0
    for i in range(len(people.place)):
        barred = judged(r, state, i, day)
        result.under_rule[day] += barred
        if r.billing[day, people.billing[i]]:
            granted(people, r, result, i, day)
        intents = np.int64(state.many[i])
        if not intents:
            continue
        in_bulk, looks = manner(people.strategy[i], result.stars[i], habits, r)
        state.facts[i] = rules.BULK * in_bulk
        if day * DAY < state.suspended_until[i]:
            state.facts[i] |= rules.SUSPENDED
        if barred:
            state.facts[i] |= rules.BULK_SUSPENDED
        me, at = people.place[i], state.position[i]
        walk = hashed(hashed(luck, market.WALK), world.first + me)
        if looks:
            state.position[i] += who_welcomes(
                state.near, start, state.ahead, state.welcome, people.category[i], me, walk, at, intents,
                habits.candidates, size, bits,
            )  # fmt: skip
        else:
            state.position[i] += anyone(state.near, start, walk, at, intents, size, bits)
        start += intents


@c.LEAN
def manner(strategy, stars, habits, r):
    """Whether a sender writes in bulk today, and whether it looks for those who welcome its category."""
    learns = strategy == senders.LEARNER and stars != rules.NO_SCORE and np.float64(stars) / 10.0 < habits.learns_below
    in_bulk = strategy == senders.BULK or (strategy == senders.LEARNER and not learns)
    return in_bulk, r.shown and (strategy == senders.TARGETED or learns)


@c.LEAN
def make_ready(world, people, r, state, result, day):
    """Refused intents are dropped, the others made ready while the balance lasts; returns how many."""
    ready, start = 0, 0
    for i in range(len(people.place)):
        intents, usable = np.int64(state.many[i]), result.balance[i]
        for k in range(start, start + intents):
            if state.near[k] == NOBODY:
                continue
            cost = may_send(world, people, r, state, i, day, k, k - start, usable, ready)
            if cost != rules.REFUSED:
                usable -= cost
                ready += 1
        result.balance[i] = usable
        start += intents
    return ready


@c.LEAN
def may_send(world, people, r, state, i, day, k, turn, usable, ready):
    """The cost of one intent, which is made ready, or REFUSED. First by what is known at once: most fail by that."""
    to, word, me, strategy = state.near[k], np.int64(state.met[k]), people.place[i], people.strategy[i]
    facts = np.int64(state.facts[i])
    if to == me:
        facts |= rules.ONESELF
    if word & a.OFF_BIT:
        facts |= rules.OFF
    if word & a.FREE_BIT:
        facts |= rules.TAKES_FREE
    if usable > 0:
        facts |= rules.CAN_PAY
    if r.cost[facts] == rules.REFUSED:
        return np.int64(rules.REFUSED)
    pair = pair_of(world, i, me, to)
    if pair & a.DEGREE == behaviour.FIRST_DEGREE:
        facts |= rules.CONNECTED
    if pair & a.BLOCK_BIT:
        facts |= rules.BLOCKED
    n, slot = 0, np.int64(0)
    if len(state.keys):
        slot = slot_of(state.keys, (i + 1) << 32 | (to + 1))
        n = np.int64(state.counts[slot])
        if n and state.until[slot] >= day * DAY:
            facts |= rules.AWAITING
    cost = np.int64(r.cost[facts])
    if cost == rules.REFUSED:
        return cost
    declared = people.category[i]
    if strategy == senders.OPPORTUNIST and r.shown:
        of_turn = hashed(state.today[i], turn)
        declared = welcomed(declared, word & a.INTERESTS, unit(hashed(of_turn, senders.DECLARED)))
    match = behaviour.UNDECLARED
    if word & a.INTERESTS:
        match = behaviour.MATCH if word >> declared & 1 else behaviour.MISMATCH
    if r.enforced and match == behaviour.MISMATCH:
        return np.int64(rules.REFUSED)
    if len(state.keys):
        state.keys[slot] = (i + 1) << 32 | (to + 1)
        state.counts[slot] += 1
        state.until[slot] = (day + 1) * DAY
    row = state.ready[ready]
    row[a.FROM], row[a.TO], row[a.WORD], row[a.TURN], row[a.N], row[a.COST] = i, to, word, turn, n, cost
    row[a.MATCH], row[a.DECLARED], row[a.PAIR], row[a.SLOT] = match, declared, pair, slot
    return cost


@c.LEAN
def pair_of(world, i, me, to):
    """What a sender and a recipient are to each other: known, or drawn for each pair of members, the same both ways."""
    if world.pairs.size:
        return np.int64(world.pairs[i, to])
    low, high = world.first + min(me, to), world.first + max(me, to)
    drawn = hashed(hashed(hashed(begun(world.seed), low), PAIR), high)
    pair = np.int64(picked(world.degrees, unit(drawn)))
    if np.float64(np.int64(drawn & np.uint64(0x7FF))) < world.groups * 2048.0:
        pair |= a.GROUP_BIT
    return pair


@c.LEAN
def slot_of(keys, key):
    """Where a pair stands in the table of pairs, or the free place for it."""
    mask = len(keys) - 1
    at = np.int64(c.mix(np.uint64(key)) & np.uint64(mask))
    while keys[at] != 0 and keys[at] != key:
        at = (at + 1) & mask
    return at


@c.LEAN
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

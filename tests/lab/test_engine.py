"""The compiled engine intends what the platform's simulated senders intend, and draws what they draw."""

from datetime import UTC, datetime

import numpy as np
import pytest

from inmail import policy, score
from lab import compiled, engine, layout, luck, rules, walk, world
from simulation import behaviour, draws, senders
from simulation.character import Behaviour

START = datetime(2014, 6, 2, tzinfo=UTC)
FIRST_DAY = int(START.timestamp()) // 86_400


def lived(population=None, *, members=1500, days=30, name="2014", luck=7, traces=True):
    people = world.market(population or world.Population(premium=0.1), 5, 0, members)
    habits = senders.Habits()
    who = world.who_sends(habits, people)
    book, span = rules.tabulate(policy.PRESETS[name], start=START, days=days), world.span(FIRST_DAY, days)
    state, result = engine.begin(people, who, world.numbers(habits), book, span, luck, keeps_pairs=True, traces=traces)
    stop = np.zeros(1, dtype=np.int64)
    tables = Behaviour().tables
    engine.live(people, who, world.numbers(habits), tables, book, span, luck, state, result, 0, days + 1, stop)
    result = engine.finish(who, state, result)
    return people, who, result, result.trace[: state.now[layout.WRITTEN]]


def test_it_sends_what_the_platforms_senders_plan_as_far_as_that_may_be_sent():
    people, who, _result, trace = lived(days=1)
    numbers, interests = people.first + who.place, (people.words & 0xFF).astype(np.uint8)
    plan = senders.plan_day(
        senders.Habits(), 5, 7, FIRST_DAY, numbers, np.full(len(numbers), np.nan), np.zeros(len(numbers), np.int64),
        interests, people.first,
    )  # fmt: skip
    planned = set(zip(plan.sender.tolist(), plan.recipient.tolist(), plan.second.tolist(), strict=True))
    written = {(row[0], row[1], row[4]) for row in trace.tolist()}
    assert len(written) > 50 and written <= planned
    off = {int(people.first + place) for place in np.flatnonzero(people.words & layout.OFF_BIT)}
    dropped = [(s, r) for s, r, _ in planned - written]
    rich = {int(n) for n, plan in zip(numbers, who.plan, strict=True) if plan >= 4}
    assert all(r in off or s == r for s, r in dropped if s in rich and people.degrees[0] == 0)


def test_every_reaction_is_the_plain_functions():
    _people, _who, _result, trace = lived(days=20)
    b = Behaviour()
    for number, other, n, *_ in trace[:50].tolist():
        h = np.uint64(compiled.mix(np.uint64(7) + np.uint64(draws.GOLDEN)))
        for value in (number, other, n, behaviour.OPEN):
            h = np.uint64(luck.hashed(h, value))
        assert float(luck.unit(h)) == draws.hash01(7, number, other, n, behaviour.OPEN)
    assert b.tables.delay[4095] > b.tables.delay[0]


def test_no_balance_is_ever_below_nil_and_every_credit_is_accounted_for():
    for name in policy.PRESETS:
        _people, _who, result, _trace = lived(name=name, days=60, traces=False)
        ledger = result.ledger
        assert (result.balance >= 0).all()
        given = ledger[..., [layout.GRANTED, layout.GIVEN_BACK, layout.BONUSES, layout.COMPENSATIONS]].sum(axis=-1)
        assert (given - ledger[..., layout.SPENT] == ledger[..., layout.BALANCE]).all()


def test_the_tables_say_what_the_rules_say():
    book = rules.tabulate(policy.PRESETS["2014"], start=START, days=90)
    assert book.tenths[3, 13] == int(score.stars(["interested", "interested", "not_interested"]) * 10)
    for delivered in (99, 100, 101, 777, rules.MOST_DELIVERED):
        fewest = int(book.enough[delivered])
        assert not score.is_below(delivered, fewest)
        assert fewest == 0 or score.is_below(delivered, fewest - 1)
    assert book.cost[0] == rules.REFUSED and book.cost[rules.CAN_PAY] == 1 and book.cost[rules.TAKES_FREE] == 0


@pytest.mark.parametrize("size", [2, 3, 1000, 1024, 1025])
def test_a_walk_meets_everybody_once(size):
    bits = max(2, (size - 1).bit_length())
    assert sorted(walk.candidate(np.uint64(99), place, size, bits) for place in range(size)) == list(range(size))

"""Simulated senders: heavy-tailed intents, a walk without repeats, and the same plan however it is asked for."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.market import candidates, market, permute
from simulation.population import generate
from simulation.senders import (
    BULK,
    LEARNER,
    OPPORTUNIST,
    STRATEGIES,
    TARGETED,
    Habits,
    characters,
    declare_falsely,
    plan_day,
    strategy,
    weekday,
)

HABITS = Habits()
MONDAY = 16_223  # 2014-06-02
WORLD_SEED, SEED = 1, 2


@pytest.fixture(scope="module")
def interests():
    return generate(2_000, 1).people.interests


def plans(interests, senders, days=30, scores=np.nan, habits=HABITS):
    """The plans of consecutive days, with positions carried along."""
    positions, result = np.zeros(len(senders), dtype=np.int64), []
    scores = np.full(len(senders), scores)
    for day in range(MONDAY, MONDAY + days):
        result.append(plan_day(habits, WORLD_SEED, SEED, day, senders, scores, positions, interests, 1))
        positions = result[-1].positions
    return result


def together(days):
    return type(days[0])(*(np.concatenate(column) for column in zip(*days, strict=True)))


def of_strategy(strategy, count=60):
    numbers = np.arange(1, 2_001)
    return numbers[characters(HABITS, WORLD_SEED, numbers).strategy == strategy][:count]


@given(st.integers(1, 3_000), st.integers(0, 2**64 - 1))
def test_a_walk_meets_everyone_once(size, key):
    walk = permute(np.array([key], dtype=np.uint64), np.arange(size), size)
    assert np.array_equal(np.sort(walk), np.arange(size))


def test_a_second_walk_meets_everyone_again_in_another_order():
    walk = candidates(SEED, (1, 500), np.array([7]), np.arange(1_000))
    assert sorted(walk[:500]) == sorted(walk[500:]) == list(range(1, 501))
    assert not np.array_equal(walk[:500], walk[500:])


def test_walks_of_different_senders_have_little_in_common():
    one, other = (candidates(SEED, (1, 100_000), np.array([s]), np.arange(5_000)) for s in (7, 8))
    assert (one == other).sum() < 5
    assert len(np.intersect1d(one, other)) == pytest.approx(250, abs=80)  # by chance
    assert abs(np.corrcoef(np.arange(5_000), one)[0, 1]) < 0.06


def test_markets_are_blocks_of_consecutive_numbers():
    start, size = market((1, 300_000_000), np.array([1, 2**20, 2**20 + 1, 300_000_000]))
    assert start.tolist() == [1, 1, 1 + 2**20, 1 + 286 * 2**20]
    assert size.tolist() == [2**20, 2**20, 2**20, 300_000_000 - 286 * 2**20]  # what is left: no market has two owners
    assert market((5, 100), np.array([60]))[1] == 100


def test_strategies_and_volumes_have_their_shares():
    character = characters(HABITS, WORLD_SEED, np.arange(100_000))
    assert np.bincount(character.strategy) / 100_000 == pytest.approx(HABITS.mix, abs=0.01)
    assert (character.monthly <= 4).mean() == pytest.approx(0.5, abs=0.01)
    assert (character.monthly >= 200).mean() == pytest.approx(0.02, abs=0.003)


def test_amounts_follow_volume_and_weekday(interests):
    senders = np.arange(1, 2_001)
    days = plans(interests, senders, days=28)
    expected = characters(HABITS, WORLD_SEED, senders).monthly.sum() * 28 * 12 / 365.25
    of_weekday = [
        sum(len(p.row) for p, d in zip(days, range(28), strict=True) if weekday(MONDAY + d) == w) for w in range(7)
    ]
    assert 0.8 * expected < sum(of_weekday) <= 1.05 * expected  # some targeted intents find nobody
    assert np.array(of_weekday) / sum(of_weekday) == pytest.approx(HABITS.weekdays, abs=0.01)


def test_the_first_of_june_2014_was_a_sunday():
    assert weekday(MONDAY - 1) == 6 and weekday(MONDAY) == 0 and weekday(0) == 3


def test_planning_together_or_one_by_one_is_the_same(interests):
    senders = np.arange(1, 300)
    whole = together(plans(interests, senders, days=3)[:3])
    for sender in range(1, 300, 23):
        alone = together(plans(interests, np.array([sender]), days=3))
        mine = whole.sender == sender
        assert all(np.array_equal(a[mine], b) for a, b in zip(whole[1:-1], alone[1:-1], strict=True))


def test_bulk_senders_write_to_nobody_twice_before_the_market_ends(interests):
    senders = of_strategy(BULK, 400)
    plan = together(plans(interests, senders, days=30))
    for sender in senders:
        met = plan.recipient[plan.sender == sender]
        assert len(met) > 2_000 or len(np.unique(met)) == len(met)
    assert plan.bulk.all() and not plan.opportunist.any()


def test_targeted_senders_write_only_to_those_who_declare_their_category(interests):
    plan = together(plans(interests, of_strategy(TARGETED)))
    assert ((interests[plan.recipient - 1] >> plan.declared) & 1).all()
    assert (plan.recipient != plan.sender).all() and not plan.bulk.any()


def test_opportunists_declare_what_is_welcome_whatever_they_write_about(interests):
    plan = together(plans(interests, of_strategy(OPPORTUNIST)))
    welcome = interests[plan.recipient - 1]
    matches = (welcome >> plan.declared) & 1
    assert (matches | (welcome == 0)).all()
    assert plan.opportunist.mean() > 0.3 and np.array_equal(plan.opportunist, plan.declared != plan.category)


def test_a_false_declaration_is_known_from_sender_and_category_alone(interests):
    plan = together(plans(interests, np.arange(1, 500), days=5))
    assert np.array_equal(declare_falsely(HABITS, WORLD_SEED, plan.sender, plan.declared), plan.opportunist)
    assert strategy(WORLD_SEED, int(of_strategy(OPPORTUNIST)[0])) == OPPORTUNIST


def test_a_learner_turns_targeted_while_its_score_is_low(interests):
    senders = of_strategy(LEARNER)
    fresh, low, high = (together(plans(interests, senders, scores=score)) for score in (np.nan, 3.4, 3.5))
    assert fresh.bulk.all() and high.bulk.all() and not low.bulk.any()
    assert ((interests[low.recipient - 1] >> low.declared) & 1).all()


@pytest.mark.parametrize(("strategy", "mix"), [(BULK, HABITS.bulk_lengths), (TARGETED, HABITS.other_lengths)])
def test_lengths_follow_their_mix(interests, strategy, mix):
    length = together(plans(interests, of_strategy(strategy, 300))).length
    classes = np.bincount(np.searchsorted((400, 800, 1200), length), minlength=4) / len(length)
    assert classes == pytest.approx(mix, abs=0.04)
    assert length.min() >= 60 and length.max() <= 1_900


def test_seconds_rise_and_differ_within_working_hours(interests):
    plan = plans(interests, np.arange(1, 2_001), days=1)[0]
    assert plan.second.min() >= 8 * 3600 and plan.second.max() < 18 * 3600
    assert (np.diff(plan.second) >= 0).all()
    assert len(np.unique(np.column_stack((plan.sender, plan.second)), axis=0)) == len(plan.sender)


def test_intents_differ_between_timelines_but_people_do_not(interests):
    senders, none = np.arange(1, 500), np.zeros(499, dtype=np.int64)
    scores = np.full(499, np.nan)
    one, other = (plan_day(HABITS, WORLD_SEED, seed, MONDAY, senders, scores, none, interests, 1) for seed in (1, 2))
    assert not np.array_equal(one.recipient, other.recipient)
    assert (
        dict(zip(one.sender.tolist(), one.category.tolist(), strict=True)).items()
        & dict(zip(other.sender.tolist(), other.category.tolist(), strict=True)).items()
    )


def test_a_day_without_senders_is_empty(interests):
    plan = plan_day(HABITS, 1, 2, MONDAY, np.array([], dtype=int), np.array([]), np.array([], dtype=int), interests, 1)
    assert len(plan.sender) == 0 and len(plan.positions) == 0


def test_sixty_days_of_two_hundred_senders_take_less_than_two_seconds(interests):
    begin = time.perf_counter()
    plans(interests, np.arange(1, 2_001, 10), days=60)
    assert time.perf_counter() - begin < 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"mix": (0.5, 0.5, 0.5, -0.5)}, "mix must be 4 shares"),
        ({"weekdays": (1.0,)}, "weekdays must be 7 shares"),
        ({"bulk_lengths": (np.nan, 0, 0, 1)}, "bulk_lengths must be 4 shares"),
        ({"candidates": 0}, "candidates must lie"),
        ({"learns_below": np.nan}, "learns_below must be"),
        ({"volumes": ((0.0, 1.0), (0.5, 4.0))}, "volumes must lead"),
    ],
)
def test_habits_of_nobody_are_refused(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        Habits(**change)


def test_there_are_four_strategies():
    assert STRATEGIES == ("targeted", "bulk", "opportunist", "learner") and len(HABITS.mix) == 4

"""What must hold between runs, whatever the truth is: other numbers, more people, kinder rules, more days."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from inmail import policy
from lab import layout, plain, report, scenario, shards, world
from lab.measures import measures
from simulation import behaviour, market
from simulation.behaviour import MATCH, MISMATCH
from simulation.character import Behaviour

READY = {name: scenario.load(path) for name, path in scenario.ready().items()}
RATES = ("open_rate", "answer_rate", "interested_rate", "mismatch_share", "sent_per_sender_month", "returned_share")
ENDS = (policy.SILENCE, policy.INTERESTED, policy.REPLY, policy.NOT_INTERESTED)
CALM = Behaviour(
    fatigue=1.0, switch_off=0.0, switch_off_mismatch=0.0,
    spam=0.0, inappropriate=0.0, spam_mismatch=0.0, inappropriate_mismatch=0.0,
)  # fmt: skip


def small(name="return_on_silence", **changes) -> scenario.Scenario:
    s = READY[name]
    return replace(s, **{"members": 3000, "days": 60, "population": replace(s.population, premium=0.1)} | changes)


def rates(s: scenario.Scenario, replications: int = 16, **options) -> dict[str, np.ndarray]:
    told = [shards.replication(s, number, **options)[0] for number in range(replications)]
    found = [measures(totals, s.days, s.welfare) for totals in told]
    return {name: np.array([each[name] for each in found]) for name in RATES}


def within_error(one: dict, other: dict) -> bool:
    """Whether no rate differs beyond chance, where a difference of a tenth would be seen."""
    sure = all(np.hypot(stats.sem(one[name]), stats.sem(other[name])) < 0.03 * one[name].mean() for name in RATES)
    return sure and all(stats.ttest_ind(one[name], other[name], equal_var=False).pvalue > 0.001 for name in RATES)


@pytest.fixture
def small_markets(monkeypatch):
    for module in (market, world, shards):
        monkeypatch.setattr(module, "MARKET", 8192)


def test_members_of_other_numbers_and_twice_as_many_have_the_same_rates(small_markets):
    s = small(members=16384)
    first, second = (rates(s, places=range(place, place + 1)) for place in (0, 1))
    assert not np.array_equal(first["open_rate"], second["open_rate"])
    assert within_error(first, second)
    assert within_error(rates(replace(s, members=8192, seed=99)), rates(s))


def test_people_who_behave_otherwise_do_not_have_the_same_rates(small_markets):
    s = small(members=8192)
    assert not within_error(rates(s), rates(replace(s, behaviour=Behaviour(open=0.6))))
    assert not within_error(rates(s), rates(replace(s, population=replace(s.population, declares=0.5))))


@pytest.fixture(scope="module")
def inmails() -> behaviour.Inmails:
    lived = plain.live(small(days=20), 0, small().arms[:1], lambda numbers: np.zeros(len(numbers), int))
    return lived.letters.inmails._replace(opportunist=False)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.05, 0.95), st.floats(0.05, 0.58), st.floats(0.05, 1), st.floats(0.05, 1), st.floats(0.5, 1))
def test_each_inmail_fares_at_least_as_well_as_a_match(inmails, opens, answers, open_less, answer_less, fatigue):
    b = Behaviour(open=opens, answer=answers, open_mismatch=open_less, answer_mismatch=answer_less, fatigue=fatigue)
    better, worse = (behaviour.react(b.tables, 5, inmails._replace(match=match)) for match in (MATCH, MISMATCH))
    assert not (worse.opens & ~better.opens).any()
    for good in (plain.RESPONSES, (behaviour.INTERESTED,)):
        assert not (np.isin(worse.answer, good) & ~np.isin(better.answer, good)).any()
    assert not (np.isin(better.answer, plain.REPORTS) & worse.opens & ~np.isin(worse.answer, plain.REPORTS)).any()


@pytest.mark.parametrize("days", [7, 30])
def test_no_kinder_return_ever_raises_what_anyone_spends_in_the_end(days):
    """Nothing feeds back here: what comes back then only replaces what would be spent, for each plan and strategy."""
    kinds = [frozenset(kinds) for many in range(5) for kinds in combinations(ENDS, many)]
    base = replace(policy.PRESETS["2015"], deadline_days=days)
    arms = tuple(
        scenario.Arm("+".join(sorted(kind)), replace(base, returns=dict.fromkeys(kind, 1)), quality=False)
        for kind in kinds
    )
    s = small(arms=arms, behaviour=CALM, habits=replace(small().habits, learns_below=0.0))
    s = replace(s, population=replace(s.population, lowest_score=0.0))
    told = shards.replication(s, 0)
    net = [t.ledger[..., layout.SPENT] - t.ledger[..., layout.GIVEN_BACK] for t in told]
    nested = [(a, b) for a, b in product(range(16), repeat=2) if kinds[a] < kinds[b]]
    assert len(nested) == 65 and all((net[b] <= net[a]).all() for a, b in nested)
    assert net[-1].sum() < net[0].sum()


@pytest.mark.parametrize("name", READY)
def test_in_every_arm_of_every_ready_scenario_the_laws_hold_and_more_days_leave_the_past_alone(name):
    short, long = (shards.replication(small(name, days=days), 1) for days in (35, 50))
    for before, after in zip(short, long, strict=True):
        assert report.holds(before) and report.holds(after)
        assert before.daily.tolist() == after.daily[:35].tolist()
        assert before.cells[:, layout.SENT].sum() > 1000

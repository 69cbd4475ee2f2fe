"""A run in parts, and what must hold whatever the parameters are."""

from dataclasses import replace

import numpy as np
import pytest

from lab import layout, measures, report, scenario, shards, world
from simulation import market

SMALL = scenario.read("""
name = "Small"
members = 3000
days = 60
replications = 2

[population]
premium = 0.1

[[arms]]
name = "silence"

[[arms]]
name = "answer"
policy = "2015"
""")


def lived(of, number=0, **options) -> list[shards.Totals]:
    return shards.replication(of, number, **options)


def changed(of=SMALL, *, arms=None, **population) -> scenario.Scenario:
    return replace(of, population=replace(of.population, **population), arms=arms or of.arms)


@pytest.fixture
def small_markets(monkeypatch):
    """Markets of 512 members, so that a small world has several."""
    for module in (market, world, shards):
        monkeypatch.setattr(module, "MARKET", 512)


def sent(totals) -> int:
    return int(totals.cells[:, layout.SENT].sum())


def test_threads_and_parts_change_nothing(small_markets):
    assert shards.markets(SMALL) == 6
    whole = lived(SMALL, workers=1)
    assert lived(SMALL, workers=4) == whole
    for number in (2, 4, 6, 64):
        parts = [lived(SMALL, places=places) for places in shards.parts(SMALL, number)]
        assert len(parts) == min(6, number)
        assert [sum((part[arm] for part in parts[1:]), parts[0][arm]) for arm in (0, 1)] == whole
    assert report.report(SMALL, [whole]) == report.report(SMALL, [lived(SMALL, workers=3)])


def test_a_part_comes_back_from_its_checkpoint_as_it_was():
    for totals in lived(SMALL):
        assert shards.Totals.from_bytes(totals.as_bytes()) == totals


def test_the_laws_of_the_ledger_hold_in_every_arm():
    for totals in lived(SMALL):
        assert sent(totals) > 500 and report.holds(totals)
        totals.ledger[1, 0, layout.BALANCE] += 1
        assert not report.holds(totals)


def test_a_policy_against_itself_differs_by_exactly_nothing():
    twice = replace(SMALL, arms=(SMALL.arms[0], replace(SMALL.arms[0], name="again")))
    one, other = lived(twice)
    assert one == other
    (by,) = report.differences(twice, [lived(twice, number) for number in range(2)]).values()
    assert {d.difference for d in by.values()} == {0.0} and {d.verdict for d in by.values()} == {
        "no relevant difference"
    }


def test_where_everybody_has_opted_out_nothing_is_sent_or_spent():
    for totals in lived(changed(off=1.0, no_free=0.0)):
        assert sent(totals) == 0 and totals.ledger[..., layout.SPENT].sum() == 0


def test_a_longer_horizon_never_changes_the_past():
    short, long = (lived(replace(SMALL, days=days)) for days in (40, 60))
    for before, after in zip(short, long, strict=True):
        for kind in (layout.DAY_SENT, layout.DAY_GRANTED, layout.DAY_BALANCE):
            assert before.daily[:, kind].tolist() == after.daily[:40, kind].tolist()


def test_who_always_matches_is_opened_and_answered_more_than_who_never_does():
    habits = replace(SMALL.habits, mix=(0.0, 1.0, 0.0, 0.0), categories=(0.0, 1.0, *[0.0] * 6))
    rare, wanted = 1e-9, 1.0
    rates = []
    for popularity in ((rare, wanted, *[rare] * 6), (rare, rare, wanted, *[rare] * 5)):
        people = changed(popularity=popularity, declares=1.0, declared=(1.0, 0.0, 0.0, 0.0), open_to_work=0.0)
        rates.append(measures.measures(lived(replace(people, habits=habits))[0], SMALL.days, SMALL.welfare))
    assert (rates[0]["mismatch_share"], rates[1]["mismatch_share"]) == (0.0, 1.0)
    for rate in ("open_rate", "answer_rate", "interested_rate"):
        assert rates[0][rate] > 1.3 * rates[1][rate]


def test_a_more_generous_return_never_raises_net_spending_where_nothing_feeds_back():
    """Load, switch-off, score and bonuses are off: what comes back then only replaces what would be spent."""
    calm = replace(SMALL.behaviour, fatigue=1.0, switch_off=0.0, switch_off_mismatch=0.0)
    habits = replace(SMALL.habits, learns_below=0.0)
    answer = SMALL.arms[1].policy
    generous = [replace(answer, returns=returns) for returns in ({}, {"interested": 1}, dict(answer.returns))]
    arms = tuple(replace(SMALL.arms[1], name=str(i), policy=p, quality=False) for i, p in enumerate(generous))
    told = lived(replace(changed(arms=arms, lowest_score=0.0), behaviour=calm, habits=habits))
    net = [t.ledger[..., layout.SPENT].sum() - t.ledger[..., layout.GIVEN_BACK].sum() for t in told]
    assert net == sorted(net, reverse=True)


def test_a_run_that_is_given_up_stops_and_says_so():
    with pytest.raises(shards.Cancelled):
        lived(SMALL, stop=np.ones(1, dtype=np.int64))


def test_every_country_has_its_share_of_senders():
    everybody = world.market(changed(premium=1.0).population, 5, 0, 20_000)
    who = world.who_sends(SMALL.habits, everybody)
    where = world.country_of(everybody, who, 20_000)
    assert (np.diff(where) >= 0).all() and len(set(where.tolist())) > 50
    assert np.isclose(np.mean(where == world.COUNTRIES.index("US")), 84.9 / (162.85 + 90), atol=0.02)

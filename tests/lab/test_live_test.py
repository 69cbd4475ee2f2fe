"""A live test is right where senders cannot get into each other's way, and wrong where they can."""

import json
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from lab import live_test, plain, scenario, shards
from lab.measures import measures

READY = scenario.load(scenario.ready()["return_on_silence"])
CALM = replace(READY.behaviour, fatigue=1.0, switch_off=0.0, switch_off_mismatch=0.0)
TIRED = replace(READY.behaviour, fatigue=0.4)


def small(**changes) -> scenario.Scenario:
    crowd = replace(READY.population, premium=0.2)
    return replace(READY, **{"members": 1500, "days": 36, "population": crowd} | changes)


def odd(numbers: np.ndarray) -> np.ndarray:
    return numbers % 2


def whole(s: scenario.Scenario, arm: int) -> plain.Course:
    return plain.live(s, 0, s.arms, lambda numbers: np.full(len(numbers), arm))


def test_the_measures_of_a_whole_world_are_the_reports():
    s = small()
    for arm, totals in enumerate(shards.replication(s, 0)):
        course = whole(s, arm)
        mine = live_test.estimates(course, np.ones(len(course.which), bool))
        theirs = measures(totals, s.days, s.welfare)
        assert {name: each.value for name, each in mine.items()} == pytest.approx(
            {n: theirs[n] for n in mine}, nan_ok=True
        )
        assert {name.split("_")[0] for name in set(theirs) - set(mine)} == {"load", "welfare"}  # of whole worlds


def test_where_recipients_neither_tire_nor_leave_each_sender_fares_as_in_a_whole_world():
    s = small(behaviour=CALM)
    mixed, alone = live_test.counts(plain.live(s, 0, s.arms, odd)), [live_test.counts(whole(s, arm)) for arm in (0, 1)]
    which = plain.live(s, 0, s.arms, odd).which
    for name in mixed:
        assert mixed[name].tolist() == np.where(which == 0, alone[0][name], alone[1][name]).tolist()
    assert not np.array_equal(alone[0]["sent"], alone[1]["sent"])


def test_where_recipients_tire_the_halves_are_not_apart():
    s = small(behaviour=TIRED)
    mixed, alone = plain.live(s, 0, s.arms, odd), whole(s, 1)
    load = [course.letters.inmails.load[mixed.which[course.letters.row] == 1].mean() for course in (mixed, alone)]
    assert load[0] > 1.05 * load[1] > 1  # the other half, which sends more, writes to the same people


def test_a_live_test_then_sees_less_of_a_difference_than_there_is():
    found = live_test.live_test(small(behaviour=TIRED), replications=3)["measures"]["open_rate"]
    assert found["truth"]["low"] > 0 and found["bias"]["high"] < 0
    assert found["naive"]["value"] < 0.6 * found["truth"]["value"]


def test_without_interference_the_mean_of_both_tests_is_the_truth():
    found = live_test.live_test(small(behaviour=CALM), replications=2)["measures"]
    sent = found["sent_per_sender_month"]
    assert sent["bias"]["value"] == pytest.approx(0, abs=0.03 * abs(sent["truth"]["value"]))
    assert abs(found["open_rate"]["bias"]["value"]) < found["open_rate"]["half_width"] / 2


def test_a_policy_tested_against_itself_has_no_difference_and_no_bias():
    same = small(arms=(READY.arms[0], replace(READY.arms[0], name="again")))
    for name, found in live_test.live_test(same, replications=2)["measures"].items():
        assert found["truth"]["value"] in (0, None), name
        assert found["naive"]["value"] is None or found["naive"]["value"] == pytest.approx(0, abs=1e-12)


def test_intervals_of_ratios_over_senders_hold_the_truth_in_95_of_100_samples():
    rng, held = np.random.default_rng(1), 0
    for _ in range(500):
        below = rng.poisson(20, 150)
        found = live_test.ratio(rng.binomial(below, 0.3), below)
        held += abs(found.value - 0.3) < 1.96 * found.variance**0.5
    assert 455 <= held <= 490


def test_the_command_tells_it_and_refuses_in_sentences(tmp_path):
    said, out, options = StringIO(), tmp_path / "x.json", {"members": 1000, "stderr": StringIO()}
    call_command("live_test", "quality_rule", replications=2, out=out, stdout=said, **options)
    found = json.loads(out.read_text())
    assert "on less" not in said.getvalue() and "off less on" in said.getvalue()
    assert found["measures"]["open_rate"]["bias"].keys() == {"value", "low", "high"} and len(found["senders"]) == 2
    with pytest.raises(CommandError, match="At least 2 replications"):
        call_command("live_test", "quality_rule", replications=1, **options)
    with pytest.raises(CommandError, match="at least 1,000"):
        call_command("live_test", "quality_rule", members=10)

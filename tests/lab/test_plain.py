"""The plain lab is the oracle of the engine: equal counts, day by day, in every arm of every ready scenario."""

from dataclasses import replace

import numpy as np
import pytest

from lab import plain, scenario, shards, world
from simulation import market
from tests.lab.counting import same
from tests.lab.proof import PROOF

READY = {name: scenario.load(path) for name, path in scenario.ready().items()}


@pytest.mark.skipif(not PROOF, reason="a million members: python3 run.py proof")
@pytest.mark.parametrize("name", READY)
def test_a_million_members_come_to_the_engines_counts(name):
    s = replace(READY[name], members=1_000_000, days=90, replications=1)
    s = replace(s, population=replace(s.population, premium=0.008))
    for arm, totals in zip(s.arms, shards.live(s, 0, 0), strict=True):
        course = alone(s, arm)
        assert len(course.letters.row) > 100_000 and same(course, totals) == []


def small(name: str, **changes) -> scenario.Scenario:
    s = READY[name]
    options = {"members": 1500, "days": 45, "population": replace(s.population, premium=0.15)} | changes
    return replace(s, **options)


def alone(s: scenario.Scenario, arm: scenario.Arm, place: int = 0) -> plain.Course:
    return plain.live(s, 0, (arm,), lambda numbers: np.zeros(len(numbers), int), place)


@pytest.mark.parametrize("name", READY)
def test_every_arm_of_every_ready_scenario_comes_to_the_engines_counts(name):
    s = small(name)
    for arm, totals in zip(s.arms, shards.replication(s, 0, workers=1), strict=True):
        assert same(alone(s, arm), totals) == []


def test_a_long_run_with_sanctions_and_walks_that_come_round_is_the_engines_too():
    habits = replace(READY["twice_the_load"].habits, volumes=((0.0, 30.0), (1.0, 900.0)))
    plans = (0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    s = small("twice_the_load", members=1000, days=75, habits=habits, load=1.5)
    s = replace(s, population=replace(s.population, premium=0.03, plans=plans))
    courses = [alone(s, arm) for arm in s.arms]
    assert courses[0].under_rule.sum() > 20 and courses[0].steps.sum() > 0
    assert courses[0].letters.inmails.n.max() > 0 and courses[0].letters.inmails.load.max() > 10
    for course, totals in zip(courses, shards.replication(s, 0, workers=1), strict=True):
        assert same(course, totals) == []


def test_each_market_is_the_engines(monkeypatch):
    for module in (market, world, shards):
        monkeypatch.setattr(module, "MARKET", 512)
    s = small("return_on_silence")
    for place in (1, 2):
        totals = shards.replication(s, 0, workers=1, places=range(place, place + 1))
        assert same(alone(s, s.arms[0], place), totals[0]) == []

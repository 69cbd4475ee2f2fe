"""The plain lab is the oracle of the engine: equal counts, day by day, in every arm of every ready scenario."""

from dataclasses import replace

import numpy as np
import pytest

from lab import layout, plain, rules, scenario, shards, world
from simulation import market

READY = {name: scenario.load(path) for name, path in scenario.ready().items()}


def small(name: str, **changes) -> scenario.Scenario:
    s = READY[name]
    options = {"members": 1500, "days": 45, "population": replace(s.population, premium=0.15)} | changes
    return replace(s, **options)


def alone(s: scenario.Scenario, arm: scenario.Arm, place: int = 0) -> plain.Course:
    return plain.live(s, 0, (arm,), lambda numbers: np.zeros(len(numbers), int), place)


def counted(course: plain.Course) -> dict[str, list[int]]:
    letters, end = course.letters, course.scenario.days * plain.DAY
    opened, answered = ((at != plain.NEVER) & (at < end) for at in (letters.opened_at, letters.answered_at))
    settled = letters.settled_at < end
    return {
        "sent a day": np.bincount(letters.day, minlength=course.scenario.days).tolist(),
        "opened": [int(opened.sum())],
        "answered, by kind": np.bincount(letters.answer[answered], minlength=6)[1:].tolist(),
        "seconds": [int((letters.answered_at - letters.sent_at)[answered].sum())],
        "returned": [int(letters.returned[settled].sum()), int(letters.bonus[settled].sum())],
        "received": np.bincount(np.bincount(letters.to, minlength=len(course.words)), minlength=20).tolist(),
        "stars": np.bincount(np.where(course.stars < 0, layout.SCORES - 1, course.stars), minlength=52).tolist(),
        "switched off": [int(letters.leaves.sum())],
        "under the rule": [int(course.under_rule.sum())],
        "granted and left": [int(course.granted.sum()), int(course.balance.sum())],
        "spent by plan": np.bincount(course.who.plan[letters.row], letters.cost, len(rules.PLANS)).astype(int).tolist(),
    }


def told(totals: shards.Totals) -> dict[str, list[int]]:
    cells, ledger = totals.cells.sum(axis=0).tolist(), totals.ledger.sum(axis=(0, 1)).tolist()
    return {
        "sent a day": totals.daily[:, layout.DAY_SENT].tolist(),
        "opened": [cells[layout.OPENED]],
        "answered, by kind": cells[layout.KINDS + 1 : layout.KINDS + 6],
        "seconds": [cells[layout.SECONDS]],
        "returned": [ledger[layout.GIVEN_BACK], ledger[layout.BONUSES]],
        "received": np.trim_zeros(totals.received, "b").tolist(),
        "stars": totals.scores.sum(axis=0).tolist(),
        "switched off": [cells[layout.SWITCHED_OFF]],
        "under the rule": [int(totals.under_rule.sum())],
        "granted and left": [ledger[layout.GRANTED], ledger[layout.BALANCE]],
        "spent by plan": totals.ledger[:, :, layout.SPENT].sum(axis=1).tolist(),
    }


def alike(course: plain.Course, totals: shards.Totals) -> None:
    mine, theirs = counted(course), told(totals)
    mine["received"] = np.trim_zeros(np.array(mine["received"]), "b").tolist()
    assert mine == theirs


@pytest.mark.parametrize("name", READY)
def test_every_arm_of_every_ready_scenario_comes_to_the_engines_counts(name):
    s = small(name)
    for arm, totals in zip(s.arms, shards.replication(s, 0, workers=1), strict=True):
        alike(alone(s, arm), totals)


def test_a_long_run_with_sanctions_and_walks_that_come_round_is_the_engines_too():
    habits = replace(READY["twice_the_load"].habits, volumes=((0.0, 30.0), (1.0, 900.0)))
    plans = (0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    s = small("twice_the_load", members=1000, days=75, habits=habits, load=1.5)
    s = replace(s, population=replace(s.population, premium=0.03, plans=plans))
    courses = [alone(s, arm) for arm in s.arms]
    assert courses[0].under_rule.sum() > 20 and courses[0].steps.sum() > 0
    assert courses[0].letters.inmails.n.max() > 0 and courses[0].letters.inmails.load.max() > 10
    for course, totals in zip(courses, shards.replication(s, 0, workers=1), strict=True):
        alike(course, totals)


def test_each_market_is_the_engines(monkeypatch):
    for module in (market, world, shards):
        monkeypatch.setattr(module, "MARKET", 512)
    s = small("return_on_silence")
    for place in (1, 2):
        totals = shards.replication(s, 0, workers=1, places=range(place, place + 1))
        alike(alone(s, s.arms[0], place), totals[0])

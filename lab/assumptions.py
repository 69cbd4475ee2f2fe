"""What nobody has published and a verdict may hang on: every assumption of ours with the range it may plausibly have.

Law: a default lies within its range; a range has its reason. Published figures (S, P of DOMAIN) are not listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy import stats

from lab.scenario import Scenario
from simulation.senders import STRATEGIES

DERIVED, FREE = "D", "F"


class Assumption(NamedTuple):
    """`name` is table.key of a scenario; of a factor (`log`) doubling and halving are equally likely."""

    name: str
    low: float
    high: float
    tag: str
    reason: str
    log: bool = False

    @property
    def likely(self):
        """Its distribution: uniform, or uniform in the logarithm."""
        width = self.high - self.low
        return stats.loguniform(self.low, self.high) if self.log else stats.uniform(self.low, width)


ODDS = "an odds ratio: from hardly any effect to the square of ours"
ASSUMPTIONS = (
    Assumption("behaviour.open_mismatch", 0.16, 0.90, FREE, ODDS, True),
    Assumption("behaviour.answer_mismatch", 0.25, 0.95, FREE, ODDS, True),
    Assumption("behaviour.open_silent", 0.12, 0.90, FREE, ODDS, True),
    Assumption("behaviour.fatigue", 0.86, 0.99, FREE, "odds at ten InMails a month from 0.22 to 0.90"),
    Assumption("behaviour.degree_2", 1.0, 1.56, FREE, ODDS, True),
    Assumption("behaviour.degree_out", 0.70, 1.0, FREE, ODDS, True),
    Assumption("behaviour.shared_group", 1.0, 1.46, FREE, "from no effect to the square of ours", True),
    Assumption("behaviour.former_employer", 1.0, 1.61, FREE, "from no effect to the square of ours", True),
    Assumption("behaviour.shrink", 0.4, 1.0, DERIVED, "observed effects hold in full, or mostly not"),
    Assumption(
        "behaviour.times_reports", 0.25, 4.0, FREE, "both rates of reports of what is welcome, times this", True
    ),
    Assumption("behaviour.times_reports_mismatch", 0.25, 4.0, FREE, "the same of what is not welcome", True),
    Assumption(
        "behaviour.opportunist_report", 1.0, 4.0, FREE, "from no resentment of a false category to its square", True
    ),
    Assumption("behaviour.interested", 0.35, 0.65, DERIVED, "a third to two thirds of answers"),
    Assumption("behaviour.interested_mismatch", 0.14, 0.42, FREE, "half of ours to half as much again"),
    Assumption("behaviour.reply", 0.2, 0.6, FREE, "half of ours to half as much again"),
    Assumption("behaviour.switch_off", 0.00002, 0.002, FREE, "a tenth to ten times", True),
    Assumption("behaviour.switch_off_mismatch", 0.0002, 0.02, FREE, "a tenth to ten times", True),
    Assumption("population.times_premium", 0.33, 3.0, DERIVED, "a third to three times as many who may send", True),
    Assumption("population.declares", 0.3, 0.9, FREE, "half of ours to half as much again"),
    Assumption("population.off", 0.02, 0.2, FREE, "few or many who have switched InMail off", True),
    Assumption("population.open_profile", 0.05, 0.5, FREE, "few or many premium members with an open profile"),
    Assumption("population.shared_group", 0.01, 0.2, FREE, "a fifth of ours to four times", True),
    Assumption("population.former_colleagues", 0.005, 0.08, FREE, "a quarter of ours to four times", True),
    Assumption("population.lowest_score", 2.0, 4.5, FREE, "everybody keeps the default, which might be another"),
    Assumption("population.out_of_network", 0.25, 0.60, FREE, "what random pairs are in networks of all sizes"),
    Assumption("population.second_degree", 0.05, 0.20, FREE, "what random pairs are in networks of all sizes"),
    Assumption("senders.bulk", 0.2, 0.6, FREE, "half of ours to half as much again; the others share the rest"),
    Assumption("senders.opportunist", 0.0, 0.25, FREE, "none to a quarter; the others share the rest"),
    Assumption("senders.learner", 0.0, 0.35, FREE, "none to a third; the others share the rest"),
    Assumption("senders.learns_below", 2.5, 4.5, FREE, "learners who mind a bad score late or early"),
    Assumption("senders.candidates", 4.0, 64.0, FREE, "how far targeted senders look, a quarter to four times", True),
)
BY_NAME = {each.name: each for each in ASSUMPTIONS}


def default(scenario: Scenario, name: str) -> float:
    """What the scenario has for it."""
    table, key = name.split(".")
    if key.startswith("times_"):
        return 1.0
    if key in ("out_of_network", "second_degree"):
        return scenario.population.degrees[0 if key == "out_of_network" else 2]
    if table == "senders" and key in STRATEGIES:
        return scenario.habits.mix[STRATEGIES.index(key)]
    return float(getattr({"senders": scenario.habits}.get(table) or getattr(scenario, table), key))


def changed(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """The scenario with other assumptions."""
    of = {table: {} for table in ("behaviour", "population", "senders")}
    for name, value in values.items():
        table, key = name.split(".")
        of[table][key] = float(value)
    if of["behaviour"]:
        scenario = replace(scenario, behaviour=replace(scenario.behaviour, **_behaviour(scenario, of["behaviour"])))
    if of["population"]:
        scenario = replace(scenario, population=replace(scenario.population, **_population(scenario, of["population"])))
    if of["senders"]:
        scenario = replace(scenario, habits=replace(scenario.habits, **_senders(scenario, of["senders"])))
    return scenario


def _behaviour(scenario: Scenario, given: dict[str, float]) -> dict[str, float]:
    for suffix in ("", "_mismatch"):
        times = given.pop(f"times_reports{suffix}", None)
        for kind in ("spam", "inappropriate") if times is not None else ():
            given[kind + suffix] = times * getattr(scenario.behaviour, kind + suffix)
    return given


def _population(scenario: Scenario, given: dict[str, float]) -> dict:
    given["premium"] = min(1.0, given.pop("times_premium", 1.0) * scenario.population.premium)
    out, first, second = scenario.population.degrees
    out, second = given.pop("out_of_network", out), given.pop("second_degree", second)
    return given | {"degrees": (out, first, second)}


def _senders(scenario: Scenario, given: dict[str, float]) -> dict:
    """A strategy's share is kept where it is the only one given; several are weights beside the others."""
    mix = np.array(scenario.habits.mix)
    weights = mix.copy()
    for place, strategy in enumerate(STRATEGIES):
        if strategy in given:
            share = given.pop(strategy)
            weights[place] = share / (1 - share) * (1 - mix[place])
    shares = weights / weights.sum()
    if "candidates" in given:
        given["candidates"] = round(given["candidates"])
    return given | {"mix": tuple(shares.tolist())}

"""About how many InMails a run sends, how long it takes and how much memory a market needs, before it begins.

Law: an estimate is told as "about", or not at all where nobody has measured how quick this program is here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from inmail import policy
from lab.rules import PLANS
from lab.scenario import Arm, Scenario
from simulation.market import MARKET

MONTH = 30.4  # days
ANSWERED = 0.075  # of all InMails: 0.066 to 0.086 in the ready scenarios
ANSWERED_AFTER = 3.0  # days, for how long a credit that comes back with an answer is away
OF_MEMBER = 40  # bytes a market needs for each of its members, each sender and each InMail that may be sent
OF_SENDER, OF_DAY, OF_INTENT, OF_PAIR = 400, 4, 52, 80


class Pace(NamedTuple):
    """Seconds of one process: for each member and arm of a market, and for each InMail."""

    member: float
    inmail: float


class Estimate(NamedTuple):
    """`seconds` of wall time, None where no pace is known; `inmails` of all arms and replications; `bytes` at once."""

    seconds: float | None
    inmails: float
    bytes: int


def of(scenario: Scenario, *, pace: Pace | None, processes: int) -> Estimate:
    """Of the whole run on so many processes, none of which does anything else."""
    inmails = sum(sent(scenario, arm) for arm in scenario.arms) * scenario.replications
    return Estimate(seconds(scenario, inmails, pace, processes), inmails, memory(scenario))


def seconds(scenario: Scenario, inmails: float, pace: Pace | None, processes: int) -> float | None:
    if pace is None:
        return None
    lived = scenario.members * len(scenario.arms) * scenario.replications
    markets = -(-scenario.members // MARKET) * scenario.replications
    return (lived * pace.member + inmails * pace.inmail) / max(1, min(processes, markets))


def sent(scenario: Scenario, arm: Arm) -> float:
    """InMails of one arm in one replication: what its senders intend, as far as their credits go."""
    intended = intents(scenario) * _accepted(scenario, arm)
    plans = zip(PLANS[1:], scenario.population.plans, strict=True)
    each = sum(share * np.minimum(intended, _credits(scenario, arm, plan)).mean() for plan, share in plans)
    return float(each * scenario.members * scenario.population.premium)


def intents(scenario: Scenario) -> np.ndarray:
    """InMails that a sender of each of 4,096 equal parts of all senders intends in the whole run."""
    return scenario.habits.monthly * (scenario.load * scenario.days / MONTH)


def _accepted(scenario: Scenario, arm: Arm) -> float:
    """The share of intents whose recipient can be written to."""
    p = scenario.population
    share = 1.0 - p.off
    if arm.categories == "enforced":  # about a third of those who declare interests welcome what the InMail is about
        share *= 1.0 - p.declares * 2 / 3
    return share


def _credits(scenario: Scenario, arm: Arm, plan: str) -> float:
    """Credits of one sender on the plan, each counted as often as it can be spent while the run lasts."""
    terms, p = arm.policy.plans[plan], arm.policy
    granted = terms.monthly * (1 + scenario.days / MONTH)
    silent = p.returns.get(policy.SILENCE, 0) * (1 - ANSWERED)
    answered = p.returns.get(policy.INTERESTED, 0) * ANSWERED
    away = (silent * p.deadline_days + answered * ANSWERED_AFTER) / (silent + answered) if silent + answered else 1.0
    rounds = int(scenario.days / away) if silent + answered else 0
    return granted * sum((silent + answered) ** turn for turn in range(rounds + 1)) if granted else 0.0


def memory(scenario: Scenario) -> int:
    """Bytes that the engine needs for a market of the run, about."""
    size = min(MARKET, scenario.members)
    senders = size * scenario.population.premium
    intended = senders * float(intents(scenario).mean())
    longest = max(arm.policy.deadline_days for arm in scenario.arms)
    comes_round = float(intents(scenario).max()) * 2 * scenario.habits.candidates > size
    of_intent = OF_INTENT + (OF_PAIR if comes_round else 0)
    return int(size * OF_MEMBER + senders * (OF_SENDER + OF_DAY * longest) + intended * of_intent)

"""How wrong a live A/B test would have been: senders of one world split between two arms, recipients shared.

Law: people, luck and intents are those of the two whole worlds that give the truth; only who lives under which arm
differs. What a test sees is the senders' own InMails, as an experimenter would count them.

A live test compares half of the senders under one policy with half under another, at the same time, in the same
inboxes. InMails of either half tire the recipients of both and make them switch InMail off, so the halves are not
apart: who sends more under one policy spoils the rates of the other too, and the difference shrinks, or shows where
there is none. The truth is what the change would do to everybody: two whole worlds, one under each policy. Every
replication gives two tests, in which the halves change places, so that the bias is not a matter of who happened to be
in which half. `lab.plain` runs the mixed worlds, since there each sender has an arm of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy import stats

from lab import plain, report, shards
from lab.measures import MONTH
from lab.scenario import Scenario
from lab.validation.facts import Z
from simulation import behaviour
from simulation.draws import hash01_array
from simulation.market import MARKET

SPLIT = 1 << 42  # second value of the draws that put senders into halves
MEMBERS = 50_000  # at most


class Estimate(NamedTuple):
    """A ratio of sums over senders, and the variance that a sample of so many senders gives it."""

    value: float
    variance: float


def live_test(
    scenario: Scenario,
    *,
    replications: int = 6,
    members: int = MEMBERS,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> dict:
    """The first two arms tested live and in truth, as plain values; `tell` hears how many replications are done.

    Raises ValueError for fewer than two replications. Of a world of several markets the first is taken.
    """
    if replications < 2:
        raise ValueError(f"At least 2 replications are needed, not {replications}.")
    small = replace(scenario, members=min(members, scenario.members, MARKET), arms=scenario.arms[:2])
    told = []
    for number in range(replications):
        told.append(replication(small, number))
        tell(number + 1, replications)
    return {
        "scenario": small.name, "fingerprint": small.fingerprint, "version": report.VERSION,
        "arms": [arm.name for arm in small.arms], "members": small.members, "days": small.days,
        "replications": replications, "senders": [each["senders"] for each in told],
        "measures": {name: _verdict(told, name) for name in told[0]["truth"]},
    }  # fmt: skip


def replication(scenario: Scenario, number: int) -> dict:
    """The truth of one replication, and what the two tests with the halves in either place say."""
    _people, luck = shards.seeds(scenario, number)

    def second_half(numbers: np.ndarray) -> np.ndarray:
        return (hash01_array(luck, SPLIT, numbers)[: len(numbers)] < 0.5).astype(int)

    whole = [_course(scenario, number, lambda numbers, arm=arm: np.full(len(numbers), arm)) for arm in (0, 1)]
    mixed = [_course(scenario, number, second_half), _course(scenario, number, lambda n: 1 - second_half(n))]
    everybody = np.ones(len(whole[0].which), bool)
    base, other = (estimates(course, everybody) for course in whole)
    truth = {name: other[name].value - base[name].value for name in base}
    return {"senders": len(everybody), "truth": truth, "tests": [_test(course) for course in mixed]}


def _course(scenario: Scenario, number: int, arm_of) -> plain.Course:
    return plain.live(scenario, number, scenario.arms, arm_of)


def _test(course: plain.Course) -> dict[str, tuple[float, float, float]]:
    """What a live test reports: each difference with its 95 % interval."""
    base, other = (estimates(course, course.which == arm) for arm in (0, 1))
    found = {}
    for name in base:
        d, half = other[name].value - base[name].value, Z * (other[name].variance + base[name].variance) ** 0.5
        found[name] = (d, d - half, d + half)
    return found


def estimates(course: plain.Course, chosen: np.ndarray) -> dict[str, Estimate]:
    """The measures of `report` that are a matter of senders, over those chosen (a mask)."""
    c, days = counts(course), course.scenario.days
    month = np.full(len(chosen), days / MONTH)
    ratios = {
        "sent_per_sender_month": (c["sent"], month),
        "open_rate": (c["opened"], c["sent"]),
        "answer_rate": (c["answered"], c["sent"]),
        "interested_rate": (c["interested"], c["sent"]),
        "interested_per_sender_month": (c["interested"], month),
        "report_rate": (c["reported"], c["sent"]),
        "mismatch_share": (c["mismatched"], c["sent"]),
        "net_credits_per_interested": (c["spent"] - c["returned"] - c["bonus"], c["interested"]),
        "sends_per_credit_granted": (c["sent"], course.granted),
        "returned_share": (c["returned"], c["spent"]),
        "opt_outs": (1000 * c["switched_off"], c["sent"]),
        "under_quality_rule": (course.under_rule, np.full(len(chosen), days)),
        "hours_to_answer": (c["seconds"] / 3600, c["answered"]),
        "answered_within_day": (c["within_day"], c["answered"]),
        "score_mean": (np.maximum(course.stars, 0) / 10, course.stars >= 0),
    }
    return {name: ratio(above[chosen], below[chosen]) for name, (above, below) in ratios.items()}


def counts(course: plain.Course) -> dict[str, np.ndarray]:
    """(senders,) what each did and met with until the end."""
    letters, end = course.letters, course.scenario.days * plain.DAY
    answered = (letters.answered_at != plain.NEVER) & (letters.answered_at < end)
    settled = letters.settled_at < end
    of_each = {
        "sent": np.ones(len(letters.row)),
        "opened": (letters.opened_at != plain.NEVER) & (letters.opened_at < end),
        "answered": answered,
        "interested": answered & (letters.answer == behaviour.INTERESTED),
        "reported": answered & np.isin(letters.answer, plain.REPORTS),
        "mismatched": letters.inmails.match == behaviour.MISMATCH,
        "spent": letters.cost,
        "returned": letters.returned * settled,
        "bonus": letters.bonus * settled,
        "switched_off": letters.leaves,
        "within_day": answered & (letters.answered_at - letters.sent_at <= plain.DAY),
        "seconds": np.where(answered, letters.answered_at - letters.sent_at, 0),
    }
    return {name: np.bincount(letters.row, each, len(course.which)) for name, each in of_each.items()}


def ratio(above: np.ndarray, below: np.ndarray) -> Estimate:
    """Σ above / Σ below over senders, who are the units of the sample (delta method)."""
    whole, n = float(below.sum()), len(below)
    if not whole or n < 2:
        return Estimate(float("nan"), float("nan"))
    value = float(above.sum()) / whole
    return Estimate(value, float(((above - value * below) ** 2).sum()) * n / (n - 1) / whole**2)


def _verdict(told: list[dict], name: str) -> dict:
    """One measure over all replications: what tests said, what is true, and how far they are apart."""
    tests = [(*test[name], each["truth"][name]) for each in told for test in each["tests"]]
    naive, low, high, truth = np.array(tests).T
    there = np.isfinite(naive) & np.isfinite(truth)
    paired = there.reshape(-1, 2).all(axis=1)
    bias = (naive - truth).reshape(-1, 2).mean(axis=1)[paired]
    sure = (low > 0) & (truth <= 0) | (high < 0) & (truth >= 0)
    return {
        "naive": _mean(naive.reshape(-1, 2).mean(axis=1)[paired]),
        "truth": _mean(truth[::2][paired]),
        "bias": _mean(bias),
        "half_width": float((high - low)[there].mean() / 2) if there.any() else None,
        "held": float(((low <= truth) & (truth <= high))[there].mean()) if there.any() else None,
        "wrongly_sure": float(sure[there].mean()) if there.any() else None,
        "tests": [dict(zip(("naive", "low", "high", "truth"), map(_number, test), strict=True)) for test in tests],
    }


def _mean(values: np.ndarray) -> dict[str, float | None]:
    """A mean over replications with Student's 95 % interval."""
    if len(values) < 2:
        return {"value": None, "low": None, "high": None}
    middle = float(values.mean())
    half = float(stats.t.ppf(0.975, len(values) - 1)) * float(values.std(ddof=1)) / len(values) ** 0.5
    return {"value": middle, "low": middle - half, "high": middle + half}


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None

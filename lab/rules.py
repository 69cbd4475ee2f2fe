"""The rule book as tables of numbers: each is made by asking the rule itself for every case there is.

Law: no rule is written here. `inmail.policy`, `inmail.eligibility` and `inmail.score` answer; this module keeps what
they said, so that the engine may look it up.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np

from inmail import eligibility, policy, score
from simulation.behaviour import ANSWERS

# What a sender and a recipient are to each other when a day is planned: a bit for each fact that differs in the lab.
ONESELF, GONE, BLOCKED, CONNECTED, OFF, TAKES_FREE, CAN_PAY, AWAITING, SUSPENDED, BULK_SUSPENDED, BULK = (
    1 << bit for bit in range(11)
)
REFUSED = 2  # in place of a cost
PLANS = policy.PLAN_NAMES
NO_STAGE, WARNED, GRACE, STAGE_SUSPENDED = range(4)
STAGES = (None, "warned", "grace", "suspended")
MOST_DELIVERED = 1 << 14  # on the days of the quality rule, by one sender
POINTS = np.array([score.POINTS.get(answer, 0) for answer in ANSWERS])
NO_SCORE = -1


class Rules(NamedTuple):
    """What one policy, and the rules that are the same under all, say."""

    cost: np.ndarray  # [facts] credits, or REFUSED
    returned: np.ndarray  # [cost, answer code; silence is NONE] credits given back
    bonus: np.ndarray  # [cost, answer code] further credits granted
    to_recipient: np.ndarray  # [cost, answer code] credits granted to the recipient
    monthly: np.ndarray  # [plan]
    cap: np.ndarray  # [plan]
    billing: np.ndarray  # [day of the run, billing day 1-28] whether the midnight that begins it bills
    deadline: int  # seconds from delivery
    expiry: int  # seconds from delivery to unread expiry; 0: never
    tenths: np.ndarray  # [answers counted, sum of their points] the score in tenths of a star
    suspension: np.ndarray  # [step - 1] seconds
    enough: np.ndarray  # [delivered] the fewest responses that keep the quality rule; 0 where it does not apply
    stage: np.ndarray  # [stage, whether below, whether its end is to come] the stage from then on
    stage_days: np.ndarray  # [stage]
    quality: bool  # whether the quality rule is in force
    shown: bool  # whether senders see the declared interests
    enforced: bool  # whether a category that is not declared is refused


def tabulate(
    p: policy.Policy,
    *,
    start: datetime,
    days: int,
    opened: datetime | None = None,
    quality: bool = True,
    categories: str = "shown",
) -> Rules:
    """The rules under policy `p` for a run that begins at the midnight `start` and lasts `days`.

    The first credits are granted when the accounts were `opened`: at the start, or before.
    """
    returned, bonus, to_recipient = _settlements(p)
    return Rules(
        cost=_costs(),
        returned=returned,
        bonus=bonus,
        to_recipient=to_recipient,
        monthly=np.array([p.plans[name].monthly for name in PLANS]),
        cap=np.array([p.plans[name].cap for name in PLANS]),
        billing=_billing(opened or start, start, days),
        deadline=_seconds(policy.deadline(p, start), start),
        expiry=_seconds(policy.expiry(p, start), start),
        tenths=_tenths(),
        suspension=_suspensions(),
        enough=_enough(),
        stage=_stages(start),
        stage_days=np.array([score.STAGES[name].days if name else 0 for name in STAGES]),
        quality=quality,
        shown=categories != "hidden",
        enforced=categories == "enforced",
    )


def _seconds(at: datetime | None, start: datetime) -> int:
    return int((at - start).total_seconds()) if at else 0


@cache
def _costs() -> np.ndarray:
    """What an InMail costs, or that it is refused, by all the facts together."""
    table = np.empty(1 << 11, dtype=np.uint8)
    for facts in range(len(table)):
        known = eligibility.Facts(
            oneself=bool(facts & ONESELF),
            recipient_gone=bool(facts & GONE),
            blocked=bool(facts & BLOCKED),
            connected=bool(facts & CONNECTED),
            inmail_off=bool(facts & OFF),
            takes_free_inmail=bool(facts & TAKES_FREE),
            balance=int(bool(facts & CAN_PAY)),
            awaiting=bool(facts & AWAITING),
            suspended=bool(facts & SUSPENDED),
            bulk_suspended=bool(facts & BULK_SUSPENDED),
            bulk=bool(facts & BULK),
        )
        table[facts] = REFUSED if eligibility.refusals(known) else eligibility.cost(known)
    return table


def _settlements(p: policy.Policy) -> tuple[np.ndarray, ...]:
    said = [[policy.settlement(p, None if a == "none" else a, cost=cost) for a in ANSWERS] for cost in (0, 1)]
    return tuple(
        np.array([[getattr(end, what) for end in row] for row in said], dtype=np.int64)
        for what in ("returned", "bonus", "to_recipient")
    )


def _billing(opened: datetime, start: datetime, days: int) -> np.ndarray:
    table = np.zeros((days, 32), dtype=np.bool_)
    for billing_day in range(1, 32):
        at = policy.next_billing(opened, billing_day)
        assert at >= start
        while (day := (at - start).days) < days:
            table[day, billing_day] = True
            at = policy.next_billing(at, billing_day)
    return table


@cache
def _tenths() -> np.ndarray:
    """By how many answers and by their points, for all that the last answers can be together."""
    table = np.full((score.LAST + 1, max(score.POINTS.values()) * score.LAST + 1), NO_SCORE, dtype=np.int64)
    named = {points: answer for answer, points in score.POINTS.items()}
    for counts in product(range(score.LAST + 1), repeat=len(named)):
        if 0 < sum(counts) <= score.LAST:
            answers = [named[points] for points, count in zip(named, counts, strict=True) for _ in range(count)]
            points = sum(score.POINTS[answer] for answer in answers)
            if table[len(answers), points] == NO_SCORE:
                table[len(answers), points] = int(score.stars(answers) * 10)
    return table


def _suspensions() -> np.ndarray:
    lengths = [score.suspension(step) for step in range(1, len(score.SUSPENSIONS) + 1)]
    return np.array([int(length.total_seconds()) if length else 0 for length in lengths])


@cache
def _enough() -> np.ndarray:
    table, responses = np.zeros(MOST_DELIVERED + 1, dtype=np.int64), 0
    for delivered in range(score.QUALITY_DELIVERED, len(table)):  # more delivered never need fewer responses
        while score.is_below(delivered, responses):
            responses += 1
        table[delivered] = responses
    return table


def _stages(at: datetime) -> np.ndarray:
    table = np.zeros((len(STAGES), 2, 2), dtype=np.int64)
    for stage, below, to_come in product(range(len(STAGES)), (0, 1), (0, 1)):
        until = at + timedelta(days=1) if to_come else at
        following = score.next_stage(STAGES[stage], below=bool(below), until=until, at=at)
        table[stage, below, to_come] = STAGES.index(following)
    return table


def midnight(day: int) -> datetime:
    """The midnight that begins `day`, counted from 1970-01-01."""
    return datetime.fromtimestamp(day * 86_400, UTC)

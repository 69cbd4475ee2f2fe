"""The score, the steps after reports and the quality rule as plain functions of numbers (DOMAIN 8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

POINTS = {"interested": 5, "reply": 5, "not_interested": 3, "inappropriate": 1, "spam": 0}
LAST = 10
REPORTS_A_STEP = 3
REPORT_SPAN = timedelta(days=30)
SUSPENSIONS = (None, timedelta(hours=24), timedelta(hours=72), timedelta(days=7))

QUALITY_SPAN = timedelta(days=14)
QUALITY_DELIVERED = 100
QUALITY_RATE = Decimal("0.13")
STAGES = {"warned": timedelta(days=14), "grace": timedelta(days=7), "suspended": timedelta(days=14)}
_NEXT = {None: "warned", "warned": "grace", "grace": "suspended", "suspended": "warned"}


def stars(answers: Sequence[str]) -> Decimal | None:
    """The score of the last answers, newest first: their mean out of 5 to one decimal, or None before the first."""
    counted = [POINTS[answer] for answer in answers[:LAST]]
    if not counted:
        return None
    return (Decimal(sum(counted)) / len(counted)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def steps(reports: Sequence[datetime]) -> list[datetime]:
    """The instants, in order, of the reports that are a third one within the span; each report counts once."""
    taken, open_ones = [], []
    for when in reports:
        open_ones = [earlier for earlier in open_ones if earlier > when - REPORT_SPAN] + [when]
        if len(open_ones) == REPORTS_A_STEP:
            taken.append(when)
            open_ones = []
    return taken


def suspension(step: int) -> timedelta | None:
    """How long step 1, 2, … keeps from sending; None for the first, a warning. The last one repeats."""
    return SUSPENSIONS[min(step, len(SUSPENSIONS)) - 1]


def is_below(delivered: int, responses: int) -> bool:
    """Whether the quality rule is broken by so many InMails delivered on the days before."""
    return delivered >= QUALITY_DELIVERED and Decimal(responses) / delivered < QUALITY_RATE


def next_stage(stage: str | None, *, below: bool, until: datetime | None, at: datetime) -> str | None:
    """The stage from the midnight `at` on. A suspension runs to its end; a warning ends when the rate is above."""
    if stage == "suspended" and until > at:
        return stage
    if not below:
        return None
    if stage is not None and until > at:
        return stage
    return _NEXT[stage]

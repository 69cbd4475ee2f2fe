"""The score, the steps after reports and the quality rule as plain functions of numbers (DOMAIN 8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

POINTS = {"interested": 5, "reply": 5, "not_interested": 3, "inappropriate": 1, "spam": 0}
LAST = 10
REPORT_SPAN = timedelta(days=30)  # three within it are a step
NEVER = datetime.min.replace(tzinfo=UTC) + REPORT_SPAN
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
    taken, first, second = [], NEVER, NEVER
    for when in reports:
        first, second, is_step = report(first, second, when, REPORT_SPAN, NEVER)
        if is_step:
            taken.append(when)
    return taken


def report(first, second, when, span, never):
    """The two reports that still count (`never` for none) once there is another one at `when`; whether it is a step.

    For instants of any kind, plain numbers too; `first` is not after `second`, and a single one is `second`.
    """
    if first > when - span:
        return never, never, True
    if second > when - span:
        return second, when, False
    return never, when, False


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

"""The rules of credits as plain functions of numbers, and the presets of DOMAIN 7. Nothing here knows of Django.

Law: an InMail gives back at most the one credit it cost; what a policy gives beyond that is a grant.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

SILENCE, INTERESTED, REPLY, NOT_INTERESTED, REPORT = (
    "silence",
    "interested",
    "reply",
    "not_interested",
    "report",
)
PLAN_NAMES = ("basic", "career", "business", "sales", "recruiter_lite", "recruiter_services", "recruiter")


@dataclass(frozen=True)
class PlanTerms:
    """`monthly` credits are granted each month while the balance is under `cap`."""

    monthly: int
    cap: int


@dataclass(frozen=True)
class Policy:
    """One row of DOMAIN 7: days to the deadline and to unread expiry (or None); what each end gives, in credits."""

    name: str
    deadline_days: int
    plans: Mapping[str, PlanTerms]
    expiry_days: int | None = None
    returns: Mapping[str, int] = field(default_factory=dict)
    bonus_on_interested: int = 0
    to_recipient_on_report: int = 0
    purchase_limit: int = 0
    credit_price_usd: int = 10


@dataclass(frozen=True)
class Settlement:
    """What an InMail's end gives: a return (0 or 1) and a further grant to the sender, a grant to the recipient."""

    returned: int = 0
    bonus: int = 0
    to_recipient: int = 0


def ending(answer: str | None) -> str:
    """The end that `answer` (None: nothing until the deadline) counts as; both kinds of report are one."""
    if not answer:
        return SILENCE
    return REPORT if answer in ("inappropriate", "spam") else answer


def settlement(policy: Policy, answer: str | None, *, cost: int) -> Settlement:
    """What is due when an InMail of `cost` ends with `answer`; a free InMail gives nothing back."""
    if not cost:
        return Settlement()
    end = ending(answer)
    return Settlement(
        returned=policy.returns.get(end, 0),
        bonus=policy.bonus_on_interested if end == INTERESTED else 0,
        to_recipient=policy.to_recipient_on_report if end == REPORT else 0,
    )


def monthly_grant(monthly: int, cap: int, balance: int) -> int:
    """Credits granted on the billing day: up to the cap, never less than none."""
    return max(0, min(monthly, cap - balance))


def upgrade_grant(new_monthly: int, granted_this_period: int, cap: int, balance: int) -> int:
    """Credits granted at once when a member takes a larger plan within a period."""
    return max(0, min(new_monthly - granted_this_period, cap - balance))


def next_billing(after: datetime, billing_day: int) -> datetime:
    """The first 00:00 UTC of a billing day later than `after`; a short month bills on its last day."""
    year, month = after.year, after.month
    while True:
        day = min(billing_day, calendar.monthrange(year, month)[1])
        at = after.replace(year=year, month=month, day=day, hour=0, minute=0, second=0, microsecond=0)
        if at > after:
            return at
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def deadline(policy: Policy, delivered_at: datetime) -> datetime:
    """The first instant at which an answer is late."""
    return delivered_at + timedelta(days=policy.deadline_days)


def expiry(policy: Policy, delivered_at: datetime) -> datetime | None:
    """The instant from which an unread InMail can no longer be opened, or None."""
    return delivered_at + timedelta(days=policy.expiry_days) if policy.expiry_days else None


def _plans(monthly: tuple[int, ...], caps: tuple[int, ...] | None = None) -> dict[str, PlanTerms]:
    caps = caps or tuple(3 * m for m in monthly)
    return {name: PlanTerms(m, c) for name, m, c in zip(PLAN_NAMES, monthly, caps, strict=True)}


_PLANS_2014 = _plans((0, 3, 10, 10, 25, 50, 50))
_PLANS_2015 = _plans((0, 3, 15, 15, 30, 100, 150))
_PLANS_2024 = _plans((0, 5, 15, 50, 30, 100, 150), (0, 15, 45, 150, 120, 400, 600))

_P2015 = Policy("2015", 90, _PLANS_2015, returns={INTERESTED: 1, REPLY: 1, NOT_INTERESTED: 1}, purchase_limit=10)
PRESETS: dict[str, Policy] = {
    p.name: p
    for p in (
        Policy("2014", 7, _PLANS_2014, expiry_days=15, returns={SILENCE: 1}, purchase_limit=10),
        _P2015,
        replace(_P2015, name="2024", plans=_PLANS_2024, purchase_limit=0),
        replace(_P2015, name="no_return", returns={}),
        replace(_P2015, name="graded", bonus_on_interested=1),
        replace(_P2015, name="pay_on_success", deadline_days=30, returns={SILENCE: 1, NOT_INTERESTED: 1}),
        replace(_P2015, name="refund_on_no", returns={NOT_INTERESTED: 1}),
        replace(
            _P2015,
            name="attention_bond",
            deadline_days=30,
            returns={SILENCE: 1, INTERESTED: 1, REPLY: 1, NOT_INTERESTED: 1},
            to_recipient_on_report=1,
        ),
    )
}
DEFAULT = "2014"

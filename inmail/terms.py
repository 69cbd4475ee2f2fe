"""Which policy is in force, when; policies are read from their rows into the plain values of `inmail.policy`."""

from __future__ import annotations

from datetime import datetime

from clock.models import Timeline
from inmail import policy
from inmail.models import Plan, Policy, PolicyTerm


def read(name: str) -> policy.Policy:
    """The policy of that name with its plans."""
    return _value(Policy.objects.prefetch_related("plans").get(pk=name))


def read_all() -> dict[str, policy.Policy]:
    """Every policy by its name."""
    return {row.name: _value(row) for row in Policy.objects.prefetch_related("plans")}


def name_at(timeline: Timeline, at: datetime) -> str:
    """The name of the policy in force on `timeline` at `at`; the default before the first term."""
    terms = PolicyTerm.objects.filter(timeline=timeline, from_at__lte=at).order_by("-from_at")
    return terms.values_list("policy_id", flat=True).first() or policy.DEFAULT


def at(timeline: Timeline, at: datetime) -> policy.Policy:
    """The policy in force on `timeline` at `at`."""
    return read(name_at(timeline, at))


def put_in_force(timeline: Timeline, *, name: str, from_at: datetime, author=None) -> PolicyTerm:
    """From `from_at` on the timeline is under the policy `name`; an InMail keeps the one it was sent under."""
    term, _ = PolicyTerm.objects.update_or_create(
        timeline=timeline, from_at=from_at, defaults={"policy_id": name, "author": author}
    )
    return term


def _value(row: Policy) -> policy.Policy:
    ends = (policy.SILENCE, policy.INTERESTED, policy.REPLY, policy.NOT_INTERESTED, policy.REPORT)
    plans: dict[str, policy.PlanTerms] = {p.name: policy.PlanTerms(p.monthly, p.cap) for p in _plans(row)}
    return policy.Policy(
        name=row.name,
        deadline_days=row.deadline_days,
        expiry_days=row.expiry_days,
        plans=plans,
        returns={end: amount for end in ends if (amount := getattr(row, f"on_{end}"))},
        bonus_on_interested=row.bonus_on_interested,
        to_recipient_on_report=row.to_recipient_on_report,
        purchase_limit=row.purchase_limit,
        credit_price_usd=row.credit_price_usd,
    )


def _plans(row: Policy) -> list[Plan]:
    return list(row.plans.all())

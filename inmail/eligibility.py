"""Who may write to whom (DOMAIN 3): rules of plain facts, each in one small function. Nothing here knows of Django.

Law: `self`, `recipient_gone`, `unavailable` are shown alone; every other refusal that applies is collected.
A category the recipient has not declared never refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SELF, GONE, UNAVAILABLE = "self", "recipient_gone", "unavailable"
FIRST_DEGREE, RECEPTION_OFF, NO_CREDITS = "first_degree", "reception_off", "no_credits"
AWAITING, SUSPENDED, BULK_SUSPENDED = "awaiting_answer", "suspended", "bulk_suspended"
UNDELIVERABLE = "undeliverable"  # asked by no rule: staff gave up a delivery that kept failing

NONE, MESSAGE, GROUP_MESSAGE, INMAIL = "none", "message", "group_message", "inmail"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules need to know of a sender and a recipient at one instant."""

    oneself: bool = False
    recipient_gone: bool = False
    blocked: bool = False
    connected: bool = False
    shared_groups: int = 0
    inmail_off: bool = False
    takes_free_inmail: bool = False
    balance: int = 0
    awaiting: bool = False
    suspended: bool = False
    bulk_suspended: bool = False
    bulk: bool = False


Rule = Callable[[Facts], str | None]


def oneself(f: Facts) -> str | None:
    return SELF if f.oneself else None


def recipient_gone(f: Facts) -> str | None:
    return GONE if f.recipient_gone else None


def unavailable(f: Facts) -> str | None:
    return UNAVAILABLE if f.blocked else None


def first_degree(f: Facts) -> str | None:
    return FIRST_DEGREE if f.connected else None


def reception_off(f: Facts) -> str | None:
    return RECEPTION_OFF if f.inmail_off else None


def no_credits(f: Facts) -> str | None:
    return NO_CREDITS if cost(f) == 1 and f.balance < 1 else None


def awaiting_answer(f: Facts) -> str | None:
    return AWAITING if f.awaiting else None


def suspended(f: Facts) -> str | None:
    return SUSPENDED if f.suspended else None


def bulk_suspended(f: Facts) -> str | None:
    return BULK_SUSPENDED if f.bulk and f.bulk_suspended else None


ALONE: tuple[Rule, ...] = (oneself, recipient_gone, unavailable)
COLLECTED: tuple[Rule, ...] = (first_degree, reception_off, no_credits, awaiting_answer, suspended, bulk_suspended)
RULES: tuple[Rule, ...] = ALONE + COLLECTED
AT_DELIVERY: tuple[Rule, ...] = (recipient_gone, unavailable, reception_off)


def cost(f: Facts) -> int | None:
    """Credits that an InMail costs: 0 to an open profile, 1 to anyone else, None where no InMail is possible."""
    if f.oneself or f.recipient_gone or f.blocked or f.connected or f.inmail_off:
        return None
    return 0 if f.takes_free_inmail else 1


def refusals(f: Facts) -> list[str]:
    """The codes of all that speaks against an InMail now; empty when it may be sent."""
    for rule in ALONE:
        if code := rule(f):
            return [code]
    return [code for rule in COLLECTED if (code := rule(f))]


def at_delivery(f: Facts) -> str | None:
    """The one code for which a sent InMail is not delivered, or None."""
    return next((code for rule in AT_DELIVERY if (code := rule(f))), None)


def channel(f: Facts, *, from_group: bool = False) -> str:
    """The first channel of DOMAIN 3 that the relation allows: none, message, group_message or inmail."""
    if f.oneself or f.recipient_gone or f.blocked:
        return NONE
    if f.connected:
        return MESSAGE
    if from_group and f.shared_groups:
        return GROUP_MESSAGE
    return NONE if f.inmail_off else INMAIL

"""The numbers of DOMAIN 7 and 8, told a second time from the rule book; nothing here is taken from the platform."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

DAY = timedelta(days=1)
PLANS = ("basic", "career", "business", "sales", "recruiter_lite", "recruiter_services", "recruiter")
ANSWERS = ("interested", "reply", "not_interested", "inappropriate", "spam")
REPORTS = ("inappropriate", "spam")
POINTS = {"interested": 5, "reply": 5, "not_interested": 3, "inappropriate": 1, "spam": 0}
LENGTHS = (None, DAY, 3 * DAY, 7 * DAY)  # warning, 24 h, 72 h, one week; the last repeats
REPORT_SPAN = 30 * DAY


@dataclass(frozen=True)
class Policy:
    """A column of numbers: returns on silence, interested, reply, not interested, report; monthly credits and caps."""

    days: int
    returns: tuple[int, int, int, int, int]
    monthly: tuple[int, ...]
    caps: tuple[int, ...]
    on_sale: int  # extra credits a calendar month
    expiry: int | None = None  # days unread
    bonus: int = 0  # a further grant to the sender on interest
    bond: int = 0  # a grant to the recipient on a report

    def gives(self, end: str) -> int:
        """Whether the credit comes back when an InMail ends with `end`: silence or an answer."""
        place = {"silence": 0, "interested": 1, "reply": 2, "not_interested": 3}.get(end, 4)
        return self.returns[place]

    def plan(self, name: str) -> tuple[int, int]:
        """Monthly credits and cap."""
        place = PLANS.index(name)
        return self.monthly[place], self.caps[place]


def _thrice(monthly: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(3 * each for each in monthly)


_M14 = (0, 3, 10, 10, 25, 50, 50)
_M15 = (0, 3, 15, 15, 30, 100, 150)
_M24 = (0, 5, 15, 50, 30, 100, 150)
_C24 = (0, 15, 45, 150, 120, 400, 600)
_C15 = _thrice(_M15)
POLICIES = {
    "2014": Policy(7, (1, 0, 0, 0, 0), _M14, _thrice(_M14), 10, expiry=15),
    "2015": Policy(90, (0, 1, 1, 1, 0), _M15, _C15, 10),
    "2024": Policy(90, (0, 1, 1, 1, 0), _M24, _C24, 0),
    "no_return": Policy(90, (0, 0, 0, 0, 0), _M15, _C15, 10),
    "graded": Policy(90, (0, 1, 1, 1, 0), _M15, _C15, 10, bonus=1),
    "pay_on_success": Policy(30, (1, 0, 0, 1, 0), _M15, _C15, 10),
    "refund_on_no": Policy(90, (0, 0, 0, 1, 0), _M15, _C15, 10),
    "attention_bond": Policy(30, (1, 1, 1, 1, 0), _M15, _C15, 10, bond=1),
}


def midnight(at: datetime) -> datetime:
    """The beginning of the day of `at`."""
    return at.replace(hour=0, minute=0, second=0)


def billing_after(at: datetime, day: int) -> datetime:
    """The first 00:00 of the billing day after `at`; a short month bills on its last day."""
    each = midnight(at) + DAY
    while each.day != min(day, monthrange(each.year, each.month)[1]):
        each += DAY
    return each


def stars(answers: list[str]) -> Decimal | None:
    """The score of all answers so far, the last one last."""
    last = [POINTS[answer] for answer in answers[-10:]]
    if not last:
        return None
    return (Decimal(sum(last)) / len(last)).quantize(Decimal("0.1"), ROUND_HALF_UP)

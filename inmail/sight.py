"""What each side may see of an InMail. Law: a sender never learns from it who reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts import impersonation
from inmail.models import Inmail, Status
from inmail.models.letters import REPORTS


@dataclass(frozen=True, slots=True)
class Sight:
    """The part of an InMail's life that `viewer` may know; match and return only for the sender and staff."""

    status: str
    answer: str
    answered_at: datetime | None
    match: str | None
    returned: bool | None


def of(inmail: Inmail, viewer) -> Sight:
    """`inmail` as `viewer`, one of its two sides or staff, sees it."""
    own = viewer.pk == inmail.sender_id or viewer.is_staff
    outcome = getattr(inmail, "outcome", None)
    match = outcome.match if own and outcome else None
    returned = inmail.returned if own else None
    if viewer.pk == inmail.sender_id and inmail.answer in REPORTS:
        return Sight(Status.OPENED, "", None, match, returned)
    return Sight(inmail.status, inmail.answer, inmail.answered_at, match, returned)


def may_read(inmail: Inmail, viewer) -> bool:
    """Whether subject and body are `viewer`'s: one of the two sides, and no other in their place."""
    return viewer.pk in (inmail.sender_id, inmail.recipient_id) and not impersonation.is_on(viewer)


def settled_at(inmail: Inmail, viewer, *, now: datetime) -> datetime | None:
    """When the credit was settled, as `viewer` may know it: to its sender a report is silence until the deadline."""
    if viewer.pk != inmail.sender_id or inmail.answer not in REPORTS:
        return inmail.settled_at
    return inmail.deadline_at if inmail.deadline_at <= now else None

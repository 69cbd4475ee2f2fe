"""The credit of an InMail is settled once: at the earliest of answer, withdrawal and deadline (DOMAIN 6).

Settling marks the row and drafts the entries; the caller posts them in the order of their instants.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from inmail import ledger, policy
from inmail.models import Kind, Reason

_REASONS = {
    policy.SILENCE: Reason.SILENCE,
    policy.INTERESTED: Reason.INTERESTED,
    policy.REPLY: Reason.REPLY,
    policy.NOT_INTERESTED: Reason.NOT_INTERESTED,
    policy.REPORT: Reason.REPORT,
}

MARK = """
WITH ended AS (
    SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::boolean[]) AS e(id, at, returned)
), settled AS (
    UPDATE inmail_inmail i SET settled_at = e.at, returned = e.returned
    FROM ended e WHERE i.id = e.id AND i.settled_at IS NULL
    RETURNING i.id, i.settled_at
)
UPDATE inmail_outcome o SET settled_at = s.settled_at FROM settled s WHERE o.inmail_id = s.id
"""


@dataclass(frozen=True, slots=True)
class End:
    """How an unsettled InMail ended at `at`: `answer`, or None for silence. The row must be locked."""

    inmail_id: int
    sender_id: int
    recipient_id: int
    cost: int
    policy_name: str
    answer: str | None
    at: datetime


def settle(ends: Iterable[End], policies: Mapping[str, policy.Policy]) -> list[ledger.Draft]:
    """Mark the InMails as settled; returns the drafts of what their policies give, in the order of `ends`."""
    ends = list(ends)
    drafts: list[ledger.Draft] = []
    returned = []
    for end in ends:
        due = policy.settlement(policies[end.policy_name], end.answer, cost=end.cost)
        returned.append(bool(due.returned))
        drafts += _drafts(end, due)
    mark([end.inmail_id for end in ends], [end.at for end in ends], returned)
    return drafts


def mark(ids: list[int], ats: list[datetime], returned: list[bool]) -> None:
    """Write down that the InMails are settled, and whether the credit came back."""
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(MARK, [ids, ats, returned])


def give_back(inmail_id: int, sender_id: int, *, reason: str, at: datetime) -> ledger.Draft:
    """The return of the one credit that an InMail cost."""
    return ledger.Draft(sender_id, Kind.RETURN, 1, reason, at, inmail_id=inmail_id)


def _drafts(end: End, due: policy.Settlement) -> list[ledger.Draft]:
    reason = _REASONS[policy.ending(end.answer)]
    drafts = []
    if due.returned:
        drafts.append(give_back(end.inmail_id, end.sender_id, reason=reason, at=end.at))
    if due.bonus:
        drafts.append(ledger.Draft(end.sender_id, Kind.GRANT, due.bonus, Reason.BONUS, end.at, inmail_id=end.inmail_id))
    if due.to_recipient:
        drafts.append(
            ledger.Draft(
                end.recipient_id, Kind.GRANT, due.to_recipient, Reason.COMPENSATION, end.at, inmail_id=end.inmail_id
            )
        )
    return drafts

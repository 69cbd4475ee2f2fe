"""Reading a text that is not one's own: one at a time, with a permission and a reason, and on record.

Law: besides the two sides of an InMail or a message nobody sees its subject or body, staff no more than others.
"""

from __future__ import annotations

from accounts import journal
from accounts.models import Member
from inmail.models import Inmail, Message

PERMISSION = "accounts.read_texts"


def may(reader: Member) -> bool:
    """Whether `reader` may ask for a text by giving a reason."""
    return reader.is_staff and reader.has_perm(PERMISSION)


def inmail(request, row: Inmail, *, reason: str) -> None:
    """It is on record that subject and body of the InMail are read; call it in the transaction of the reading."""
    _record(request, f"InMail {row.pk}", row.sender, row.recipient, reason)


def message(request, row: Message, *, reason: str) -> None:
    """It is on record that the message is read."""
    thread = row.thread
    _record(
        request, f"message {row.pk}", row.author, thread.other if row.author == thread.opener else thread.opener, reason
    )


def _record(request, what: str, author: Member, recipient: Member, reason: str) -> None:
    journal.record(
        request, journal.Act.TEXTS_READ, on=author, what=what, reason=reason, number_of_recipient=recipient.number
    )

"""Unsent InMails. Law: one draft a pair; once its key has led to a sending it cannot come back."""

from __future__ import annotations

import time
import uuid
from datetime import datetime

from django.db import connection

from clock.models import Timeline
from inmail import idempotency
from inmail.models import Draft, IdempotencyKey, Inmail
from privacy.models import Category

WAITS = (0, 0.05, 0.1, 0.2, 0.3, 0.4)  # seconds, together less than a lock's timeout


def button(key: uuid.UUID) -> str:
    """The idempotency key of the page's send button."""
    return f"page:{key}"


def hold(key: uuid.UUID) -> None:
    """Until the transaction ends, nobody else sends or keeps a text under this key.

    Raises `idempotency.StillRunning` when somebody does for longer than a moment.
    """
    for wait in WAITS:
        time.sleep(wait)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [button(key)])
            if cursor.fetchone()[0]:
                return
    raise idempotency.StillRunning


def of(timeline: Timeline, sender, recipient) -> Draft:
    """The pair's draft; a fresh one, not yet stored, when there is none."""
    found = Draft.objects.filter(timeline=timeline, sender=sender, recipient=recipient).first()
    return found or Draft(timeline=timeline, sender=sender, recipient=recipient)


def keep(
    timeline: Timeline, sender, recipient, *, key: uuid.UUID, category: str, subject: str, body: str, at: datetime
) -> Draft | None:
    """Store what was typed so far; None when that text has been sent meanwhile, or there is nothing to keep."""
    hold(key)  # what is saved as one types may overtake the sending, and must not come back after it
    was_sent = IdempotencyKey.objects.filter(member=sender, key=button(key)).exists()
    if was_sent or not (subject.strip() or body.strip() or category):
        return None
    text = {"category": category if category in Category.values else "", "subject": subject, "body": body}
    draft, _made = Draft.objects.update_or_create(
        timeline=timeline,
        sender=sender,
        recipient=recipient,
        defaults={**text, "saved_at": at},
        create_defaults={**text, "saved_at": at, "key": key},
    )
    return draft


def drop(timeline: Timeline, sender, recipient) -> bool:
    """The pair's draft is gone; False when there was none."""
    deleted, _each = Draft.objects.filter(timeline=timeline, sender=sender, recipient=recipient).delete()
    return deleted > 0


def bring_back(inmail: Inmail, *, at: datetime) -> Draft | None:
    """The text of an undone InMail as a draft, unless another was begun meanwhile."""
    pair = {"timeline": inmail.timeline, "sender": inmail.sender, "recipient": inmail.recipient}
    if Draft.objects.filter(**pair).exists():
        return None
    text = {"category": inmail.category, "subject": inmail.subject, "body": inmail.body}
    return keep(*pair.values(), key=uuid.uuid4(), at=at, **text)

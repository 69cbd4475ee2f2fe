"""What is kept only for a while goes, a little at a time: answers under old keys, sessions that ended by themselves.

Law: a statement touches at most a batch, so that nobody waits for it; what is left goes the next time. Wall time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from inmail.models import IdempotencyKey

KEPT = timedelta(days=7)  # so long a repeat under the same key gets the answer of the first
BATCH = 1_000
ROUNDS = 10


def prune(*, at: datetime) -> dict[str, int]:
    """Forget what is over at the wall time `at`; how much that was, by kind."""
    return {"keys": _repeat(_keys, at), "sessions": _repeat(_sessions, at), "visits": _repeat(_visits, at)}


def _repeat(batch, at: datetime) -> int:
    total = 0
    for _ in range(ROUNDS):
        total += (done := batch(at))
        if done < BATCH:
            break
    return total


def _keys(at: datetime) -> int:
    """Ids follow time closely enough: the oldest batch is found without reading the others."""
    oldest = list(IdempotencyKey.objects.order_by("id").values_list("id", flat=True)[:BATCH])
    return IdempotencyKey.objects.filter(id__in=oldest, made_at__lt=at - KEPT).delete()[0]


def _sessions(at: datetime) -> int:
    over = Session.objects.filter(expire_date__lt=at).order_by("expire_date")
    return Session.objects.filter(pk__in=list(over.values_list("pk", flat=True)[:BATCH])).delete()[0]


def _visits(at: datetime) -> int:
    """What a member's list of sessions shows of one: it goes with it."""
    there = Session.objects.filter(session_key=OuterRef("session_key"))
    gone = UserSession.objects.filter(~Exists(there)).order_by("id")
    return UserSession.objects.filter(pk__in=list(gone.values_list("pk", flat=True)[:BATCH])).delete()[0]

"""Moving the clock on someone's wish: the wish is a row, the worker carries it out, the page polls."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from clock import doorbell
from clock import timeline as clock
from clock.models import Advance, Timeline

LOCK_SPACE = 1_000_002
UNFINISHED = (Advance.Status.QUEUED, Advance.Status.RUNNING)


def request(timeline: Timeline, *, until: datetime, by=None) -> Advance:
    """Record the wish to move the clock to `until` and ring for it on commit."""
    wish = Advance.objects.create(timeline=timeline, started_at=timeline.now_at, until=until, requested_by=by)
    doorbell.ring("clock.advance", wish.pk)
    return wish


def carry_out(wish_id: int) -> bool:
    """Do one wish that nobody is at; False when there was nothing to do.

    A wish whose worker was killed is taken up again where the clock stands: the lock ends with its session.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, wish_id])
        if not cursor.fetchone()[0]:
            return False
    try:
        claimed = Advance.objects.filter(pk=wish_id, status__in=UNFINISHED).update(status=Advance.Status.RUNNING)
        if claimed:
            _do(Advance.objects.select_related("timeline").get(pk=wish_id))
        return bool(claimed)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, wish_id])


def _do(wish: Advance) -> None:
    try:
        wish.counts = dict(clock.advance(wish.timeline, until=wish.until))
        wish.status = Advance.Status.DONE
    except Exception as error:
        wish.status, wish.error = Advance.Status.FAILED, f"{type(error).__name__}: {error}"
        raise
    finally:
        wish.save(update_fields=["counts", "status", "error"])


def waiting() -> list[int]:
    """The wishes that are not done, oldest first."""
    return list(Advance.objects.filter(status__in=UNFINISHED).order_by("id").values_list("id", flat=True))

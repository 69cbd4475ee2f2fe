"""Moving the clock on someone's wish: the wish is a row, the worker carries it out, the page polls.

Law: an attempt is counted before it begins; after five that brought the clock no further the wish has failed.
"""

from __future__ import annotations

import logging
from datetime import datetime

from clock import alone, conflicts, doorbell
from clock import timeline as clock
from clock.models import Advance, Timeline

log = logging.getLogger(__name__)
LOCK_SPACE = 1_000_002
MAX_ATTEMPTS = 5
LOST = "WorkerLost: the worker died during each attempt."
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
    with alone.or_not_at_all(LOCK_SPACE, wish_id) as mine:
        wish = Advance.objects.select_related("timeline").filter(pk=wish_id, status__in=UNFINISHED).first()
        if not mine or wish is None:
            return False
        if _count(wish):
            _do(wish)
        return True


def _count(wish: Advance) -> bool:
    """Count the attempt; False when those before have been enough."""
    now = wish.timeline.now_at
    wish.attempts = wish.attempts + 1 if wish.reached_at == now else 1
    wish.reached_at, wish.status = now, Advance.Status.RUNNING
    if wish.attempts > MAX_ATTEMPTS:
        wish.attempts, wish.status, wish.error = MAX_ATTEMPTS, Advance.Status.FAILED, wish.error or LOST
    wish.save(update_fields=["attempts", "reached_at", "status", "error"])
    return wish.status == Advance.Status.RUNNING


def _do(wish: Advance) -> None:
    try:
        wish.counts = dict(clock.advance(wish.timeline, until=wish.until))
        wish.status, wish.error = Advance.Status.DONE, ""
    except Exception as error:
        if conflicts.is_transient(error):  # a lock or the database, not the work: this was no attempt
            Advance.objects.filter(pk=wish.pk).update(attempts=wish.attempts - 1)
            raise
        log.exception("the clock could not be moved to %s", wish.until)
        wish.error = f"{type(error).__name__}: {error}".splitlines()[0]
        wish.status = Advance.Status.FAILED if wish.attempts >= MAX_ATTEMPTS else Advance.Status.QUEUED
    wish.save(update_fields=["counts", "status", "error"])


def try_again(wish_id: int) -> bool:
    """Queue a wish that has failed once more; False when it has not failed."""
    failed = Advance.objects.filter(pk=wish_id, status=Advance.Status.FAILED)
    found = bool(failed.update(status=Advance.Status.QUEUED, attempts=0, reached_at=None))
    if found:
        doorbell.ring("clock.advance", wish_id)
    return found


def waiting() -> list[int]:
    """The wishes that are not done, oldest first."""
    return list(Advance.objects.filter(status__in=UNFINISHED).order_by("id").values_list("id", flat=True))

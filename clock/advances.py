"""Moving the clock on someone's wish: the wish is a row, the worker carries it out, the page polls."""

from __future__ import annotations

from datetime import datetime

from clock import doorbell
from clock import timeline as clock
from clock.models import Advance, Timeline


def request(timeline: Timeline, *, until: datetime, by=None) -> Advance:
    """Record the wish to move the clock to `until` and ring for it on commit."""
    wish = Advance.objects.create(timeline=timeline, started_at=timeline.now_at, until=until, requested_by=by)
    doorbell.ring("clock.advance", wish.pk)
    return wish


def carry_out(wish_id: int) -> bool:
    """Do one wish that nobody has begun; False when there was nothing to do."""
    claimed = Advance.objects.filter(pk=wish_id, status=Advance.Status.QUEUED).update(status=Advance.Status.RUNNING)
    if not claimed:
        return False
    wish = Advance.objects.select_related("timeline").get(pk=wish_id)
    try:
        wish.counts = dict(clock.advance(wish.timeline, until=wish.until))
        wish.status = Advance.Status.DONE
    except Exception as error:
        wish.status, wish.error = Advance.Status.FAILED, f"{type(error).__name__}: {error}"
        raise
    finally:
        wish.save(update_fields=["counts", "status", "error"])
    return True


def waiting() -> list[int]:
    """The wishes nobody has begun, oldest first."""
    queued = Advance.objects.filter(status=Advance.Status.QUEUED)
    return list(queued.order_by("id").values_list("id", flat=True))

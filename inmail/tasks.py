"""The worker's part: deliver when the doorbell rings, sweep up what no doorbell reached, show a sign of life."""

import time

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from clock import alone, conflicts
from clock.models import Timeline
from inmail import delivery, jobs, pruning
from inmail.models import Heartbeat, Inmail

SWEEP = 1_000_003  # the key of the lock that only one sweep holds
SWEEP_SECONDS = 5.0  # then the next beat goes on, so that a worker that is asked to stop can


@shared_task(name="inmail.deliver")
def deliver(inmail_id: int | None = None, *_more, **_named) -> None:
    """What another version of the bell says besides is not needed: there is work, on this InMail's timeline."""
    timeline = delivery.of_inmail(inmail_id) if isinstance(inmail_id, int) else None
    if timeline is None:
        sweep()
    else:
        delivery.deliver_due(timeline)


@shared_task(name="inmail.sweep")
def sweep(*_more, **_named) -> None:
    """One at a time; a second one finds it locked and leaves."""
    with alone.or_not_at_all(SWEEP) as mine:
        if not mine:
            return
        jobs.tidy()
        until = time.monotonic() + SWEEP_SECONDS
        waiting = Inmail.objects.queued().filter(release_at__lte=timezone.now())
        for timeline in Timeline.objects.filter(pk__in=waiting.values("timeline_id")):
            _sweep(timeline, until)


def _sweep(timeline: Timeline, until: float) -> None:
    try:
        while delivery.deliver_due(timeline) + delivery.deliver_tried(timeline) and time.monotonic() < until:
            pass
    except OperationalError as error:
        if not conflicts.is_transient(error):
            raise
        # The clock is being moved, or the database is away: the next sweep finds what this one leaves.


@shared_task(name="inmail.heartbeat")
def heartbeat(name: str = "worker", *_more, **_named) -> None:
    """Of the worker that has taken this up: "worker" delivers, "clock" moves the clock."""
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})


@shared_task(name="inmail.prune")
def prune(*_more, **_named) -> None:
    """Forget what was kept only for a while."""
    pruning.prune(at=timezone.now())

"""The worker's part: deliver what a doorbell names, sweep up what no doorbell reached, show a sign of life."""

from celery import shared_task
from django.utils import timezone

from clock.models import Timeline
from inmail import delivery
from inmail.models import Heartbeat, Inmail


@shared_task(name="inmail.deliver")
def deliver(inmail_id: int) -> None:
    delivery.deliver_one(inmail_id)


@shared_task(name="inmail.sweep")
def sweep() -> None:
    waiting = Inmail.objects.queued().filter(release_at__lte=timezone.now())
    for timeline in Timeline.objects.filter(pk__in=waiting.values("timeline_id")):
        while delivery.deliver_due(timeline) == delivery.CHUNK:
            pass


@shared_task(name="inmail.heartbeat")
def heartbeat(name: str = "worker") -> None:
    """Of the worker that has taken this up: "worker" delivers, "clock" moves the clock."""
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})

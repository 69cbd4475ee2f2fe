"""The worker's part of the clock: let time pass, and carry out wishes to move it."""

from celery import shared_task

from clock import advances
from clock import timeline as clock
from clock.models import Timeline


@shared_task(name="clock.tick")
def tick(*_more, **_named) -> None:
    for wish_id in advances.waiting():
        advances.carry_out(wish_id)
    for timeline in Timeline.objects.filter(speed__gt=0):
        clock.tick(timeline)


@shared_task(name="clock.advance")
def advance(wish_id: int | None = None, *_more, **_named) -> None:
    """A bell of another version that names no wish loses nothing: the next tick finds what waits."""
    if isinstance(wish_id, int):
        advances.carry_out(wish_id)

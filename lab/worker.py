"""The lab's only task, known to its own worker alone (`celery worker -Q lab -I lab.worker`): there is work."""

from celery import shared_task

from clock import doorbell
from lab import queue, runs, work


@shared_task(name=runs.BELL)
def live(*_more, **_named) -> None:
    """The bell says only that there is work; as long as there is, the next is rung."""
    work.work()
    if queue.is_waiting():
        doorbell.ring(runs.BELL)

"""The lab's only task, known to its own worker alone (`celery worker -Q lab -I lab.worker`): there is work."""

from celery import shared_task

from clock import doorbell
from lab import queue, runs, work

LONGEST = 12 * 3600  # seconds: a market of many arms and days is not broken off; its bell may come back meanwhile


@shared_task(name=runs.BELL, time_limit=LONGEST)
def live(*_more, **_named) -> None:
    """The bell says only that there is work; as long as there is, the next is rung."""
    work.work()
    if queue.is_waiting():
        doorbell.ring(runs.BELL)

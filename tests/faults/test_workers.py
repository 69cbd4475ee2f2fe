"""F1-F3: workers that die in mid-delivery or are asked to go; what they had begun is done once, by another."""

import os
import signal
import time

import pytest
from django.db import connection

from inmail.models import Inmail
from tests.faults.pauses import gate, trigger, waiting_for_locks
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def long_busy(platform) -> list[int]:
    """Pool processes that are at a task, and still are a moment later: those that stand at the gate."""
    first = set(platform.busy())
    time.sleep(0.2)
    return [pid for pid in platform.busy() if pid in first]


def is_slowly_delivering() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
        return cursor.fetchone() != (0,)


@pytest.mark.fault("F1", "kill -9 of a pool child in mid-delivery", "delivered once, ≤10 s", fast=True)
def test_what_a_killed_child_was_delivering_is_delivered_once(platform, world, load, figures):
    with gate("inmail_outcome", "BEFORE INSERT") as holder:
        load.send_all(world.pairs(20))
        wait_for(waiting_for_locks)
        os.kill(wait_for(lambda: long_busy(platform))[0], signal.SIGKILL)
        killed = time.monotonic()
        holder.close()
    figures.recover(killed)
    assert figures.check(recovery=10, longest=3).delivered == 20


@pytest.mark.fault("F2", "kill -9 of the whole worker in mid-delivery", "delivered once, ≤15 s", fast=True)
def test_what_a_killed_worker_was_delivering_is_delivered_once(platform, world, load, figures):
    with gate("inmail_outcome", "BEFORE INSERT") as holder:
        load.send_all(world.pairs(20))
        wait_for(waiting_for_locks)
        killed = platform.kill("worker-delivery")
        holder.close()
    figures.recover(killed, meanwhile=platform.look_after)
    assert figures.check(recovery=15, longest=3).delivered == 20


@pytest.mark.fault("F3", "SIGTERM to the worker with 200 queued", "ends within the grace, nothing lost")
def test_a_worker_that_is_asked_to_go_ends_in_time_and_the_next_goes_on(platform, world, load, figures):
    platform.stop("worker-delivery", "beat")
    load.send_all(world.pairs(200))
    assert Inmail.objects.queued().count() == 200
    slow = trigger("inmail_outcome", "BEFORE INSERT", "PERFORM pg_sleep(0.02)")
    with slow, load.in_background(world.pairs(400), threads=2, pause=0.1):
        platform.launch(platform.child("worker-delivery"), ordinary=True)
        wait_for(is_slowly_delivering)
        platform.stop("worker-delivery")
        gone = time.monotonic()
    assert platform.children["worker-delivery"].process.returncode == 0  # not insisted upon by kill -9
    assert Inmail.objects.queued().exists()
    platform.start("worker-delivery", "beat")
    figures.recover(gone)
    assert figures.check().delivered > 200  # how soon depends on the start of the next worker: a figure, no limit

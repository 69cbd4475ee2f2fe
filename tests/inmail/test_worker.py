"""A real Celery worker beside the test: what a doorbell or the beat sets going, and what a dead broker cannot stop."""

import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from clock import advances
from clock import timeline as clock
from config.celery import app
from inmail import ledger, messaging
from inmail.models import Heartbeat, Inmail, Status
from tests.processes import celery, end, environment, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

SEND = """
import sys, time, django
django.setup()
from accounts.models import Member
from clock import timeline
from inmail import messaging
sender, recipient = (Member.objects.get(handle=handle) for handle in sys.argv[1:])
letter = messaging.Letter("consulting_offer", "A question", "We need a week of your advice.")
begun = time.perf_counter()
with timeline.moment() as at:
    messaging.send(timeline.live(), sender, recipient, letter, at=at)
print(time.perf_counter() - begun)
"""


@pytest.fixture(scope="module")
def running(django_db_setup, django_db_blocker):
    """One worker for all tests of this module, ready when it answers a ping."""
    with django_db_blocker.unblock():
        worker = celery("worker", "-Q", "delivery,clock", "-c", "2", "-n", "test@%h", "--without-gossip")
    try:
        wait_for(lambda: app.control.ping(timeout=0.3), seconds=90)
        yield worker
    finally:
        end(worker)


@pytest.fixture
def worker(transactional_db, running):
    return running


@pytest.fixture
def beat(worker):
    """What sets the sweep going each second."""
    process = celery("beat", "--scheduler", "celery.beat:Scheduler", "--pidfile=")
    try:
        yield process
    finally:
        end(process)


def status(inmail_id: int) -> str:
    return Inmail.objects.values_list("status", flat=True).get(pk=inmail_id)


def is_delivered(inmail_id: int) -> bool:
    return status(inmail_id) == Status.DELIVERED


def test_the_worker_delivers_what_the_doorbell_names(worker, send, alice, carol):
    sent = send(alice, carol)
    wait_for(lambda: is_delivered(sent.inmail_id))
    assert Inmail.objects.get(pk=sent.inmail_id).outcome.degree == 2


def test_no_bell_is_rung_for_what_was_not_sent_after_all(worker, live, send, alice, carol, dave):
    with pytest.raises(KeyError), clock.moment(live):
        send(alice, carol)
        raise KeyError
    sent = send(alice, dave)
    wait_for(lambda: is_delivered(sent.inmail_id))
    assert Inmail.objects.count() == 1


def test_the_sweep_delivers_after_the_undo_window_and_not_before(beat, send, alice, carol):
    sent = send(alice, carol, undo_seconds=1)
    release_at = Inmail.objects.get(pk=sent.inmail_id).release_at
    seen = wait_for(lambda: timezone.now() if is_delivered(sent.inmail_id) else None)
    assert seen >= release_at


def test_what_was_undone_in_its_window_is_never_delivered(beat, live, send, alice, carol, dave):
    before = ledger.balance(live, alice)
    undone, kept = send(alice, carol, undo_seconds=1), send(alice, dave, undo_seconds=2)
    with clock.moment(live) as at:
        messaging.undo(Inmail.objects.get(pk=undone.inmail_id), at=at)
    wait_for(lambda: is_delivered(kept.inmail_id))
    assert status(undone.inmail_id) == Status.CANCELLED
    assert ledger.balance(live, alice) == before - 1


@pytest.mark.parametrize("broker", ["closed", "mute"])
def test_a_send_succeeds_soon_while_the_broker_is_dead(live, alice, carol, broker):
    with socket.create_server(("127.0.0.1", 0), backlog=1) as listener:
        port = listener.getsockname()[1]
        if broker == "closed":
            listener.close()
        sending = [sys.executable, "-c", SEND, "alice", "carol"]
        dead = environment(REDIS_URL=f"redis://127.0.0.1:{port}/0")
        answer = subprocess.run(sending, env=dead, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stderr
    assert float(answer.stdout) < 3
    assert Inmail.objects.get(sender=alice).status == Status.QUEUED


def test_the_sweep_delivers_what_no_bell_told_of(beat, live, alice, carol):
    sending = [sys.executable, "-c", SEND, "alice", "carol"]
    dead = environment(REDIS_URL="redis://127.0.0.1:1/0")
    subprocess.run(sending, env=dead, cwd=settings.BASE_DIR, check=True, capture_output=True, timeout=60)
    wait_for(lambda: is_delivered(Inmail.objects.get(sender=alice).pk))


def test_the_worker_carries_out_a_wish_to_move_the_clock(worker, live, send, alice, carol, noon):
    send(alice, carol)
    wish = advances.request(live, until=noon + timedelta(days=8))
    wait_for(lambda: advances_done(wish))
    assert clock.now(live) == noon + timedelta(days=8)
    assert wish.counts["returned"] == 1
    assert ledger.entries(live, alice)[0].at == noon + timedelta(days=7)


def advances_done(wish) -> bool:
    wish.refresh_from_db()
    return wish.status == wish.Status.DONE


def test_the_beat_carries_out_a_wish_that_no_bell_told_of(beat, live, noon):
    wish = live.advances.create(started_at=noon, until=noon + timedelta(hours=1))
    wait_for(lambda: advances_done(wish))
    assert clock.now(live) == noon + timedelta(hours=1)


def test_time_passes_with_the_beat_which_shows_that_the_worker_lives(beat, live, noon):
    clock.set_speed(live, speed=3_600)
    wait_for(lambda: clock.now(live) >= noon + timedelta(hours=2))
    wait_for(Heartbeat.objects.exists)

"""Deliveries that fail: counted before the try, alone after the first, dead after five; then staff decides."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from clock import timeline as clock
from inmail import audit, delivery, jobs, ledger, messaging
from inmail.models import Inmail, Job, Status
from inmail.refusals import Refused
from inmail.tasks import deliver, sweep
from simulation import world

pytestmark = pytest.mark.django_db
SECRET = "the words of the letter"


def reactions(timeline, deliveries):
    """Simulated recipients as ever, but the letter to dave cannot be delivered."""
    if any(each.inmail.recipient.handle == "dave" for each in deliveries):
        raise ValueError(f"dave is out of order\n{SECRET}")
    return world.react(timeline, deliveries)


@pytest.fixture
def poison(settings, dave):
    type(dave).objects.filter(pk=dave.pk).update(simulated=True)
    settings.INMAIL_REACTIONS = "tests.inmail.test_jobs.reactions"
    delivery.reactor.cache_clear()
    yield
    delivery.reactor.cache_clear()


@pytest.fixture
def letter_to_dave(poison, send, alice, dave):
    return Inmail.objects.get(pk=send(alice, dave).inmail_id)


def after_the_pause():
    Job.objects.update(retry_at=timezone.now() - timedelta(seconds=1))


def die(inmail):
    for _ in range(jobs.MAX_ATTEMPTS):
        sweep()
        after_the_pause()


def status(inmail) -> str:
    return Inmail.objects.values_list("status", flat=True).get(pk=inmail.pk)


def test_a_delivery_leaves_no_job_behind(send, alice, carol):
    assert delivery.deliver_one(send(alice, carol).inmail_id)
    assert not Job.objects.exists()


def test_one_that_fails_keeps_nobody_waiting(live, letter_to_dave, send, alice, carol, erin):
    others = [send(alice, carol).inmail_id, send(alice, erin).inmail_id]
    assert delivery.deliver_due(live) == 3
    assert set(Inmail.objects.filter(pk__in=others).values_list("status", flat=True)) == {Status.DELIVERED}
    job = Job.objects.get()
    assert (job.inmail_id, job.attempts, job.dead_at) == (letter_to_dave.pk, 1, None)
    assert job.error == "ValueError: dave is out of order"  # and nothing of the letter


def test_between_two_attempts_there_is_a_growing_pause(live, letter_to_dave):
    pauses = []
    for _ in range(3):
        began = timezone.now()
        assert delivery.deliver_due(live) + delivery.deliver_tried(live) == 1
        assert delivery.deliver_due(live) + delivery.deliver_tried(live) == 0
        pauses.append((Job.objects.get().retry_at - began).total_seconds())
        after_the_pause()
    assert pauses == [pytest.approx(seconds, abs=1) for seconds in (2, 4, 8)]


def test_after_five_attempts_it_is_dead_and_left_alone(live, letter_to_dave):
    die(letter_to_dave)
    dead = Job.objects.dead().get()
    assert (dead.attempts, status(letter_to_dave)) == (5, Status.QUEUED)
    sweep()
    deliver(letter_to_dave.pk)
    dead.refresh_from_db()
    assert dead.attempts == 5


def test_a_dead_delivery_does_not_hold_the_clock_up(live, letter_to_dave, noon):
    die(letter_to_dave)
    clock.advance(live, until=noon + timedelta(days=30))
    assert clock.now(live) == noon + timedelta(days=30) and status(letter_to_dave) == Status.QUEUED
    assert delivery.oldest_due_seconds() == 0


def test_staff_has_a_dead_delivery_tried_again(live, letter_to_dave, settings):
    die(letter_to_dave)
    settings.INMAIL_REACTIONS = "simulation.world.react"
    delivery.reactor.cache_clear()
    assert jobs.try_again(letter_to_dave.pk) and not jobs.try_again(letter_to_dave.pk)
    sweep()
    assert status(letter_to_dave) == Status.DELIVERED and not Job.objects.exists()


def test_staff_gives_a_dead_delivery_up_and_the_credit_comes_back(live, letter_to_dave, alice, noon):
    die(letter_to_dave)
    before = ledger.balance(live, alice)
    delivery.give_up(letter_to_dave, at=noon)
    row = Inmail.objects.get(pk=letter_to_dave.pk)
    assert (row.status, row.refusal, row.returned) == (Status.REFUSED, "undeliverable", True)
    assert ledger.balance(live, alice) == before + 1 and audit.ledger().holds
    with pytest.raises(Refused):
        delivery.give_up(letter_to_dave, at=noon)


def test_only_the_dead_are_given_up(live, send, alice, carol, noon):
    sent = Inmail.objects.get(pk=send(alice, carol).inmail_id)
    with pytest.raises(Refused):
        delivery.give_up(sent, at=noon)
    assert status(sent) == Status.QUEUED


def test_what_fails_can_still_be_undone(live, letter_to_dave, noon):
    delivery.deliver_due(live)
    messaging.undo(letter_to_dave, at=noon)
    sweep()
    assert status(letter_to_dave) == Status.CANCELLED and not Job.objects.exists()


def test_what_killed_its_worker_five_times_is_dead(live, letter_to_dave):
    past = timezone.now() - timedelta(minutes=1)
    Job.objects.create(inmail=letter_to_dave, attempts=jobs.MAX_ATTEMPTS, retry_at=past)
    sweep()
    assert Job.objects.dead().get().error == jobs.LOST


def test_what_lost_its_worker_once_is_tried_by_the_score_and_then_alone(live, letter_to_dave, send, alice, carol, erin):
    ids = [letter_to_dave.pk, send(alice, carol).inmail_id, send(alice, erin).inmail_id]
    assert jobs.take(live, limit=500) == sorted(ids)  # and then the worker dies
    after_the_pause()
    assert jobs.take_once_tried(live) == sorted(ids)
    after_the_pause()
    assert [len(jobs.take_often_tried(live)) for _ in range(4)] == [1, 1, 1, 0]


def test_a_lock_that_stands_in_the_way_is_not_the_letters_fault(live, send, alice, carol):
    sent = send(alice, carol).inmail_id
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.busy() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN RAISE EXCEPTION 'locked' USING ERRCODE = '55P03'; END$$"
        )
        cursor.execute(
            "CREATE TRIGGER busy BEFORE INSERT ON inmail_outcome FOR EACH ROW EXECUTE FUNCTION pg_temp.busy()"
        )
    assert not delivery.deliver_one(sent)
    assert Job.objects.get().attempts == 0


def test_an_advance_tries_each_that_failed_before_once(live, letter_to_dave, send, alice, carol, noon):
    Job.objects.create(inmail=letter_to_dave, attempts=1, retry_at=timezone.now() + timedelta(minutes=1))
    sent = send(alice, carol)
    clock.advance(live, until=noon + timedelta(hours=1))
    assert Inmail.objects.get(pk=sent.inmail_id).status != Status.QUEUED
    assert (Job.objects.get().attempts, Job.objects.get().dead_at) == (2, None)


def test_a_bell_that_names_nothing_known_sweeps(live, send, alice, carol):
    sent = send(alice, carol)
    deliver("soon", urgency=3)
    assert Inmail.objects.get(pk=sent.inmail_id).status == Status.DELIVERED

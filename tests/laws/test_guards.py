"""What each guard of the database is there for, shown with threads that all stand before it when it opens.

A lock on what the second half of an act needs lets every thread finish the first half; then it is let go.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.models import Member
from clock import timeline as clock
from config.celery import app
from inmail import audit, delivery, jobs, ledger, messaging
from inmail.models import Inmail, Job, Outcome, Status
from inmail.refusals import Refused
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8
WAITING = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"


def word(act) -> str:
    """What `act` says, in one word; a failure is the name of its class."""
    try:
        return str(act())
    except Refused as refused:
        return ", ".join(refused.codes)
    except Exception as error:
        return type(error).__name__
    finally:
        connection.close()


@contextmanager
def all_waiting(*acts, how_many):
    """Run the body in a transaction, then the acts beside it until `how_many` of them wait for its locks or have
    ended; the transaction ends, and the list holds what each act said."""
    said = []
    with ThreadPoolExecutor(len(acts)) as pool:
        with transaction.atomic():
            yield said
            begun = [pool.submit(word, act) for act in acts]
            wait_for(lambda: _waiting() + sum(each.done() for each in begun) >= how_many)
        said += [each.result(30) for each in begun]


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


def sending(live, sender, recipient, letter):
    def send():
        with clock.moment(live) as at:
            messaging.send(live, sender, recipient, letter, at=at, undo_seconds=30)
        return "sent"

    return send


@pytest.fixture
def strangers(noon):
    rows = [Member(handle=f"s{i}", first_name="S", last_name=str(i), joined_at=noon) for i in range(THREADS)]
    return Member.objects.bulk_create(rows)


def test_one_credit_pays_for_one_of_many_sends_that_all_saw_it(live, letter, bob, admin, strangers, noon):
    ledger.adjust(live, bob, amount=1, reason="for the race", author=admin, at=noon)
    with all_waiting(*[sending(live, bob, each, letter) for each in strangers], how_many=THREADS) as said:
        ledger.lock(live, bob)
    assert Counter(said) == {"sent": 1, "no_credits": THREADS - 1}
    assert (ledger.balance(live, bob), Inmail.objects.count()) == (0, 1)
    assert audit.ledger().holds


def test_one_of_many_sends_to_one_member_is_accepted_though_none_saw_another(live, letter, alice, dave):
    with all_waiting(*[sending(live, alice, dave, letter)] * THREADS, how_many=THREADS) as said:
        ledger.lock(live, alice)
    assert Counter(said) == {"sent": 1, "awaiting_answer": THREADS - 1}
    assert (ledger.balance(live, alice), Inmail.objects.count()) == (24, 1)


def test_who_loses_the_last_credit_to_an_equal_sending_is_told_all_that_applies(live, letter, bob, dave, admin, noon):
    ledger.adjust(live, bob, amount=1, reason="for the race", author=admin, at=noon)
    with all_waiting(*[sending(live, bob, dave, letter)] * 2, how_many=2) as said:
        ledger.lock(live, bob)
    assert sorted(said) == ["no_credits, awaiting_answer", "sent"]


def test_a_sweep_leaves_alone_what_is_being_undone(live, send, alice, carol, noon):
    inmail = Inmail.objects.get(pk=send(alice, carol).inmail_id)
    Job.objects.filter(pk__in=jobs.take_these([inmail.pk])).update(retry_at=inmail.release_at)  # its worker died
    with all_waiting(lambda: delivery.deliver_tried(live), how_many=1) as said:
        messaging.undo(inmail, at=noon)
    inmail.refresh_from_db()
    assert (said, inmail.status, inmail.delivered_at) == (["0"], Status.CANCELLED, None)
    assert (Outcome.objects.count(), ledger.balance(live, alice)) == (0, 25)


def test_a_late_answer_settles_nothing_again(live, send, alice, carol, noon):
    def late():
        with clock.moment(live) as at:
            return messaging.answer(inmail, answer="interested", at=at).answer

    inmail = Inmail.objects.get(pk=send(alice, carol).inmail_id)
    delivery.deliver_one(inmail.pk)
    clock.advance(live, until=noon + timedelta(days=8))
    assert word(late) == "interested"
    assert ledger.entries(live, alice)[0].reason == "silence"
    assert audit.ledger().holds


def test_silence_settles_nothing_that_an_answer_has_settled(live, send, alice, carol, noon):
    inmail = Inmail.objects.get(pk=send(alice, carol).inmail_id)
    delivery.deliver_one(inmail.pk)
    with clock.moment(live) as at:
        messaging.answer(inmail, answer="interested", at=at)
    clock.advance(live, until=noon + timedelta(days=7))
    inmail.refresh_from_db()
    assert (inmail.settled_at, inmail.returned, ledger.balance(live, alice)) == (noon, False, 24)


def bells() -> int:
    with app.connection_for_read() as broker:
        return broker.default_channel.client.llen("delivery")


@pytest.fixture
def silence(live):
    """No bell hangs over from another test."""
    with app.connection_for_write() as broker:
        broker.default_channel.client.delete("delivery")
    yield
    with app.connection_for_write() as broker:
        broker.default_channel.client.delete("delivery")


def test_no_bell_is_heard_before_the_commit(silence, live, send, alice, carol):
    with clock.moment(live):
        send(alice, carol)
        assert bells() == 0
    assert bells() == 1

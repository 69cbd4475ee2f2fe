"""What each guard of the database is there for, shown with threads that all stand before it when it opens.

A lock on what the second half of an act needs lets every thread finish the first half; then it is let go.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from accounts.models import Member
from clock import timeline as clock
from config.celery import app
from inmail import audit, delivery, ledger, messaging
from inmail.models import Inmail, Outcome, Thread
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
        return refused.codes[0]
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


def test_of_two_sweeps_at_once_one_delivers_what_the_other_leaves_alone(live, send, alice, carol):
    sent = send(alice, carol)
    with all_waiting(*[lambda: delivery.deliver_due(live)] * 2, how_many=2) as said:
        list(Thread.objects.select_for_update().filter(pk=sent.thread_id))
    assert sorted(said) == ["0", "1"]
    assert Outcome.objects.count() == 1


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

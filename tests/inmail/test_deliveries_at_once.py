"""A delivery beside what others do at the same moment: it waits for their last word, and for nobody for long."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from inmail import audit, delivery, ledger
from inmail.models import Inmail, Job, Status
from inmail.tasks import sweep
from privacy import blocks, reception

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def in_another_session(act):
    """`act()` done in a transaction of another connection that commits when the block ends."""
    done, over = Event(), Event()

    def hold():
        with transaction.atomic():
            act()
            done.set()
            over.wait(30)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert done.wait(10)
        try:
            yield
        finally:
            over.set()
            holding.result(10)


def opting_out(alice, carol, at):
    reception.change(carol, at=at, messages="introductions_only", interests=["business_deal"])


def blocking(alice, carol, at):
    blocks.block(carol, alice, at=at)


@pytest.mark.parametrize(("change", "code"), [(opting_out, "reception_off"), (blocking, "unavailable")])
def test_what_a_recipient_is_just_changing_counts(live, send, alice, carol, noon, change, code):
    sent = send(alice, carol)
    with ThreadPoolExecutor(1) as pool:
        with in_another_session(lambda: change(alice, carol, noon)):
            delivering = pool.submit(in_own_connection, lambda: delivery.deliver_one(sent.inmail_id))
            Event().wait(0.4)
            assert not delivering.done()
        delivering.result(10)
    row = Inmail.objects.get(pk=sent.inmail_id)
    assert (row.status, row.refusal, row.returned) == (Status.REFUSED, code, True)


def in_own_connection(act):
    try:
        return act()
    finally:
        connection.close()


def test_a_wallet_that_somebody_holds_keeps_no_other_delivery_waiting(live, send, alice, bob, carol, dave, admin, noon):
    ledger.adjust(live, bob, amount=1, reason="for the test", author=admin, at=noon)
    held, free = send(bob, dave).inmail_id, send(alice, carol).inmail_id
    reception.change(dave, at=noon, messages="introductions_only")  # bob's credit will come back: his wallet is needed
    with in_another_session(lambda: ledger.lock(live, bob)):
        sweep()
        assert Inmail.objects.get(pk=free).status == Status.DELIVERED
        assert (Inmail.objects.get(pk=held).status, Job.objects.get().attempts) == (Status.QUEUED, 0)
    Job.objects.update(retry_at=timezone.now() - timedelta(seconds=1))
    sweep()
    assert Inmail.objects.get(pk=held).refusal == "reception_off"
    assert ledger.balance(live, bob) == 1 and audit.ledger().holds

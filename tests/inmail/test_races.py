"""Threads that want the same thing at once: the database lets one of them have it, and the ledger adds up."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import Member
from clock import timeline as clock
from inmail import audit, delivery, ledger, messaging, subscriptions, terms
from inmail.models import Inmail, LedgerEntry, Outcome, Status
from inmail.refusals import Refused
from privacy.models import Reception

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 25


def at_once(*acts) -> list:
    """Begin every act at the same moment, each in a thread and a connection of its own; what each gave or raised."""
    gate = Barrier(len(acts))

    def run(act):
        try:
            connection.ensure_connection()
            gate.wait(30)
            return act()
        except Refused as refused:
            return refused.codes
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def laws_hold() -> bool:
    found = audit.ledger()
    assert found.holds, found.violations
    return True


@pytest.fixture
def strangers(live, noon):
    """A hundred members whom nobody knows."""
    members = [Member(handle=f"s{i}", first_name="S", last_name=str(i), joined_at=noon) for i in range(100)]
    return Member.objects.bulk_create(members)


@pytest.fixture
def delivered(live, send, alice, carol):
    sent = send(alice, carol)
    delivery.deliver_one(sent.inmail_id)
    return Inmail.objects.get(pk=sent.inmail_id)


def sends_to(live, sender, members, letter) -> list:
    """Acts that send to `members`, so many by each thread."""

    def act(mine):
        def sending():
            return [one_send(live, sender, member, letter) for member in mine]

        return sending

    return [act(members[place::THREADS]) for place in range(THREADS)]


def one_send(live, sender, member, letter) -> str:
    try:
        with clock.moment(live) as at:
            messaging.send(live, sender, member, letter, at=at, undo_seconds=30)
        return "sent"
    except Refused as refused:
        return refused.codes[0]


@pytest.mark.parametrize("credits", [1, 50])
def test_a_hundred_sends_at_once_spend_no_more_than_there_is(live, letter, bob, admin, strangers, credits, noon):
    ledger.adjust(live, bob, amount=credits, reason="for the race", author=admin, at=noon)
    each = at_once(*sends_to(live, bob, strangers, letter))
    assert Counter(word for words in each for word in words) == {"sent": credits, "no_credits": 100 - credits}
    assert (ledger.balance(live, bob), Inmail.objects.count()) == (0, credits)
    assert laws_hold()


@pytest.mark.parametrize("free", [False, True])
def test_of_many_sends_to_one_member_one_is_accepted(live, letter, alice, dave, free):
    if free:
        Reception.objects.filter(member=dave).update(open_profile=True)
    found = at_once(*[lambda: one_send(live, alice, dave, letter)] * 10)
    assert Counter(found) == {"sent": 1, "awaiting_answer": 9}
    assert ledger.balance(live, alice) == (25 if free else 24)
    assert laws_hold()


def test_the_monthly_limit_holds_for_purchases_at_once(live, bob):
    def buy():
        try:
            with clock.moment(live) as at:
                subscriptions.purchase(live, bob, quantity=3, at=at)
            return "bought"
        except subscriptions.NotSold as refused:
            return refused.code

    assert Counter(at_once(*[buy] * 8)) == {"bought": 3, "purchase_limit": 5}
    assert ledger.balance(live, bob) == 9
    assert laws_hold()


@pytest.mark.parametrize("policy", ["2014", "2015", "graded", "attention_bond"])
@pytest.mark.parametrize("answer", ["interested", "spam"])
def test_answer_withdrawal_and_deadline_at_one_instant_settle_once(live, send, alice, carol, noon, policy, answer):
    terms.put_in_force(live, name=policy, from_at=noon)
    sent = send(alice, carol)
    delivery.deliver_one(sent.inmail_id)
    inmail = Inmail.objects.get(pk=sent.inmail_id)
    clock.advance(live, until=inmail.deadline_at - timedelta(seconds=1))

    def act(verb, **options):
        with clock.moment(live) as at:
            return verb(inmail, at=at, **options).status

    at_once(
        lambda: act(messaging.answer, answer=answer),
        lambda: act(messaging.withdraw),
        lambda: clock.advance(live, until=inmail.deadline_at),
        lambda: clock.advance(live, until=inmail.deadline_at),
    )
    inmail.refresh_from_db()
    returns = LedgerEntry.objects.filter(inmail=inmail, kind="return").count()
    assert inmail.settled_at is not None
    assert returns == inmail.returned
    assert laws_hold()


def test_two_who_deliver_the_same_inmail_write_one_outcome(live, send, alice, carol):
    sent = send(alice, carol)
    found = at_once(
        *[lambda: delivery.deliver_one(sent.inmail_id)] * 6,
        *[lambda: delivery.deliver_due(live) == 1] * 2,
        lambda: clock.advance(live, until=live.now_at + timedelta(seconds=1))["delivered"] == 1,
    )
    assert True in found  # a second one may have taken it, and have found it delivered
    assert Outcome.objects.count() == 1
    assert laws_hold()


def test_a_full_outbox_swept_by_many_is_delivered_once_each(live, letter, bob, admin, strangers, noon):
    ledger.adjust(live, bob, amount=100, reason="for the race", author=admin, at=noon)
    for member in strangers:
        messaging.send(live, bob, member, letter, at=noon)

    def sweep():
        count = 0
        while done := delivery.deliver_due(live, limit=7):
            count += done
        return count

    assert sum(at_once(*[sweep] * 6)) == 100
    assert Outcome.objects.count() == Inmail.objects.filter(status=Status.DELIVERED).count() == 100


def test_an_undo_against_the_delivery_is_undone_or_delivered(live, send, alice, carol, dave, erin):
    for recipient in (carol, dave, erin):
        sent = send(alice, recipient)
        inmail = Inmail.objects.get(pk=sent.inmail_id)
        before = ledger.balance(live, alice)
        at_once(lambda i=inmail: undo(live, i), lambda i=inmail: delivery.deliver_one(i.pk))
        inmail.refresh_from_db()
        undone = inmail.status == Status.CANCELLED
        assert undone or inmail.status == Status.DELIVERED
        assert ledger.balance(live, alice) == before + undone
        assert Outcome.objects.filter(pk=inmail.pk).exists() == (inmail.status == Status.DELIVERED)
    assert laws_hold()


def undo(live, inmail):
    with clock.moment(live) as at:
        return messaging.undo(inmail, at=at).status


def test_two_answers_at_once_are_one(live, delivered, noon):
    def answer(kind):
        with clock.moment(live) as at:
            return messaging.answer(delivered, answer=kind, body="Yes.", at=at).answer

    kinds = ("interested", "not_interested", "spam", "reply")
    found = at_once(*[lambda kind=kind: answer(kind) for kind in kinds])
    assert found.count(["already_answered"]) == 3
    delivered.refresh_from_db()
    assert delivered.answer in found
    assert delivered.outcome.answer == delivered.answer


def test_acts_while_the_clock_moves_keep_the_order_of_entries(live, letter, bob, admin, strangers, noon):
    ledger.adjust(live, bob, amount=100, reason="for the race", author=admin, at=noon)
    hours = [lambda h=h: clock.advance(live, until=noon + timedelta(hours=h)) for h in (5, 30, 200)]
    at_once(*sends_to(live, bob, strangers, letter), *hours)
    assert Inmail.objects.count() == 100
    assert clock.now(live) == noon + timedelta(hours=200)
    assert laws_hold()

"""Ordinary writing: to connections, within a group, on in an answered thread; free, and only where it is open."""

from datetime import timedelta

import pytest

from accounts import groups, network
from accounts.models import Group
from clock import timeline as clock
from inmail import conversation, delivery, ledger, messaging
from inmail.models import Inmail, LedgerEntry, Message, Outcome, Thread
from inmail.refusals import Refused
from privacy import blocks, reception

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def group(cast):
    return Group.objects.get(slug="data-science-italia")


@pytest.fixture
def delivered(live, send, alice, carol):
    sent = send(alice, carol)
    delivery.deliver_one(sent.inmail_id)
    return Inmail.objects.get(pk=sent.inmail_id)


def refused(act, *arguments, **options) -> list[str]:
    with pytest.raises(Refused) as error:
        act(*arguments, **options)
    return error.value.codes


def threads_of(live, member) -> list[int]:
    return [thread.pk for found in conversation.seen_by(live, member) for thread in found]


def test_a_message_to_a_connection_is_free_and_unread(live, alice, bob, noon):
    before = ledger.balance(live, alice)
    message = conversation.direct(live, alice, bob, body="Lunch?", at=noon)
    assert (message.author, conversation.unread(live, bob), conversation.unread(live, alice)) == (alice, 1, 0)
    assert ledger.balance(live, alice) == before


def test_both_write_in_one_thread_whoever_began(live, alice, bob, noon):
    there = conversation.direct(live, alice, bob, body="Lunch?", at=noon)
    back = conversation.direct(live, bob, alice, body="At one.", at=noon + HOUR)
    assert there.thread == back.thread
    assert [text.body for text in there.thread.texts.all()] == ["Lunch?", "At one."]


def test_reading_clears_the_mark_of_the_reader_only(live, alice, bob, noon):
    thread = conversation.direct(live, alice, bob, body="Lunch?", at=noon).thread
    conversation.direct(live, bob, alice, body="At one.", at=noon)
    conversation.read(thread, bob)
    assert (conversation.unread(live, bob), conversation.unread(live, alice)) == (0, 1)


@pytest.mark.parametrize("stranger", ["carol", "dave", "erin", "frank"])
def test_a_message_to_anyone_else_is_refused(live, cast, alice, stranger, noon):
    assert refused(conversation.direct, live, alice, cast[stranger], body="Hello.", at=noon) == ["not_open"]
    assert not Message.objects.exists()


def test_a_message_to_oneself_is_refused(live, alice, noon):
    assert refused(conversation.direct, live, alice, alice, body="Note.", at=noon) == ["self"]


def test_the_end_of_a_connection_closes_its_thread(live, alice, bob, noon):
    thread = conversation.direct(live, alice, bob, body="Lunch?", at=noon).thread
    network.disconnect(alice, bob)
    assert refused(conversation.write_on, thread, bob, body="Still there?", at=noon) == ["not_open"]
    assert thread.pk in threads_of(live, bob)


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_a_block_closes_a_thread_for_both(live, cast, alice, bob, who, noon):
    thread = conversation.direct(live, alice, bob, body="Lunch?", at=noon).thread
    blocks.block(bob, alice, at=noon)
    assert refused(conversation.write_on, thread, cast[who], body="Why?", at=noon) == ["unavailable"]


def test_who_has_left_is_not_written_to(live, alice, bob, noon):
    bob.deactivated_at = noon
    bob.save()
    assert refused(conversation.direct, live, alice, bob, body="Lunch?", at=noon) == ["recipient_gone"]


def test_members_of_a_group_write_free_of_credit_and_outcome(live, alice, erin, group, noon):
    before = ledger.balance(live, alice)
    message = conversation.in_group(live, alice, erin, group, body="From our group.", at=noon)
    assert (message.thread.kind, message.thread.group, ledger.balance(live, alice)) == ("group", group, before)
    assert not Outcome.objects.exists()


def test_a_group_message_reaches_even_one_who_takes_no_inmail(live, alice, erin, group, noon):
    reception.change(erin, at=noon, messages="introductions_only")
    assert conversation.in_group(live, alice, erin, group, body="From our group.", at=noon).pk


def test_a_group_that_only_one_is_in_opens_nothing(live, alice, dave, group, noon):
    assert refused(conversation.in_group, live, alice, dave, group, body="Hello.", at=noon) == ["no_shared_group"]


def test_leaving_the_group_closes_its_threads(live, alice, erin, group, noon):
    thread = conversation.in_group(live, alice, erin, group, body="From our group.", at=noon).thread
    groups.leave(erin, group)
    assert refused(conversation.write_on, thread, alice, body="Why?", at=noon) == ["not_open"]


def test_a_sender_waits_for_the_answer_before_writing_on(live, alice, delivered, noon):
    assert refused(conversation.write_on, delivered.thread, alice, body="Well?", at=noon) == ["not_open"]


@pytest.mark.parametrize("answer", ["interested", "reply", "not_interested"])
def test_once_answered_the_thread_is_free_for_both(live, alice, carol, delivered, answer, noon):
    messaging.answer(delivered, answer=answer, body="I have read it.", at=noon)
    before = LedgerEntry.objects.count()
    thread = Thread.objects.get(pk=delivered.thread_id)
    conversation.write_on(thread, alice, body="Thank you.", at=noon + HOUR)
    conversation.write_on(thread, carol, body="You are welcome.", at=noon + 2 * HOUR)
    assert [text.author for text in thread.texts.all()] == [carol, alice, carol]
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize("answer", ["spam", "inappropriate"])
def test_a_report_opens_no_thread(live, alice, carol, delivered, answer, noon):
    messaging.answer(delivered, answer=answer, at=noon)
    thread = Thread.objects.get(pk=delivered.thread_id)
    for author in (alice, carol):
        assert refused(conversation.write_on, thread, author, body="But…", at=noon) == ["not_open"]


def test_a_late_answer_opens_the_thread_all_the_same(live, alice, delivered, noon):
    clock.advance(live, until=noon + timedelta(days=8))
    messaging.answer(delivered, answer="reply", body="Sorry, I was away.", at=noon + timedelta(days=8))
    thread = Thread.objects.get(pk=delivered.thread_id)
    assert conversation.write_on(thread, alice, body="Never mind.", at=noon + timedelta(days=8)).pk


def test_a_recipient_sees_no_thread_before_delivery_nor_after_withdrawal(live, send, alice, carol, noon):
    sent = send(alice, carol)
    assert (len(threads_of(live, alice)), len(threads_of(live, carol))) == (1, 0)
    delivery.deliver_one(sent.inmail_id)
    assert (len(threads_of(live, carol)), conversation.unread(live, carol)) == (1, 1)
    messaging.withdraw(Inmail.objects.get(pk=sent.inmail_id), at=noon)
    assert (len(threads_of(live, carol)), conversation.unread(live, carol)) == (0, 0)


def test_an_undone_inmail_leaves_no_thread_behind(live, send, alice, carol, noon):
    sent = send(alice, carol, undo_seconds=10)
    messaging.undo(Inmail.objects.get(pk=sent.inmail_id), at=noon)
    assert threads_of(live, alice) == threads_of(live, carol) == []


def test_the_answer_is_news_for_the_sender(live, alice, carol, delivered, noon):
    assert conversation.unread(live, alice) == 0
    messaging.answer(delivered, answer="reply", body="Tell me more.", at=noon)
    assert (conversation.unread(live, alice), conversation.unread(live, carol)) == (1, 0)


def test_a_conversation_on_one_timeline_is_not_seen_on_another(live, alice, bob, noon):
    other = clock.begin(name="attempt", at=noon, speed=0, seed=1)
    conversation.direct(live, alice, bob, body="Lunch?", at=noon)
    assert threads_of(other, bob) == []
    assert conversation.unread(other, bob) == 0

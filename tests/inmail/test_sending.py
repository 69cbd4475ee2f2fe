from datetime import timedelta

import pytest

from accounts import network
from clock import timeline as clock
from inmail import audit, delivery, ledger, messaging, story
from inmail.models import Inmail, LedgerEntry, Status
from inmail.refusals import Refused
from privacy import blocks, reception

pytestmark = pytest.mark.django_db


def deliver(live, sent):
    assert delivery.deliver_one(sent.inmail_id)
    return Inmail.objects.get(pk=sent.inmail_id)


def test_sending_spends_one_credit(live, send, alice, carol):
    before = ledger.balance(live, alice)
    sent = send(alice, carol)
    assert (sent.cost, sent.match, sent.credits) == (1, "mismatch", before - 1)
    assert ledger.entries(live, alice)[0].kind == "spend"
    assert audit.ledger().holds


def test_a_connection_is_refused_an_inmail(send, alice, bob):
    with pytest.raises(Refused) as refused:
        send(alice, bob)
    assert refused.value.codes == ["first_degree"]


def test_nobody_can_write_to_frank_until_he_switches_inmail_on(send, alice, frank, noon):
    with pytest.raises(Refused) as refused:
        send(alice, frank)
    assert refused.value.codes == ["reception_off"]
    reception.change(frank, at=noon, messages="introductions_inmail_open")
    assert send(alice, frank).cost == 1


def test_without_credits_one_is_told_so_with_all_else_that_applies(live, send, bob, dave):
    with pytest.raises(Refused) as refused:
        send(bob, dave)
    assert refused.value.codes == ["no_credits"]
    assert not Inmail.objects.exists()


def test_an_open_profile_is_written_to_free_of_charge(live, send, bob, erin, noon):
    reception.change(erin, at=noon, open_profile=True)
    sent = send(bob, erin)
    assert (sent.cost, sent.credits) == (0, 0)
    assert not LedgerEntry.objects.filter(member=bob).exists()


def test_a_second_inmail_waits_for_the_answer(send, alice, carol):
    send(alice, carol)
    with pytest.raises(Refused) as refused:
        send(alice, carol)
    assert refused.value.codes == ["awaiting_answer"]


def test_undoing_returns_the_credit(live, send, alice, carol, noon):
    before = ledger.balance(live, alice)
    sent = send(alice, carol, undo_seconds=10)
    assert not delivery.deliver_one(sent.inmail_id)
    undone = messaging.undo(Inmail.objects.get(pk=sent.inmail_id), at=noon)
    assert (undone.status, ledger.balance(live, alice)) == (Status.CANCELLED, before)
    assert send(alice, carol).cost == 1


def test_delivery_writes_one_outcome_judged_on_what_is_declared_then(live, send, alice, carol, noon):
    sent = send(alice, carol)
    reception.change(carol, at=noon, interests=["consulting_offer"])
    inmail = deliver(live, sent)
    assert inmail.status == Status.DELIVERED
    assert inmail.deadline_at == noon + timedelta(days=7)
    assert (inmail.outcome.match, inmail.outcome.degree) == ("match", 2)


def test_delivering_twice_has_one_effect(live, send, alice, carol):
    sent = send(alice, carol)
    deliver(live, sent)
    assert not delivery.deliver_one(sent.inmail_id)


def test_who_switches_off_before_delivery_is_not_reached_and_the_credit_returns(live, send, alice, carol, noon):
    before = ledger.balance(live, alice)
    sent = send(alice, carol)
    reception.change(carol, at=noon, messages="introductions_only")
    inmail = deliver(live, sent)
    assert (inmail.status, inmail.refusal) == (Status.REFUSED, "reception_off")
    assert ledger.balance(live, alice) == before


def test_who_connects_before_delivery_is_reached_all_the_same(live, send, alice, carol, noon):
    sent = send(alice, carol)
    network.connect(alice, carol, at=noon)
    assert deliver(live, sent).status == Status.DELIVERED


def test_a_block_before_delivery_returns_the_credit(live, send, alice, carol, noon):
    sent = send(alice, carol)
    blocks.block(carol, alice, at=noon)
    assert deliver(live, sent).refusal == "unavailable"
    assert audit.ledger().holds


def test_silence_returns_the_credit_at_the_deadline(live, send, alice, carol, noon):
    before = ledger.balance(live, alice)
    deliver(live, send(alice, carol))
    clock.advance(live, until=noon + timedelta(days=7) - timedelta(seconds=1))
    assert ledger.balance(live, alice) == before - 1
    counts = clock.advance(live, until=noon + timedelta(days=7))
    assert counts["returned"] == 1
    entry = ledger.entries(live, alice)[0]
    assert (entry.kind, entry.reason, entry.at) == ("return", "silence", noon + timedelta(days=7))


def test_an_answer_before_the_deadline_keeps_the_credit_under_2014(live, send, alice, carol, noon):
    inmail = deliver(live, send(alice, carol))
    answered = messaging.answer(inmail, answer="interested", at=noon + timedelta(days=7) - timedelta(seconds=1))
    assert (answered.status, answered.returned) == (Status.ANSWERED, False)
    assert answered.outcome.answer == "interested"


def test_an_answer_at_the_very_deadline_is_late(live, send, alice, carol, noon):
    inmail = deliver(live, send(alice, carol))
    answered = messaging.answer(inmail, answer="interested", at=noon + timedelta(days=7))
    assert answered.returned
    assert LedgerEntry.objects.get(inmail=inmail, kind="return").reason == "silence"


def test_a_second_answer_is_refused(live, send, alice, carol, noon):
    inmail = deliver(live, send(alice, carol))
    messaging.answer(inmail, answer="reply", body="Tell me more.", at=noon)
    with pytest.raises(Refused, match="already_answered"):
        messaging.answer(inmail, answer="spam", at=noon)


def test_withdrawing_gives_nothing_back(live, send, alice, carol, noon):
    inmail = messaging.withdraw(deliver(live, send(alice, carol)), at=noon)
    clock.advance(live, until=noon + timedelta(days=8))
    assert not LedgerEntry.objects.filter(inmail=inmail, kind="return").exists()


def test_an_unread_inmail_expires_after_fifteen_days_under_2014(live, send, alice, carol, noon):
    inmail = deliver(live, send(alice, carol))
    clock.advance(live, until=noon + timedelta(days=15))
    with pytest.raises(Refused, match="expired"):
        messaging.open(inmail, at=noon + timedelta(days=15))


def test_the_story_of_an_unread_inmail_ends_with_silence_and_expiry(live, send, alice, carol, noon):
    inmail = deliver(live, send(alice, carol))
    clock.advance(live, until=noon + timedelta(days=16))
    inmail.refresh_from_db()
    steps = story.steps(inmail, alice, now=noon + timedelta(days=16))
    labels = [str(step.label) for step in steps]
    assert labels[2:] == ["No answer by the deadline", "Credit returned", "Expired unread"]
    assert story.is_unanswered(inmail, alice, now=noon + timedelta(days=16))


def test_a_report_looks_like_silence_to_its_sender(live, send, alice, carol, noon):
    inmail = deliver(live, send(alice, carol))
    messaging.answer(inmail, answer="spam", at=noon + timedelta(hours=1))
    inmail.refresh_from_db()
    soon, later = noon + timedelta(hours=2), noon + timedelta(days=8)
    assert not story.is_unanswered(inmail, alice, now=soon) and story.is_unanswered(inmail, alice, now=later)
    assert [str(s.label) for s in story.steps(inmail, alice, now=soon)][-1] == "Answer"


def test_the_month_brings_new_credits_up_to_the_cap(live, cast, alice, noon):
    assert ledger.balance(live, alice) == 25
    clock.advance(live, until=noon + timedelta(days=200))
    assert ledger.balance(live, alice) == 75
    assert audit.ledger().holds

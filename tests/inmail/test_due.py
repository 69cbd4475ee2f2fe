"""What falls due happens in the order of DOMAIN 9, each at its own instant, however the time is cut into windows."""

from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Member
from clock import due
from clock import timeline as clock
from inmail import audit, delivery, ledger, messaging, outbox, subscriptions, terms
from inmail.models import Inmail, LedgerEntry, Outcome, ScheduledInmail, SenderScore, Status, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
WEEK = 7 * DAY


@pytest.fixture
def delivered(live, send, alice, carol):
    return deliver(send(alice, carol))


def deliver(sent) -> Inmail:
    assert delivery.deliver_one(sent.inmail_id)
    return Inmail.objects.get(pk=sent.inmail_id)


def will(inmail, *, open_at=None, answer_at=None, answer="") -> None:
    """Have the recipient act at these instants, as a simulated one does."""
    Inmail.objects.filter(pk=inmail.pk).update(open_due_at=open_at, answer_due_at=answer_at, answer_due=answer)


def schedule(live, sender, recipient, at, *, cost=1) -> None:
    fields = {"category": "new_venture", "subject": "A venture", "body": "Shall we?", "cost": cost, "send_at": at}
    outbox.schedule(live, [ScheduledInmail(timeline=live, sender=sender, recipient=recipient, **fields)])


def reasons(live, member) -> list[str]:
    return list(ledger.entries(live, member).order_by("number").values_list("reason", flat=True))


def test_each_event_happens_at_its_own_instant(live, delivered, noon):
    will(delivered, open_at=noon + HOUR, answer_at=noon + 5 * HOUR, answer="interested")
    counts = clock.advance(live, until=noon + 9 * DAY)
    delivered.refresh_from_db()
    assert (delivered.opened_at, delivered.answered_at) == (noon + HOUR, noon + 5 * HOUR)
    assert delivered.settled_at == delivered.outcome.settled_at == noon + 5 * HOUR
    assert (counts["opened"], counts["answered"], counts["midnight"]) == (1, 1, 9)


def test_an_answer_due_at_the_very_deadline_finds_the_credit_returned(live, delivered, noon):
    will(delivered, open_at=noon + HOUR, answer_at=noon + WEEK, answer="interested")
    clock.advance(live, until=noon + WEEK)
    delivered.refresh_from_db()
    assert (delivered.status, delivered.returned, delivered.settled_at) == (Status.ANSWERED, True, noon + WEEK)
    assert LedgerEntry.objects.get(inmail=delivered, kind="return").reason == "silence"


def test_an_answer_a_second_before_the_deadline_is_in_time(live, delivered, noon):
    will(delivered, open_at=noon + HOUR, answer_at=noon + WEEK - SECOND, answer="interested")
    clock.advance(live, until=noon + 2 * WEEK)
    delivered.refresh_from_db()
    assert (delivered.returned, delivered.settled_at) == (False, noon + WEEK - SECOND)


def test_what_would_be_opened_at_the_instant_of_expiry_has_expired(live, delivered, noon):
    will(delivered, open_at=noon + 15 * DAY, answer_at=noon + 15 * DAY + HOUR, answer="reply")
    clock.advance(live, until=noon + 16 * DAY)
    delivered.refresh_from_db()
    assert (delivered.status, delivered.opened_at, delivered.answer) == (Status.EXPIRED, None, "")


def test_a_late_answer_counts_for_outcome_and_thread_never_for_the_credit(live, alice, delivered, noon):
    will(delivered, open_at=noon + HOUR, answer_at=noon + 8 * DAY, answer="interested")
    clock.advance(live, until=noon + 9 * DAY)
    delivered.refresh_from_db()
    assert (delivered.outcome.answer, delivered.settled_at) == ("interested", noon + WEEK)
    assert delivered.thread.opener_unread
    assert reasons(live, alice) == ["opening", "sent", "silence"]


def test_a_return_at_the_same_instant_comes_before_a_spend(live, alice, dave, delivered, noon):
    schedule(live, alice, dave, noon + WEEK)
    clock.advance(live, until=noon + WEEK)
    assert reasons(live, alice) == ["opening", "sent", "silence", "sent"]


def test_the_monthly_grant_comes_before_a_deadline_at_the_same_midnight(live, send, alice, carol, noon):
    subscriptions.Subscription.objects.filter(member=alice).update(next_grant_at=noon + 7.5 * DAY)
    clock.advance(live, until=noon + DAY / 2)
    deliver(send(alice, carol))
    clock.advance(live, until=noon + 7.5 * DAY)
    assert reasons(live, alice) == ["opening", "sent", "monthly", "silence"]


def test_a_score_is_renewed_from_the_answers_before_midnight_only(live, send, alice, carol, dave, noon):
    midnight = noon + DAY / 2
    for recipient, at, answer in ((carol, midnight - SECOND, "spam"), (dave, midnight, "interested")):
        will(deliver(send(alice, recipient)), open_at=noon + HOUR, answer_at=at, answer=answer)
    clock.advance(live, until=midnight)
    assert SenderScore.objects.get(member=alice).score == 0
    clock.advance(live, until=midnight + DAY)
    assert SenderScore.objects.get(member=alice).score == 2.5


def test_a_credit_that_comes_back_is_usable_by_the_scheduled_from_the_next_day(live, send, alice, admin, cast, noon):
    ledger.adjust(live, alice, amount=-24, reason="for the test", author=admin, at=noon)
    deliver(send(alice, cast["carol"]))
    schedule(live, alice, cast["dave"], noon + WEEK + HOUR)
    schedule(live, alice, cast["erin"], noon + WEEK + DAY)
    clock.advance(live, until=noon + WEEK + HOUR / 2)
    clock.advance(live, until=noon + WEEK + 2 * DAY)
    assert list(Inmail.objects.order_by("pk").values_list("recipient__handle", flat=True)) == ["carol", "erin"]


def test_what_is_scheduled_is_sent_under_the_policy_of_its_own_instant(live, cast, alice, noon):
    terms.put_in_force(live, name="2015", from_at=noon + 2 * HOUR)
    for hour, recipient in ((1, "carol"), (2, "dave"), (3, "erin")):
        schedule(live, alice, cast[recipient], noon + hour * HOUR)
    clock.advance(live, until=noon + 5 * HOUR)
    assert list(Inmail.objects.order_by("pk").values_list("policy_id", flat=True)) == ["2014", "2015", "2015"]


def test_a_credit_that_comes_back_is_usable_by_people_at_once(live, send, alice, admin, cast, noon):
    ledger.adjust(live, alice, amount=-24, reason="for the test", author=admin, at=noon)
    deliver(send(alice, cast["carol"]))
    clock.advance(live, until=noon + WEEK)
    assert send(alice, cast["dave"], at=noon + WEEK).credits == 0


def test_an_advance_first_ends_the_undo_window(live, send, alice, carol, noon):
    sent = send(alice, carol, undo_seconds=30)
    counts = clock.advance(live, until=noon + DAY)
    assert counts["delivered"] == 1
    assert Inmail.objects.get(pk=sent.inmail_id).delivered_at == noon


# --- one go or many steps: the same end ------------------------------------------------------------


def react(timeline, deliveries):
    """Recipients whose luck hangs on the pair alone, at whole hours, so that instants often coincide."""
    return {d.inmail.pk: _reaction(d) for d in deliveries}


def _reaction(d) -> delivery.Reaction:
    luck = Random(f"{d.inmail.sender.handle} {d.inmail.recipient.handle} {d.inmail.n}")
    open_at = d.at + luck.choice((1, 24, 7 * 24, 15 * 24)) * HOUR
    answer = luck.choice(("", "interested", "reply", "not_interested", "spam", "inappropriate"))
    if luck.random() < 0.2:
        return delivery.Reaction()
    answer_at = open_at + luck.choice((0, 1, 6 * 24, 7 * 24)) * HOUR if answer else None
    return delivery.Reaction(open_at, answer_at, answer, "Said in words." if answer == "reply" else "")


@pytest.fixture
def scripted(settings):
    """Recipients answer by `react`, and nobody writes of their own accord."""
    settings.CLOCK_SOURCES = ["inmail.due.InmailWork"]
    settings.INMAIL_REACTIONS = "tests.inmail.test_due.react"
    due.sources.cache_clear()
    delivery.reactor.cache_clear()
    yield
    due.sources.cache_clear()
    delivery.reactor.cache_clear()


@pytest.fixture
def crowd(live, cast, admin, noon):
    """Three who write, with two credits each, and four who answer."""
    names = ("w0", "w1", "w2", "r0", "r1", "r2", "r3")
    rows = [Member(handle=h, first_name=h, simulated=h[0] == "r", joined_at=noon) for h in names]
    members = Member.objects.bulk_create(rows)
    for writer in members[:3]:
        ledger.adjust(live, writer, amount=2, reason="for the test", author=admin, at=noon)
    return members


def state(live) -> dict[str, list]:
    """All that must not hang on how the time was cut, by what people know of it."""
    letter = ("inmail__sender", "inmail__recipient", "inmail__n")
    pair = ("sender", "recipient", "n")
    entries = LedgerEntry.objects.filter(timeline=live).order_by("member", "number")
    instants = ("created_at", "delivered_at", "opened_at", "answered_at", "settled_at")
    inmails = Inmail.objects.order_by(*pair)
    threads = Thread.objects.order_by("opener", "other", "inmail__n")
    return {
        "entries": list(entries.values_list("member", "number", "kind", "amount", "balance", "reason", "at", *letter)),
        "inmails": list(inmails.values_list(*pair, "status", "awaiting", "answer", "returned", *instants)),
        "outcomes": list(Outcome.objects.order_by(*letter).values_list(*letter, "load", "answer", "settled_at")),
        "threads": list(threads.values_list("opener", "other", "opener_at", "other_at", "opener_unread")),
        "scores": list(SenderScore.objects.order_by("member").values_list("member", "score", "renewed_at")),
    }


def course(live, crowd, letters, policy, stops) -> dict[str, list]:
    """The state after 24 days with these letters scheduled, the time being cut at `stops` (hours)."""
    point = transaction.savepoint()
    began = live.now_at
    terms.put_in_force(live, name=policy, from_at=began)
    for writer, reader, hour in letters:
        schedule(live, crowd[writer], crowd[3 + reader], began + hour * HOUR)
    for stop in [*sorted(stops), 24 * 24]:
        clock.advance(live, until=began + stop * HOUR)
    found = state(live)
    assert audit.ledger().holds
    transaction.savepoint_rollback(point)
    live.refresh_from_db()
    return found


LETTERS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(1, 9 * 24)), min_size=1, max_size=14)
STOPS = st.sets(st.integers(1, 23 * 24), max_size=6)


@given(letters=LETTERS, stops=STOPS, policy=st.sampled_from(["2014", "2015", "graded", "attention_bond"]))
@example(letters=[(0, 0, 1), (0, 1, 2), (0, 2, 170), (0, 3, 171)], stops={169, 170}, policy="2014")
@example(letters=[(0, 0, 1), (0, 0, 170), (1, 1, 1), (1, 1, 172)], stops={169, 171}, policy="2014")
@hypothesis_settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_time_in_one_go_or_in_any_steps_ends_the_same(live, crowd, letters, stops, policy):
    assert course(live, crowd, letters, policy, stops) == course(live, crowd, letters, policy, set())


def test_the_simplest_course_does_send_answer_and_return(live, crowd):
    found = course(live, crowd, [(w, r, 1 + r) for w in range(3) for r in range(4)], "2014", set())
    assert len(found["inmails"]) == 6
    assert {row[5] for row in found["entries"]} >= {"correction", "sent", "silence"}


def test_a_letter_sent_by_hand_and_by_schedule_spend_alike(live, crowd, letter, noon):
    messaging.send(live, crowd[0], crowd[3], letter, at=noon)
    schedule(live, crowd[0], crowd[4], noon + HOUR)
    clock.advance(live, until=noon + HOUR)
    assert ledger.balance(live, crowd[0]) == 0

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from clock import timeline as clock
from inmail import audit, delivery, ledger, messaging, subscriptions
from inmail.models import Inmail, LedgerEntry, Status
from inmail.refusals import Refused
from privacy import reception

pytestmark = pytest.mark.django_db


def refused(sql: str, *values) -> str:
    """The name of the law that refuses `sql`."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql, values)
    return error.value.__cause__.diag.constraint_name


INSERT = (
    "INSERT INTO inmail_ledgerentry (timeline_id, member_id, number, kind, amount, balance, inmail_id, author_id,"
    " reason, note, at) VALUES (%s, %s, %s, %s, %s, %s, %s, NULL, 'sent', '', '2014-06-04T00:00Z')"
)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE inmail_ledgerentry SET amount = 1000",
        "DELETE FROM inmail_ledgerentry",
        "TRUNCATE inmail_ledgerentry CASCADE",
    ],
)
def test_the_database_refuses_to_change_or_empty_the_ledger(cast, sql):
    assert refused(sql) == "ledger_append_only"


def test_the_database_refuses_a_gap_in_the_numbers(live, alice):
    assert refused(INSERT, live.pk, alice.pk, 3, "grant", 5, 30, None) == "ledger_entries_follow"


def test_the_database_refuses_a_balance_that_does_not_add_up(live, alice):
    assert refused(INSERT, live.pk, alice.pk, 2, "grant", 5, 31, None) == "ledger_entries_follow"


def test_the_database_refuses_a_number_twice(live, alice):
    assert refused(INSERT, live.pk, alice.pk, 1, "grant", 25, 25, None) == "one_entry_a_number"


def test_the_database_refuses_a_negative_balance(live, bob):
    assert refused(INSERT, live.pk, bob.pk, 1, "forfeit", -1, -1, None) == "entry_not_negative"


def test_the_database_refuses_a_second_spend_of_one_inmail(live, send, alice, carol):
    sent = send(alice, carol)
    assert refused(INSERT, live.pk, alice.pk, 3, "spend", -1, 23, sent.inmail_id) == "one_spend_an_inmail"


def test_the_database_refuses_a_return_of_what_was_not_spent(live, cast, alice, carol, send):
    sent = send(alice, carol)
    assert refused(INSERT, live.pk, carol.pk, 1, "return", 1, 1, sent.inmail_id) == "ledger_spend_before_return"


def test_the_database_refuses_a_grant_that_takes_away(live, alice):
    assert refused(INSERT, live.pk, alice.pk, 2, "grant", -5, 20, None) == "entry_amount_fits_its_kind"


def test_a_wallet_that_was_tampered_with_fails_the_audit(live, cast, alice):
    ledger.Wallet.objects.filter(member=alice).update(balance=1_000)
    found = audit.ledger()
    assert not found.holds
    assert [v.law for v in found.violations] == ["every wallet equals the last entry of its member"]


def test_an_inmail_given_to_another_sender_fails_the_audit(live, send, alice, bob, carol):
    sent = send(alice, carol)
    Inmail.objects.filter(pk=sent.inmail_id).update(sender=bob)
    assert "a spend and its return are the sender's own" in [v.law for v in audit.ledger().violations]


def test_who_leaves_premium_closes_the_profile_and_forfeits_the_balance(live, cast, alice, noon):
    reception.change(alice, at=noon, open_profile=True)
    subscriptions.choose(live, alice, plan="basic", at=noon)
    clock.advance(live, until=noon + timedelta(days=31))
    assert not reception.of(alice).open_profile
    assert (ledger.entries(live, alice)[0].kind, ledger.balance(live, alice)) == ("forfeit", 0)


def test_an_adjustment_has_an_author_and_a_reason(live, cast, alice, admin, noon):
    with pytest.raises(ledger.BadAmount):
        ledger.adjust(live, alice, amount=5, reason=" ", author=admin, at=noon)
    entry = ledger.adjust(live, alice, amount=-5, reason="granted twice", author=admin, at=noon)
    assert (entry.balance, entry.author, entry.note) == (20, admin, "granted twice")


def test_an_adjustment_below_zero_posts_nothing(live, cast, alice, admin, noon):
    with pytest.raises(ledger.Insufficient):
        ledger.adjust(live, alice, amount=-26, reason="too much", author=admin, at=noon)
    assert LedgerEntry.objects.filter(member=alice).count() == 1


@pytest.mark.parametrize("quantity", [0, -1, 1.5, float("nan"), True, "3", None])
def test_only_whole_positive_numbers_of_credits_can_be_bought(live, cast, bob, noon, quantity):
    with pytest.raises(ledger.BadAmount):
        subscriptions.purchase(live, bob, quantity=quantity, at=noon)


def test_ten_extra_credits_a_calendar_month_can_be_bought(live, cast, bob, noon):
    subscriptions.purchase(live, bob, quantity=7, at=noon)
    with pytest.raises(subscriptions.NotSold, match="calendar month"):
        subscriptions.purchase(live, bob, quantity=4, at=noon)
    assert subscriptions.purchase(live, bob, quantity=10, at=noon + timedelta(days=28)).balance == 17


class Ledger(RuleBasedStateMachine):
    """Members act in any order; after every act the laws hold, proved from the entries."""

    live = admin = letter = None
    people: tuple = ()

    def __init__(self):
        super().__init__()
        self.point = transaction.savepoint()
        self.at = self.live.now_at

    def teardown(self):
        transaction.savepoint_rollback(self.point)

    @rule(who=st.integers(0, 4), whom=st.integers(0, 4))
    def send(self, who, whom):
        try:
            messaging.send(self.live, self.people[who], self.people[whom], self.letter, at=self.at)
        except Refused:
            pass

    @rule(minutes=st.integers(1, 60 * 24 * 5))
    def wait(self, minutes):
        self.at += timedelta(minutes=minutes)

    def one(self, pick, **having):
        rows = list(Inmail.objects.filter(**having).order_by("pk"))
        return rows[pick % len(rows)] if rows else None

    @rule(pick=st.integers(0, 50))
    def deliver(self, pick):
        if row := self.one(pick, status=Status.QUEUED):
            batch = delivery.deliver(self.live, [(row.pk, self.at)])
            ledger.post(self.live, batch.drafts)

    @rule(pick=st.integers(0, 50))
    def undo(self, pick):
        if row := self.one(pick, status=Status.QUEUED):
            messaging.undo(row, at=self.at)

    @rule(pick=st.integers(0, 50), answer=st.sampled_from(["interested", "reply", "not_interested", "spam"]))
    def answer(self, pick, answer):
        row = self.one(pick, status__in=[Status.DELIVERED, Status.OPENED, Status.ANSWERED])
        if row:
            try:
                messaging.answer(row, answer=answer, at=self.at)
            except Refused:
                pass

    @rule(who=st.integers(0, 4), amount=st.integers(-40, 40).filter(bool))
    def adjust(self, who, amount):
        try:
            ledger.adjust(self.live, self.people[who], amount=amount, reason="test", author=self.admin, at=self.at)
        except ledger.Insufficient:
            pass

    @precondition(lambda self: Inmail.objects.exists())
    @invariant()
    def laws_hold(self):
        found = audit.ledger()
        assert found.holds, found.violations


def test_the_laws_hold_after_any_course_of_acts(live, cast, letter, admin):
    Ledger.live, Ledger.admin, Ledger.letter = live, admin, letter
    Ledger.people = tuple(cast[handle] for handle in ("alice", "bob", "carol", "dave", "erin"))
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

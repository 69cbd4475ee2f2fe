"""A member is deleted with everything that is theirs: no word is left in any table, every sum is, others carry on."""

import json
import threading
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.authtoken.models import Token

from accounts import groups, invitations, journal, network, outbox, second_factor
from accounts.models import Connection, Group, JournalEntry, Member
from clock import timeline as clock
from inmail import audit, conversation, delivery, departure, drafts, idempotency, ledger, messaging, subscriptions
from inmail.models import Draft, Inmail, LedgerEntry, Message, Outcome, Subscription, Thread, Wallet
from lab import runs
from privacy import blocks, reception
from simulation.models import DueReply

pytestmark = pytest.mark.django_db
MARK = "xyzzy"
EMAIL = f"{MARK}@example.org"


def marked(text):
    return f"{text} {MARK}"


def letter(text="A question"):
    return messaging.Letter("business_deal", marked(text), marked("Shall we talk about it?"))


def traces():
    """The tables in which the mark is found, in any column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = set()
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text ILIKE %s', [f"%{MARK}%"])
            found |= {table} if cursor.fetchone()[0] else set()
    return found


@pytest.fixture
def grace(live, cast, noon):
    """A member with the mark in everything that she is."""
    name = {"first_name": MARK.title(), "last_name": marked("Van"), "headline": marked("Head"), "place": MARK}
    one = Member.objects.create_user(MARK, joined_at=noon, email=EMAIL, about=marked("I"), password=MARK, **name)
    subscriptions.join(one, plan="recruiter_lite", at=noon)
    return one


@pytest.fixture
def robot(cast, noon):
    return Member.objects.create_user("robot", first_name="Ro", joined_at=noon, simulated=True)


@pytest.fixture
def life(live, grace, robot, alice, bob, carol, dave, erin, frank, noon, client):
    """All that she did and that was done with her."""
    letters = correspond(live, grace, alice, bob, carol, dave, erin, noon)
    profile(grace, alice, bob, dave, frank, noon)
    keys(grace, client)
    with_robot(live, grace, robot, noon)
    experiments(grace, bob)
    return letters


def correspond(live, grace, alice, bob, carol, dave, erin, noon):
    network.connect(grace, bob, at=noon)
    groups.join(grace, Group.objects.get(), at=noon)
    answered = messaging.send(live, grace, carol, letter(), at=noon)
    waiting = messaging.send(live, grace, erin, letter("Another"), at=noon)
    for sent in (answered, waiting):
        assert delivery.deliver_one(sent.inmail_id)
    inmail = Inmail.objects.get(pk=answered.inmail_id)
    messaging.answer(inmail, answer="reply", body="Carol's own words", at=noon)
    thread = Thread.objects.get(pk=answered.thread_id)
    conversation.write_on(thread, grace, body=marked("More"), at=noon)
    direct = conversation.direct(live, grace, bob, body=marked("Hello Bob"), at=noon)
    conversation.direct(live, bob, grace, body="Bob's own words", at=noon)
    conversation.in_group(live, grace, erin, Group.objects.get(), body=marked("Hello group"), at=noon)
    queued = messaging.send(live, grace, dave, letter("Third"), at=noon, undo_seconds=30)
    to_her = messaging.send(live, alice, grace, messaging.Letter("business_deal", "Hi", "Alice's own words"), at=noon,
                            undo_seconds=30)  # fmt: skip
    return SimpleNamespace(
        answered=answered.inmail_id, waiting=waiting.inmail_id, queued=queued.inmail_id, to_her=to_her.inmail_id,
        thread=thread.pk, direct=direct.thread_id,
    )  # fmt: skip


def profile(grace, alice, bob, dave, frank, noon):
    invitations.invite(grace, frank, at=noon, note=marked("We met"))
    invitations.invite(dave, grace, at=noon, note=f"Do you remember, {MARK}?")
    reception.change(grace, at=noon, advice=marked("Be brief"), interests=["business_deal"])
    blocks.block(grace, Member.objects.get(handle="admin"), at=noon)
    contact = {"first_name": MARK, "headline": MARK, "simulated": True, "imported_by": grace}
    for handle in (f"{MARK}.one", f"{MARK}.two"):
        other = Member.objects.create_user(handle, joined_at=noon, **contact)
        network.connect(grace, other, at=noon)


def experiments(grace, bob):
    arms = "".join(f'[[arms]]\nname = "{name}"\n' for name in ("one", "other"))
    runs.submit(grace, f'name = "{MARK}"\n{arms}')
    runs.cancel(runs.submit(bob, f'name = "His own"\n{arms}'), by=grace)


def keys(grace, client):
    EmailAddress.objects.create(user=grace, email=EMAIL, primary=True)
    second_factor.enrol([grace])
    Token.objects.create(user=grace)
    client.force_login(grace)
    outbox.EmailBackend().send_messages([EmailMessage(MARK, MARK, to=[EMAIL.upper(), "other@example.org"])])
    idempotency.once(grace, MARK, "", lambda: (200, {"said": MARK}))
    admin = Member.objects.get(handle="admin")
    LogEntry.objects.log_actions(admin.pk, [grace], 2, change_message=MARK, single_object=True)
    journal.record(None, journal.Act.TOKENS_ISSUED, on=grace)


def with_robot(live, grace, robot, noon):
    """A simulated member has answered her by name, and will again; she has a draft, and one from her is planned."""
    sent = messaging.send(live, grace, robot, letter("To a robot"), at=noon)
    assert delivery.deliver_one(sent.inmail_id)
    inmail = Inmail.objects.get(pk=sent.inmail_id)
    if not inmail.is_answered:
        messaging.answer(inmail, answer="reply", body=f"Dear {MARK}", at=noon)
    Inmail.objects.filter(pk=inmail.pk).update(answer_text=f"Dear {MARK}")
    DueReply.objects.create(timeline=live, thread=inmail.thread, author=robot, body=f"Dear {MARK}", at=noon)
    other = Member.objects.get(handle="alice")
    drafts.keep(live, grace, other, key="5a3bdc06-0000-4000-8000-000000000001", category="", subject=MARK, body=MARK,
                at=noon)  # fmt: skip


def depart(member):
    with departure.standstill() as at:
        return departure.depart(member, at=at)


def test_no_word_of_theirs_is_left_in_any_table(life, grace):
    before = traces()
    assert {
        "accounts_member", "accounts_invitation", "accounts_sentmail", "account_emailaddress", "django_admin_log",
        "inmail_inmail", "inmail_message", "inmail_thread", "inmail_draft", "inmail_idempotencykey",
        "privacy_reception", "privacy_receptionchange", "simulation_duereply",
    } <= before  # fmt: skip
    depart(grace)
    assert traces() == set()


def test_the_ledger_holds_before_and_after_and_keeps_every_entry(life, grace):
    before, entries = audit.ledger(), list(LedgerEntry.objects.order_by("pk").values())
    depart(grace)
    after = audit.ledger()
    assert before.holds and after.holds and after.residual == 0
    assert list(LedgerEntry.objects.order_by("pk").values())[: len(entries)] == entries
    assert after.sums["returns"] == before.sums["returns"] + 2  # hers that was queued, and the one queued to her
    assert after.balances == before.balances + 2


def test_outcomes_keep_their_counts(life, grace):
    facts = [f.name for f in Outcome._meta.fields]
    before = list(Outcome.objects.order_by("pk").values(*facts))
    depart(grace)
    assert list(Outcome.objects.order_by("pk").values(*facts)) == before


def test_what_was_queued_by_and_to_them_is_settled_with_its_reason(life, live, grace, alice):
    alices = ledger.balance(live, alice)
    counts = depart(grace)
    hers, to_her = (Inmail.objects.get(pk=pk) for pk in (life.queued, life.to_her))
    assert (hers.status, hers.returned) == ("cancelled", True)
    assert (to_her.status, to_her.refusal, to_her.returned) == ("refused", "recipient_gone", True)
    assert ledger.balance(live, alice) == alices + 1
    assert (counts["undone"], counts["refused"]) == (1, 1)


def test_others_keep_their_own_words_and_their_pages(life, grace, carol, bob, alice, erin):
    depart(grace)
    assert set(Message.objects.exclude(body="").values_list("body", flat=True)) == {
        "Carol's own words",
        "Bob's own words",
    }
    pages = {
        carol: ["/inbox/", f"/threads/{life.thread}/", "/network/"],
        bob: ["/inbox/", f"/threads/{life.direct}/", "/network/"],
        erin: ["/inbox/", f"/threads/{Inmail.objects.get(pk=life.waiting).thread_id}/"],
        alice: ["/inbox/?box=sent", f"/threads/{Inmail.objects.get(pk=life.to_her).thread_id}/", "/credits/"],
    }
    for member, paths in pages.items():
        client = Client()
        client.force_login(member)
        for path in paths:
            assert client.get(path).status_code == 200, (member, path)
    page = client.get(f"/threads/{Inmail.objects.get(pk=life.to_her).thread_id}/").content.decode()
    assert "A former member" in page and "has left" in page


def test_an_inmail_of_theirs_can_still_be_answered_and_its_credit_is_settled(life, live, grace, erin, noon):
    depart(grace)
    client = Client()
    client.force_login(erin)
    thread = Inmail.objects.get(pk=life.waiting).thread_id
    assert "deleted with its author" in client.get(f"/threads/{thread}/").content.decode()
    assert client.post(f"/inmails/{life.waiting}/answer/", {"answer": "not_interested"}).status_code == 302
    assert Inmail.objects.get(pk=life.waiting).settled_at == noon and audit.ledger().holds


def test_staff_still_see_the_entries_under_a_number(life, grace, admin):
    depart(grace)
    client, handle = Client(), f"former-{grace.number}"
    client.force_login(admin)
    for path in (f"/staff/audit/{handle}/", f"/staff/audit/{handle}.csv", f"/members/{handle}/", "/staff/log/"):
        assert client.get(path).status_code == 200, path
    assert client.get(f"/members/{MARK}/").status_code == 404


def test_nobody_can_sign_in_as_them_any_more(life, grace, client):
    assert client.get("/inbox/").status_code == 200
    key = client.session.session_key
    depart(grace)
    assert not Session.objects.filter(pk=key).exists() and client.get("/inbox/").status_code == 302
    assert not Client().login(username=MARK, password=MARK)
    row = Member.objects.get(pk=grace.pk)
    assert not row.is_active and not row.has_usable_password()


def test_whom_they_imported_goes_with_them(life, grace, carol):
    assert Member.objects.filter(imported_by=grace).count() == 2
    depart(grace)
    assert not Member.objects.filter(imported_by=grace).exists()
    assert not Connection.objects.filter(member=grace).exists() and not Connection.objects.filter(other=grace).exists()


def test_no_credits_are_granted_to_them_any_more(life, grace):
    depart(grace)
    entries = LedgerEntry.objects.filter(member=grace).count()
    call_command("advance", "--days", "40", "--json")
    assert LedgerEntry.objects.filter(member=grace, kind="grant").count() == 1
    assert LedgerEntry.objects.filter(member=grace).count() >= entries and audit.ledger().holds
    assert not Subscription.objects.filter(member=grace).exists() and traces() == set()


def test_the_handle_is_free_again_and_a_taken_one_is_left_alone(grace, noon):
    Member.objects.create_user(f"former-{grace.number}", first_name="Quick", joined_at=noon)
    depart(grace)
    assert Member.objects.get(pk=grace.pk).handle == f"former-{grace.number}-2"
    Member.objects.create_user(MARK, first_name="Someone", joined_at=noon)


def test_deleting_twice_changes_nothing_more(life, grace):
    depart(grace)
    before = list(Member.objects.filter(pk=grace.pk).values()), Wallet.objects.count()
    assert depart(Member.objects.get(pk=grace.pk))["undone"] == 0
    assert (list(Member.objects.filter(pk=grace.pk).values()), Wallet.objects.count()) == before


def test_staff_are_not_deleted(grace, admin):
    with pytest.raises(departure.MayNotLeave):
        depart(admin)
    with pytest.raises(CommandError, match="lay their rights down"):
        call_command("delete_member", "admin", "--yes")
    assert Member.objects.get(pk=admin.pk).name == "Ada Novak"


def test_an_operator_deletes_on_record(life, grace, capsys):
    call_command("delete_member", MARK, "--yes")
    said = json.loads(capsys.readouterr().out)
    entry = JournalEntry.objects.get(act=journal.Act.MEMBERS_DELETED)
    assert said["number"] == entry.member_number == grace.number
    assert entry.actor_handle == "" and entry.details["undone"] == 1
    assert traces() == set()
    with pytest.raises(CommandError, match="no member"):
        call_command("delete_member", MARK, "--yes")


def test_members_delete_themselves_with_password_and_a_tick(life, grace, client):
    assert "What stays" in client.get("/settings/leave/").content.decode()
    for wrong in ({}, {"password": MARK}, {"password": "wrong", "sure": "on"}):
        assert client.post("/settings/leave/", wrong).status_code == 400
    assert Member.objects.get(pk=grace.pk).is_active
    gone = client.post("/settings/leave/", {"password": MARK, "sure": "on"}, REMOTE_ADDR="192.0.2.7")
    assert (gone.status_code, gone.url) == (302, "/")
    assert client.get("/inbox/").status_code == 302 and traces() == set()
    entry = JournalEntry.objects.get(act=journal.Act.MEMBERS_DELETED)
    assert (entry.what, entry.actor_handle, entry.address) == ("by the member", "", None)


def test_staff_are_told_why_they_cannot_delete_themselves(client, grace, admin):
    admin.set_password(MARK)
    admin.save()
    second_factor.enrol([admin])
    client.force_login(admin)
    answer = client.post("/settings/leave/", {"password": MARK, "sure": "on"})
    assert answer.status_code == 422 and "lay their rights down" in answer.content.decode()


def test_those_deleted_are_not_let_in_again(life, grace, admin, client):
    depart(grace)
    client.force_login(admin)
    client.post("/admin/accounts/member/", {"action": "reactivate", "_selected_action": [grace.pk]})
    assert not Member.objects.get(pk=grace.pk).is_active


def test_other_peoples_drafts_to_them_are_kept(live, grace, alice, noon):
    key = "5a3bdc06-0000-4000-8000-000000000002"
    drafts.keep(live, alice, grace, key=key, category="", subject="Mine", body="Alice's own words", at=noon)
    depart(grace)
    client = Client()
    client.force_login(alice)
    assert Draft.objects.get().body == "Alice's own words" and timezone.is_aware(Draft.objects.get().saved_at)
    assert client.get("/inbox/?box=drafts").status_code == 200
    assert client.get(f"/members/former-{grace.number}/inmail/", follow=True).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_word_that_is_just_being_sent_goes_too(live, grace, carol, noon):
    under_way, may_end = threading.Event(), threading.Event()

    def send():
        with clock.moment(live) as at:
            messaging.send(live, grace, carol, letter("At the last moment"), at=at, undo_seconds=30)
            under_way.set()
            may_end.wait(10)
        connection.close()

    def leave():
        depart(Member.objects.get(pk=grace.pk))
        connection.close()

    sending, leaving = threading.Thread(target=send), threading.Thread(target=leave)
    sending.start()
    assert under_way.wait(10)
    leaving.start()
    leaving.join(0.3)
    assert leaving.is_alive() and Member.objects.get(pk=grace.pk).is_active
    may_end.set()
    for each in (sending, leaving):
        each.join(20)
    assert traces() == set() and Inmail.objects.get().status == "cancelled" and audit.ledger().holds


KEPT = {
    "accounts.Member.imported_by", "admin.LogEntry.user", "clock.Advance.requested_by", "inmail.Draft.recipient",
    "inmail.Inmail.recipient", "inmail.Inmail.sender", "inmail.LedgerEntry.author", "inmail.LedgerEntry.member",
    "inmail.Message.author", "inmail.PolicyTerm.author", "inmail.Thread.opener", "inmail.Thread.other",
    "inmail.Wallet.member",
}  # fmt: skip
GONE = {
    "account.EmailAddress.user", "accounts.Connection.member", "accounts.Connection.other",
    "accounts.Invitation.recipient", "accounts.Invitation.sender", "accounts.Membership.member",
    "accounts.Member_groups.member", "accounts.Member_user_permissions.member", "authtoken.Token.user",
    "inmail.BulkRule.member", "inmail.Draft.sender", "inmail.IdempotencyKey.member", "inmail.Sanction.member",
    "inmail.ScheduledInmail.recipient", "inmail.ScheduledInmail.sender", "inmail.SenderScore.member",
    "inmail.Subscription.member", "lab.Run.cancelled_by", "lab.Run.owner", "mfa.Authenticator.user",
    "privacy.Block.blocked", "privacy.Block.blocker", "privacy.Reception.member", "privacy.ReceptionChange.member",
    "simulation.DueReply.author",
    "simulation.SwitchOff.member", "simulation.Walk.member", "usersessions.UserSession.user",
}  # fmt: skip


def naming_members():
    """Every column of every table that names a member."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if field.is_relation and field.related_model is Member and not model._meta.proxy:
                yield f"{model._meta.label}.{field.name}", model, field.name


def test_of_every_table_that_names_members_it_is_decided_what_stays(life, grace):
    depart(grace)
    assert {label for label, _, _ in naming_members()} == KEPT | GONE, "decide what becomes of a new table's rows"
    there = {
        label for label, model, name in naming_members() if model._default_manager.filter(**{name: grace}).exists()
    }
    assert there & GONE == set()

"""Looking at the platform as a member: by permission, for a reason, on record, without changing or reading anything."""

import json

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import invitations, second_factor
from accounts.models import JournalEntry
from accounts.sessions import BEGAN
from inmail import conversation, delivery, drafts, messaging
from inmail.models import Inmail
from tests.access.rows import ROWS
from tests.access.visits import WRITES

pytestmark = pytest.mark.django_db
WHY = "She asked us to look, case 4711"
LETTER = messaging.Letter("consulting_offer", "A question on churn", "We need a week of your advice.")


@pytest.fixture
def cast(cast_with_plans):
    return cast_with_plans


@pytest.fixture
def received(live, noon, alice, carol):
    """alice's InMail to carol, not yet opened."""
    sent = messaging.send(live, alice, carol, LETTER, at=noon)
    assert delivery.deliver_one(sent.inmail_id)
    return Inmail.objects.get(pk=sent.inmail_id)


@pytest.fixture
def as_member(client, admin):
    """The admin's browser, looking as the member of that handle."""

    def as_member(handle):
        client.force_login(admin)
        answer = client.post(f"/staff/impersonation/{handle}/", {"reason": WHY})
        assert (answer.status_code, answer.url) == (302, "/")
        return client

    return as_member


def acts():
    return [(e.act, e.actor_handle, e.member_number) for e in JournalEntry.objects.order_by("pk")]


def test_it_begins_with_a_reason_and_ends_with_a_button_both_on_record(as_member, admin, carol):
    client = as_member("carol")
    assert client.get("/api/v1/me/").json()["handle"] == "carol"
    assert client.post("/staff/impersonation/stop/").status_code == 302
    assert client.get("/api/v1/me/").json()["handle"] == "admin"
    assert acts() == [
        ("impersonation.begun", "admin", carol.number),
        ("impersonation.ended", "admin", carol.number),
    ]
    assert JournalEntry.objects.first().reason == WHY


def test_afterwards_the_session_stands_among_ones_own_again(as_member, admin, carol):
    client = as_member("carol")
    assert not UserSession.objects.filter(user=carol).exists()
    client.post("/staff/impersonation/stop/")
    assert UserSession.objects.filter(user=admin, session_key=client.session.session_key).exists()


@pytest.mark.parametrize("reason", ["", "curious", "x" * 301])
def test_without_a_reason_it_does_not_begin(client, admin, carol, reason):
    client.force_login(admin)
    assert client.post("/staff/impersonation/carol/", {"reason": reason}).status_code == 400
    assert client.get("/api/v1/me/").json()["handle"] == "admin" and acts() == []


def test_nobody_looks_as_staff_as_themselves_or_as_one_who_left(client, admin, bob, carol, noon):
    bob.is_staff, carol.deactivated_at = True, noon
    bob.save(), carol.save()
    client.force_login(admin)
    for handle in ("bob", "admin", "carol"):
        assert client.post(f"/staff/impersonation/{handle}/", {"reason": WHY}).status_code == 403
    assert acts() == []


def test_staff_need_the_permission(client, erin, carol):
    erin.is_staff = True
    erin.save()
    second_factor.enrol([erin])
    client.force_login(erin)
    assert client.post("/staff/impersonation/carol/", {"reason": WHY}).status_code == 403
    erin.user_permissions.add(Permission.objects.get(codename="impersonate"))
    assert client.post("/staff/impersonation/carol/", {"reason": WHY}).status_code == 302


def test_a_member_cannot_begin_nor_stop_anything(client, alice, carol):
    client.force_login(alice)
    assert client.post("/staff/impersonation/carol/", {"reason": WHY}).status_code == 403
    assert client.post("/staff/impersonation/stop/").status_code == 403


def test_every_page_says_so_and_has_the_button(as_member, received):
    client = as_member("carol")
    for path in ("/inbox/", "/search/", "/credits/", "/network/", "/settings/profile/", "/members/alice/", "/nowhere/"):
        page = client.get(path).content.decode()
        assert "You see the platform as <b>Carol Conti</b>" in page, path
        assert 'action="/staff/impersonation/stop/"' in page, path
    client.post("/staff/impersonation/stop/")
    assert "You see the platform as" not in client.get("/inbox/").content.decode()


def test_no_unsafe_method_of_any_address_does_anything(as_member, received, django_db_blocker):
    client = as_member("alice")
    ids = {"delivered": received.pk, "thread": received.thread_id, "queued": received.pk, "invited": 1}
    tried = 0
    for row in {(r.method, r.path): r for r in ROWS if r.method != "GET" and "token" not in r.path}.values():
        if "stop" in row.path:
            continue
        body = {"data": json.dumps(row.data or {}), "content_type": "application/json"}
        sent = body if row.path.startswith("/api/") else {"data": row.data or {}}
        with CaptureQueriesContext(connection) as queries:
            answer = getattr(client, row.method.lower())(row.path.format_map(Ids(ids)), **sent)
        assert answer.status_code in (403, 404), row.path
        assert [q["sql"] for q in queries if WRITES.search(q["sql"])] == [], row.path
        tried += answer.status_code == 403
    assert tried > 40


class Ids(dict):
    def __missing__(self, name):
        return 1


def test_a_refusal_says_why_in_words_and_in_json(as_member):
    client = as_member("alice")
    page = client.post("/settings/profile/", {"first_name": "Mallory"})
    assert page.status_code == 403 and "you can change nothing" in page.content.decode()
    answer = client.patch("/api/v1/reception/", "{}", content_type="application/json")
    assert answer.status_code == 403 and "change nothing" in answer.json()["detail"]


def test_how_the_member_signs_in_is_not_shown(as_member):
    client = as_member("alice")
    for name in (
        "account_email",
        "account_change_password",
        "mfa_index",
        "usersessions_list",
        "account_reauthenticate",
    ):
        assert client.get(reverse(name)).status_code == 403, name


def test_looking_at_an_inmail_neither_opens_nor_shows_it(as_member, received):
    client = as_member("carol")
    page = client.get(f"/threads/{received.thread_id}/")
    assert page.status_code == 200 and "not shown while impersonating" in page.content.decode()
    received.refresh_from_db()
    assert received.opened_at is None and received.thread.other_unread


def test_no_private_text_is_shown_anywhere(as_member, live, received, alice, carol, dave, bob, noon):
    drafts.keep(live, carol, dave, key="5a3bdc06-0000-4000-8000-000000000001", category="", subject="Half",
                body="Half a thought", at=noon)  # fmt: skip
    invitations.invite(dave, carol, at=noon, note="We met in Lagos")
    direct = conversation.direct(live, bob, carol, body="Lunch at the harbour?", at=noon)
    client = as_member("carol")
    paths = [f"/inbox/?box={box}" for box in ("focused", "other", "awaiting", "sent", "drafts")]
    paths += ["/network/", "/members/dave/inmail/", f"/threads/{received.thread_id}/", f"/threads/{direct.thread_id}/"]
    paths += ["/api/v1/inmails/", f"/api/v1/inmails/{received.pk}/", "/api/v1/invitations/"]
    for path in paths:
        answer = client.get(path)
        page = answer.content.decode()
        assert answer.status_code == 200, path
        for words in (LETTER.subject, LETTER.body, "Half a thought", "Lagos</p>", "met in Lagos", direct.body):
            assert words not in page, (path, words)


def test_a_reason_given_as_somebody_else_reads_nothing(as_member, received):
    client = as_member("carol")
    answer = client.get(f"/api/v1/inmails/{received.pk}/?reason={WHY}")
    assert answer.status_code == 403 and acts()[1:] == []


def test_one_cannot_go_on_from_one_member_to_another(as_member):
    client = as_member("carol")
    assert client.post("/staff/impersonation/dave/", {"reason": WHY}).status_code == 403
    assert client.get("/staff/log/").status_code == 403 and client.get("/admin/").status_code == 302


def test_signing_out_ends_it_on_record(as_member, carol):
    client = as_member("carol")
    assert client.post(reverse("account_logout")).status_code == 302
    assert acts()[-1] == ("impersonation.ended", "admin", carol.number)
    assert client.get("/inbox/").status_code == 302


def test_it_does_not_last_a_night(as_member):
    assert as_member("carol").session.get_expiry_age() <= 3_600


def test_neither_beginning_nor_ending_it_makes_ones_own_session_younger(client, admin):
    client.force_login(admin)
    session = client.session
    session[BEGAN] -= 7 * 24 * 3_600
    session.save()
    for act in ("carol", "stop"):
        client.post(f"/staff/impersonation/{act}/", {"reason": WHY})
        assert client.session[BEGAN] == session[BEGAN]


def test_it_leaves_no_sign_of_life_of_the_member(as_member, carol):
    before = carol.last_login
    as_member("carol").get("/inbox/")
    carol.refresh_from_db()
    assert carol.last_login == before

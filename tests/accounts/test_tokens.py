"""An API token ends with what it was given for: the password, the rights, the lack of a second factor."""

from io import StringIO

import pytest
from allauth.core import context as allauth_context
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group as Role
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from accounts import tokens
from accounts.adapter import AccountAdapter
from accounts.models import Member
from tests.accounts.test_journal import form_of
from tests.accounts.test_sign_in import PASSWORD, RESET, known, sign_in  # noqa: F401 - known is a fixture
from tests.accounts.test_sign_in_by_a_second_factor import enrol_alone

pytestmark = pytest.mark.django_db
NEW = {"oldpassword": PASSWORD, "password1": "another long one", "password2": "another long one"}
SESSIONS = "/accounts/sessions/"


def take() -> Client:
    """alice's token, taken by her password."""
    given = {"handle": "alice", "password": PASSWORD}
    answer = Client().post("/api/v1/token/", given, content_type="application/json")
    return Client(headers={"Authorization": f"Token {answer.json()['token']}"})


def opens(api: Client) -> bool:
    return api.get("/api/v1/me/").status_code == 200


@pytest.fixture
def api(known):  # noqa: F811
    found = take()
    assert opens(found)
    return found


def test_a_new_password_ends_the_token(client, api):
    sign_in(client)
    client.post("/accounts/password/change/", NEW)
    assert not opens(api)


def test_a_reset_password_ends_the_token(client, api, mailoutbox):
    client.post(RESET, {"email": "alice@example.org"})
    link = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
    door = client.get(link, follow=True).request["PATH_INFO"]
    client.post(door, {name: NEW[name] for name in ("password1", "password2")})
    assert not opens(api)


ROADS = {
    "the command": lambda alice: call_command("changepassword", "alice", stdout=StringIO()),
    "the row": lambda alice: alice.set_password("another long one") or alice.save(),
    "a statement": lambda alice: Member.objects.filter(pk=alice.pk).update(password=make_password("another long one")),
}


@pytest.mark.parametrize("road", ROADS)
def test_a_new_password_ends_the_token_by_whichever_road_it_comes(api, alice, bob, road, monkeypatch):
    other = Token.objects.create(user=bob)
    monkeypatch.setattr("getpass.getpass", lambda **_: "another long one")  # what the operator types
    ROADS[road](alice)
    assert not opens(api) and Token.objects.get() == other


def test_a_password_that_is_refused_ends_nothing(client, api):
    sign_in(client)
    client.post("/accounts/password/change/", NEW | {"oldpassword": "wrong"})
    assert opens(api)


def test_signing_out_everywhere_else_ends_the_token_also_where_there_is_no_other_session(client, api, bob):
    other = Token.objects.create(user=bob)
    sign_in(client)
    assert "Your API token ends with that." in client.get(SESSIONS).text
    assert " disabled>Sign out" not in client.get(SESSIONS).text
    client.post(SESSIONS)
    assert not opens(api) and Token.objects.get() == other
    assert " disabled>Sign out" in client.get(SESSIONS).text


@pytest.mark.django_db(transaction=True)
def test_a_second_factor_ends_a_token_that_was_given_for_the_password(client, api):
    sign_in(client)
    enrol_alone(client)
    assert not opens(api)


def test_a_passkey_does_so_too(client, api, alice, rf):
    with allauth_context.request_context(rf.get("/")):
        AccountAdapter().send_notification_mail("mfa/email/webauthn_removed", alice)
        assert opens(api)
        AccountAdapter().send_notification_mail("mfa/email/webauthn_added", alice)
    assert not opens(api)


@pytest.mark.parametrize("right", ["is_staff", "is_superuser", "groups", "user_permissions"])
def test_rights_given_end_the_token(client, api, admin, alice, right):
    rows = {"groups": Role.objects.create(name="Readers").pk, "user_permissions": Permission.objects.first().pk}
    client.force_login(admin)
    given = form_of(alice, **{right: rows.get(right, "on")})
    answer = client.post(reverse("admin:accounts_member_change", args=[alice.pk]), given)
    assert answer.status_code == 302 and not opens(api)


def test_a_profile_changed_by_staff_leaves_the_token(client, api, admin, alice):
    client.force_login(admin)
    client.post(reverse("admin:accounts_member_change", args=[alice.pk]), form_of(alice, headline="Not her words"))
    assert opens(api) and Member.objects.get(pk=alice.pk).headline == "Not her words"


def test_the_admins_own_page_for_a_password_is_everybodys(client, known, admin):  # noqa: F811
    client.force_login(admin)
    assert client.get("/admin/password_change/").url == client.post("/admin/password_change/", NEW).url
    assert client.get("/admin/password_change/").url == "/accounts/password/change/"


WHILE = {
    "password": lambda alice: Member.objects.filter(pk=alice.pk).update(password=make_password("another long one")),
    "rights": lambda alice: Member.objects.filter(pk=alice.pk).update(is_staff=True),
    "factor": lambda alice: Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={}),
}


@pytest.mark.parametrize("what", WHILE)
def test_no_token_is_given_for_what_was_true_a_moment_ago(known, alice, what):  # noqa: F811
    waiting = [WHILE[what]]

    def watch(execute, sql, params, many, context):
        if waiting and "FOR NO KEY UPDATE" in sql:
            waiting.pop()(alice)
        return execute(sql, params, many, context)

    given = {"handle": "alice", "password": PASSWORD}
    with connection.execute_wrapper(watch):
        answer = Client().post("/api/v1/token/", given, content_type="application/json")
    assert answer.status_code in (401, 403) and not waiting


def test_who_revokes_waits_for_who_gives(alice, django_assert_num_queries):
    with django_assert_num_queries(4) as asked:
        tokens.revoke(alice)
    assert "FOR NO KEY UPDATE" in asked.captured_queries[1]["sql"]

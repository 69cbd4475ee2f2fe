"""What others commit while a post is in flight stays: of a member's row each act writes its own columns alone."""

import time
from contextlib import contextmanager

import pytest
from allauth.account.models import EmailAddress
from allauth.account.models import EmailConfirmationHMAC as Confirmation
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
from django.urls import reverse

from accounts import departure
from accounts.models import Member

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 9"
PROFILE = {"first_name": "Alicia", "last_name": "Bianchi", "country": "IT", "language": "it"}
NEW = {"oldpassword": PASSWORD, "password1": "another long one", "password2": "another long one"}


@pytest.fixture(autouse=True)
def known(alice, live):
    Member.objects.filter(pk=alice.pk).update(password=make_password(PASSWORD))
    alice.refresh_from_db()


@contextmanager
def meanwhile(act):
    """`act` happens when all has been read and the first lock or write is about to come."""
    waiting = [act]
    signs = ("pg_advisory_xact_lock_shared", "FOR NO KEY UPDATE", 'UPDATE "accounts_member"')

    def watch(execute, sql, params, many, context):
        if waiting and any(sign in sql for sign in signs):
            waiting.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    assert not waiting, "nothing was locked or written"


def staff_change(member):
    """What staff may do to a row, all at once."""
    said = {"is_staff": True, "handle": "alice-2", "email": "new@example.org", "undo_seconds": 5, "place": "Rome"}
    return lambda: Member.objects.filter(pk=member.pk).update(**said)


def leave(member, at):
    def act():
        departure.close([member.pk], at=at)
        departure.forget([member.pk])

    return act


def stands(member):
    now = Member.objects.get(pk=member.pk)
    return (now.is_staff, now.handle, now.email, now.undo_seconds, now.place) == (
        True, "alice-2", "new@example.org", 5, "Rome"
    )  # fmt: skip


def test_a_profile_in_flight_undoes_nothing(client, alice):
    client.force_login(alice)
    with meanwhile(staff_change(alice)):
        client.post(reverse("accounts:edit_profile"), PROFILE | {"place": alice.place})
    assert stands(alice) and Member.objects.get(pk=alice.pk).first_name == "Alicia"


def test_a_profile_in_flight_writes_nothing_back_of_who_has_left(client, alice, noon):
    client.force_login(alice)
    with meanwhile(leave(alice, noon)):
        answer = client.post(reverse("accounts:edit_profile"), PROFILE)
    left = Member.objects.get(pk=alice.pk)
    assert (left.first_name, left.email, left.password, left.deactivated_at) == ("", None, "!", noon)
    assert answer.url == "/accounts/login/"


def test_a_password_in_flight_undoes_nothing(client, alice):
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    with meanwhile(staff_change(alice)):
        client.post("/accounts/password/change/", NEW)
    assert stands(alice) and check_password(NEW["password1"], Member.objects.get(pk=alice.pk).password)


def test_who_has_left_gets_no_password(client, alice, noon):
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    with meanwhile(leave(alice, noon)):
        assert client.post("/accounts/password/change/", NEW).status_code == 403
    assert not check_password(NEW["password1"], Member.objects.get(pk=alice.pk).password)


def test_who_has_left_gets_no_address_back(client, alice, noon):
    address = EmailAddress.objects.get(user=alice)
    EmailAddress.objects.filter(pk=address.pk).update(verified=False)
    address.refresh_from_db()
    door = reverse("account_confirm_email", args=[Confirmation(address).key])
    with meanwhile(leave(alice, noon)):
        client.post(door)
    assert not EmailAddress.objects.filter(user=alice).exists()
    assert Member.objects.get(pk=alice.pk).email is None


def take_the_app(client, alice):
    """All that it takes to set an authenticator app up, but the last press."""
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    return {"code": totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))}


def another_address(client, alice):
    return {"action_add": "", "email": "alice-2@example.org"}


def make_primary(client, alice):
    EmailAddress.objects.create(user=alice, email="alice-2@example.org", verified=True)
    return {"action_primary": "", "email": "alice-2@example.org"}


@pytest.mark.parametrize(
    ("path", "act"),
    [("email/", another_address), ("email/", make_primary), ("2fa/totp/activate/", take_the_app)],
)
def test_who_has_left_gets_no_new_way_in(client, alice, noon, path, act):
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    said = act(client, alice)
    with meanwhile(leave(alice, noon)):
        answer = client.post(f"/accounts/{path}", said)
    assert (answer.status_code, answer.url) == (302, "/accounts/login/")
    assert not EmailAddress.objects.filter(user=alice) and not Authenticator.objects.filter(user=alice)
    assert Member.objects.get(pk=alice.pk).email is None


def test_who_has_left_does_not_come_in(client, alice, noon):
    with meanwhile(leave(alice, noon)):
        assert client.post("/accounts/login/", {"login": "alice", "password": PASSWORD}).status_code == 403
    assert not UserSession.objects.exists() and "_auth_user_id" not in client.session
    assert Member.objects.get(pk=alice.pk).last_login is None


def test_staff_who_edit_a_profile_undo_nothing(client, alice, admin):
    client.force_login(admin)
    given = {"first_name": "Alicia", "language": "en", "country": alice.country}
    hashed = make_password("another long one")
    with meanwhile(lambda: Member.objects.filter(pk=alice.pk).update(password=hashed, undo_seconds=5)):
        client.post(reverse("admin:accounts_member_change", args=[alice.pk]), given)
    now = Member.objects.get(pk=alice.pk)
    assert (now.first_name, now.password, now.undo_seconds) == ("Alicia", hashed, 5)


def test_staff_give_no_name_back_to_who_has_left(client, alice, admin, noon):
    client.force_login(admin)
    with meanwhile(leave(alice, noon)):
        answer = client.post(reverse("admin:accounts_member_change", args=[alice.pk]), PROFILE)
    assert answer.status_code == 403 and Member.objects.get(pk=alice.pk).first_name != "Alicia"

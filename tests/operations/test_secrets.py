"""Changing the secrets while members are signed in: nobody is sent away at once, and the old ones end."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core import signing
from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.authtoken.models import Token

from accounts import second_factor
from config import settings as written

pytestmark = pytest.mark.django_db
OLD, NEW = "the-old-key-of-forty-characters-or-more!", "the-new-key-of-forty-characters-or-more!"


def is_in(client) -> bool:
    return client.get("/inbox/").status_code == 200


@pytest.fixture
def signed_in(settings, cast, alice):
    """Makes browsers in which alice has signed in under the old key."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []

    def signed_in():
        client = Client()
        client.force_login(alice)
        assert is_in(client)
        return client

    return signed_in


def test_a_session_survives_a_new_key_while_the_old_one_is_a_fallback(settings, signed_in):
    client = signed_in()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert is_in(client)


def test_who_came_by_meanwhile_stays_and_the_others_sign_in_again(settings, signed_in):
    came_by, stayed_away = signed_in(), signed_in()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert is_in(came_by)
    settings.SECRET_KEY_FALLBACKS = []
    assert is_in(came_by) and not is_in(stayed_away)


def test_a_key_that_leaked_ends_everything_at_once(settings, signed_in):
    client, signed = signed_in(), signing.dumps("x")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, []
    assert not is_in(client)
    with pytest.raises(signing.BadSignature):
        signing.loads(signed)


@pytest.fixture
def enrolled(settings, cast, admin):
    """admin, whose second factor was encrypted with the old key."""
    Authenticator.objects.all().delete()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    second_factor.enrol([admin])


def code_now(admin) -> str | None:
    return second_factor.code(second_factor.app_of(admin))


def test_a_second_factor_outlives_its_key_once_it_is_encrypted_anew(settings, enrolled, admin):
    before = code_now(admin)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    call_command("rekey", stdout=StringIO())
    settings.SECRET_KEY_FALLBACKS = []
    assert before and code_now(admin) == before


def test_a_second_factor_that_was_not_is_told_and_left_as_it_is(settings, enrolled, admin):
    settings.SECRET_KEY = NEW
    with pytest.raises(CommandError, match="2 of 2"):
        call_command("rekey")
    settings.SECRET_KEY = OLD
    assert code_now(admin)


def test_the_keys_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"{OLD},{NEW}")
    assert written.env.list("SECRET_KEY_FALLBACKS", default=[]) == [OLD, NEW]
    assert "SECRET_KEY_FALLBACKS" in vars(written)


def test_a_token_that_was_replaced_opens_nothing(client, cast, alice):
    token = Token.objects.create(user=alice)
    headers = {"HTTP_AUTHORIZATION": f"Token {token.key}"}
    assert client.get("/api/v1/me/", **headers).status_code == 200
    call_command("drf_create_token", "alice", reset=True)
    assert client.get("/api/v1/me/", **headers).status_code == 401

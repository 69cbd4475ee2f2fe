"""Who came in, by what, and who did not, stands in the log: by number and request, never with what was typed."""

import json
import logging

import pytest
from django.core.cache import cache
from django.test import Client

from config import logs
from tests.accounts.test_sign_in import PASSWORD, known, sign_in  # noqa: F401 - known is a fixture
from tests.accounts.test_sign_in_by_a_second_factor import tell_code, type_code

pytestmark = pytest.mark.django_db
ID = "0123456789abcdef"
DOORS = {"accounts.adapter", "accounts.passwords", "accounts.forms", "inmail.api.auth"}


@pytest.fixture
def told(caplog):
    """`told()` is what the doors have said since, as it would stand in the file."""
    caplog.set_level(logging.INFO)
    made = logs.configuration("INFO", "json")["formatters"]["told"]
    formatter = made.pop("()")(**made)

    def told():
        lines = [json.loads(formatter.format(record)) for record in caplog.records]
        return [line for line in lines if line["logger"] in DOORS]

    return told


@pytest.fixture
def client():
    return Client(headers={"X-Request-ID": ID})


def heads(lines):
    return [(line["event"], line.get("why"), line.get("by"), line.get("member")) for line in lines]


def test_who_signs_in_and_out_is_told_with_the_request(client, alice, told):
    sign_in(client)
    client.post("/accounts/logout/")
    assert heads(told()) == [("signed in", None, ["password"], alice.pk), ("signed out", None, None, alice.pk)]
    assert {line["request_id"] for line in told()} == {ID}


def test_a_second_factor_is_told_of(client, admin, told):
    sign_in(client, "admin")
    assert heads(told()) == []
    type_code(client, tell_code())
    assert heads(told()) == [("signed in", None, ["password", "totp"], admin.pk)]


@pytest.mark.parametrize(("login", "whose"), [("alice", "alice"), ("ALICE@example.org", "alice"), ("hunter2", None)])
def test_a_refusal_is_told_with_whose_door_it_was_and_not_with_what_was_typed(client, cast, told, login, whose):
    sign_in(client, login, "a wrong guess")
    assert heads(told()) == [("sign-in refused", "password", None, cast[whose].pk if whose else None)]
    assert (told()[0]["level"], told()[0]["request_id"]) == ("warning", ID)
    assert not [word for word in (login, "guess", PASSWORD) if word.lower() in json.dumps(told()).lower()]


def test_a_code_that_is_refused_is_told(client, admin, told):
    sign_in(client, "admin")
    type_code(client, "000000")
    assert heads(told()) == [("sign-in refused", "code", None, admin.pk)]
    assert "000000" not in json.dumps(told())


def test_a_passkey_that_is_none_is_told(client, told):
    client.get("/accounts/2fa/webauthn/login/")
    client.post("/accounts/2fa/webauthn/login/", {"credential": '{"id": "x"}'})
    assert heads(told()) == [("sign-in refused", "passkey", None, None)]


def test_guessing_without_end_is_told(client, told, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/m/key"}
    cache.clear()
    for _ in range(3):
        sign_in(client, "alice", "wrong")
    assert [line["why"] for line in told()] == ["password", "password", "too many attempts"]


@pytest.mark.parametrize(("password", "event"), [(PASSWORD, "token given"), ("wrong", "sign-in refused")])
def test_the_door_of_the_api_tells_too(client, alice, told, password, event):
    client.post("/api/v1/token/", {"handle": "alice", "password": password}, content_type="application/json")
    assert [(line["event"], line["member"], line["request_id"]) for line in told()] == [(event, alice.pk, ID)]

import secrets

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.settings import api_settings

from inmail.api.throttles import AddressThrottle, MemberThrottle, TokenThrottle

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 9"


@pytest.fixture
def with_password(cast):
    for member in cast.values():
        member.set_password(PASSWORD)
        member.save()


@pytest.fixture
def throttled(monkeypatch, settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": secrets.token_hex(4)}}
    for throttle, rate in ((MemberThrottle, "2/min"), (TokenThrottle, "2/min"), (AddressThrottle, "5/min")):
        monkeypatch.setattr(throttle, "rate", rate, raising=False)
        monkeypatch.setattr(throttle, "timer", lambda self: 6_030.0)  # no test begins at the end of a minute


def sign_in(call, handle, password=PASSWORD):
    return call().at("post", "token/", {"handle": handle, "password": password})


def test_handle_and_password_give_a_token_that_works(call, with_password):
    answer = sign_in(call, "alice")
    assert (answer.status_code, list(answer.json())) == (200, ["token"])
    client = call()
    client.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
    assert client.at("get", "me/").json()["handle"] == "alice"
    assert sign_in(call, "Alice").json() == answer.json()


@pytest.mark.parametrize("handle", ["alice", "nobody", "\x00", "admin"])
def test_a_wrong_password_is_a_401(call, with_password, handle):
    answer = sign_in(call, handle, "wrong")
    assert answer.status_code in (400, 401)
    assert not Token.objects.exists()


def test_staff_get_none(call, with_password):
    answer = sign_in(call, "admin")
    assert (answer.status_code, list(answer.json())) == (403, ["detail"])
    assert not Token.objects.exists()


def test_who_has_left_gets_none_and_an_old_token_no_longer_works(call, with_password, alice, noon):
    client = call(alice)
    alice.deactivated_at = noon
    alice.save()
    assert sign_in(call, "alice").status_code == 401
    assert client.at("get", "me/").status_code == 401


@pytest.mark.parametrize("data", [{}, {"handle": "alice"}, {"handle": 1, "password": True}, {"handle": None}])
def test_credentials_that_are_none_are_a_400(call, cast, data):
    assert call().at("post", "token/", data).status_code == 400


def test_a_wrong_token_is_a_401(call, cast):
    client = call()
    client.credentials(HTTP_AUTHORIZATION="Token 0123")
    answer = client.at("get", "me/")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Token")


def test_the_session_works_too_and_needs_its_csrf_token(client, cast, alice):
    client.force_login(alice)
    assert client.get("/api/v1/me/").status_code == 200
    client.handler.enforce_csrf_checks = True
    refused = client.post("/api/v1/messages/", "{}", content_type="application/json")
    assert (refused.status_code, list(refused.json())) == (403, ["detail"])


def test_too_many_calls_are_told_when_to_come_back(call, alice, bob, throttled):
    client = call(alice)
    answers = [client.at("get", "me/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) == 30
    assert call(bob).at("get", "me/").status_code == 200


def test_guessing_passwords_is_slowed_down_handle_by_handle(call, with_password, throttled):
    assert [sign_in(call, "carol", "wrong").status_code for _ in range(3)] == [401, 401, 429]
    assert sign_in(call, "dave").status_code == 200


def test_trying_many_handles_from_one_address_is_slowed_down(call, with_password, throttled):
    handles = ["alice", "bob", "carol", "dave", "erin", "frank"]
    assert [sign_in(call, handle, "wrong").status_code for handle in handles] == [401] * 5 + [429]


def test_where_a_call_says_it_comes_from_is_not_believed(call, with_password, throttled):
    def guess(number):
        lies = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": f"10.9.9.{number}", "HTTP_X_REAL_IP": f"{number}"}
        return call().at("post", "token/", {"handle": "carol", "password": "wrong"}, **lies)

    assert [guess(number).status_code for number in range(3)] == [401, 401, 429]


def test_the_nearest_proxy_of_ours_is_believed_and_nobody_before_it(call, with_password, throttled, monkeypatch):
    monkeypatch.setattr(api_settings, "NUM_PROXIES", 1)

    def guess(said):
        return call().at("post", "token/", {"handle": "carol", "password": "no"}, HTTP_X_FORWARDED_FOR=said)

    assert [guess(f"{lie}, 10.0.0.1").status_code for lie in ("1.1.1.1", "2.2.2.2", "3.3.3.3")] == [401, 401, 429]
    assert guess("1.1.1.1, 10.0.0.2").status_code == 401

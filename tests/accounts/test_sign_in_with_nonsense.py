"""Whatever is sent to the door is answered: never an error of the server, never an open door."""

import json

import pytest
from django.test import Client

from accounts import second_factor
from tests.accounts.test_sign_in import LOGIN, is_in, known, sign_in  # noqa: F401 - known is a fixture

pytestmark = pytest.mark.django_db
DOOR = "/accounts/2fa/webauthn/login/"
REPLY = {"id": "QQ", "rawId": "QQ", "type": "public-key", "clientExtensionResults": {}}
CREDENTIALS = [
    "", "nonsense", "[]", "{}", "null", "1", '"x"', "[" * 900, '{"response": 1}', '{"response": {"userHandle": 1}}',
    *(json.dumps({**REPLY, "response": response}) for response in (
        None, [], {}, "x", {"userHandle": None}, {"userHandle": "%"}, {"userHandle": "MQ", "clientDataJSON": "x"},
        {"userHandle": "MQ", "clientDataJSON": "e30", "authenticatorData": "QQ", "signature": "QQ"},
        {"userHandle": "_w", "clientDataJSON": "e30", "authenticatorData": "A" * 50, "signature": "QQ"},
        {"clientDataJSON": "W10", "attestationObject": "QQ"}, {"clientDataJSON": "e30", "attestationObject": "oA"},
        {"clientDataJSON": "e30", "authenticatorData": "A" * 50, "signature": "QQ", "userHandle": "OTk5OTk5OTk5OTk5"},
    )),
]  # fmt: skip


def without_errors() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_a_passkey_that_is_none_opens_nothing(credential):
    client = without_errors()
    client.get(DOOR, headers={"Accept": "application/json"})
    answer = client.post(DOOR, {"credential": credential})
    assert answer.status_code == 302 and answer.url == LOGIN
    assert not is_in(client)


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_a_passkey_that_is_none_is_no_second_factor(credential):
    client = without_errors()
    sign_in(client, "admin")
    client.get("/accounts/2fa/authenticate/")
    assert client.post("/accounts/2fa/authenticate/", {"credential": credential}).status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_a_passkey_that_is_none_is_not_added(credential, alice):
    client = without_errors()
    sign_in(client)
    client.get("/accounts/2fa/webauthn/add/")
    assert client.post("/accounts/2fa/webauthn/add/", {"credential": credential, "name": "x"}).status_code == 200
    assert not second_factor.is_enrolled(alice)


@pytest.mark.parametrize(
    "said", ["junk", "", ",,,", "1.2.3.4, junk", "::1%eth0", "[::1]:80", "1.2.3.4:567", "9" * 5000]
)
@pytest.mark.parametrize("proxies", [0, 1, 3])
def test_what_is_said_of_where_one_comes_from_is_no_error(settings, said, proxies):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    answer = without_errors().post(LOGIN, {"login": "alice", "password": "wrong"}, headers={"X-Forwarded-For": said})
    assert answer.status_code < 500


@pytest.mark.parametrize(
    "path", [LOGIN, "/accounts/signup/", "/accounts/password/reset/", "/accounts/2fa/authenticate/"]
)
@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"login=%00&password=%ff", b"login[]=1", b"code=" + b"1" * 100_000])
def test_a_body_that_is_no_form_is_no_error(path, body):
    answer = without_errors().post(path, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code < 500


def test_a_reset_link_that_was_tampered_with_opens_nothing():
    for key in ("1-x", "zzzzzzzzzzzzzzzz-x", "1-set-password", "-x", "1-%00", "1-" + "a" * 2_000):
        answer = without_errors().get(f"/accounts/password/reset/key/{key}/", follow=True)
        assert answer.status_code in (200, 404), key
        assert 'name="password1"' not in answer.text, key

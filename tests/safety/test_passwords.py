"""What a password may be, how it rests, and what the forms for it allow."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import Member
from tests.safety.test_settings import told

pytestmark = pytest.mark.django_db
FORMS = ("/accounts/login/", "/accounts/signup/")


@pytest.mark.parametrize(
    "password", ["", "short7x", "password1", "qwertyuiop", "iloveyou1", "alicemoreau", "12345678901"]
)
def test_what_is_short_common_or_ones_own_name_is_no_password(alice, password):
    with pytest.raises(ValidationError):
        validate_password(password, alice)


OF_THIS_PLACE = ["inmail2014!", "InMail-Simulator", "MyLinkedIn99", "simulatoreInMail1", "recruiter1"]
FINE = ["never by inmail alone", "gelatofy", "all lower case words", "ÀÈÌÒÙ-😀-", "tqvbxkzw", "x y" * 30]


@pytest.mark.parametrize("password", OF_THIS_PLACE)
def test_the_names_of_this_place_with_a_little_added_are_no_password(alice, password):
    with pytest.raises(ValidationError, match="name of this site"):
        validate_password(password, alice)


@pytest.mark.parametrize("password", FINE)
def test_any_composition_of_letters_will_do(alice, password):
    assert validate_password(password, alice) is None


def test_a_password_is_taken_as_it_is(alice):
    alice.set_password("  Spaces and CAPITALS  ")
    alice.save()
    assert not alice.check_password("Spaces and CAPITALS") and not alice.check_password("  spaces and capitals  ")
    for typed, there in (("Spaces and CAPITALS", False), ("  Spaces and CAPITALS  ", True)):
        client = Client()
        client.post("/accounts/login/", {"login": "alice", "password": typed})
        assert ("_auth_user_id" in client.session) == there


def test_a_new_password_asks_for_the_current_one(alice, client):
    alice.set_password("correct horse 9")
    alice.save()
    client.force_login(alice)
    words = {"oldpassword": "wrong", "password1": "battery staple 7", "password2": "battery staple 7"}
    client.post("/accounts/password/change/", words)
    assert Member.objects.get(handle="alice").check_password("correct horse 9")


@pytest.mark.parametrize("path", FORMS)
def test_forms_hide_the_password_and_let_managers_fill_it_in(client, live, path):
    fields = re.findall(r"<input[^>]*name=\"password\d?\"[^>]*>", client.get(path).content.decode())
    assert fields
    for field in fields:
        assert 'type="password"' in field and re.search(r'autocomplete="(current|new)-password"', field)
        assert "onpaste" not in field and "readonly" not in field


def test_passwords_rest_as_argon2():
    hashers = told(["PASSWORD_HASHERS"], INMAIL_TESTING="0")["PASSWORD_HASHERS"]
    assert hashers[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


def test_the_key_of_a_session_cannot_be_guessed(alice):
    keys = set()
    for _ in range(20):
        client = Client()
        client.force_login(alice)
        keys.add(client.session.session_key)
    assert len(keys) == 20 and all(re.fullmatch("[a-z0-9]{32}", key) for key in keys)  # 165 bits


@pytest.mark.parametrize(
    "path", ["/search/", "/inbox/", "/credits/", "/network/", "/settings/profile/", "/members/carol/"]
)
def test_signing_out_is_on_every_page(alice, carol, live, client, path):
    client.force_login(alice)
    assert 'action="/accounts/logout/"' in client.get(path).content.decode()

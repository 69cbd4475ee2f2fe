"""Whoever asks at the door does not learn who is a member: not from the answer, not from the time it takes.

Handles are no secret (every member's page bears one), addresses are: so sign-up may say that a handle is taken.
"""

import re
import time

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts import passwords
from accounts.models import Member
from tests.accounts.test_sign_in import PASSWORD, RESET, is_in, known, sign_in  # noqa: F401 - a fixture
from tests.accounts.test_sign_in_by_a_second_factor import tell_code, type_code

pytestmark = pytest.mark.django_db
SIGNUP, CONFIRM = "/accounts/signup/", "/accounts/confirm-email/"
CHANGES = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken": "[^"]*"|[\w.]+@example\.org|value="(alice|nobody)"',
    re.IGNORECASE,
)
ARGON2 = ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def sign_up(client, handle, email, password="a long enough one"):
    form = {"username": handle, "email": email, "password1": password, "password2": password, "first_name": "Zoë",
            "language": "en", "country": "IT", "plan": "basic"}  # fmt: skip
    return client.post(SIGNUP, form)


def said(answer) -> tuple:
    """What an answer says, without what differs between any two."""
    return answer.status_code, answer.headers.get("Location"), CHANGES.sub("", answer.text)


@pytest.mark.parametrize(("one", "other"), [("alice", "nobody"), ("alice@example.org", "nobody@example.org")])
def test_a_wrong_password_is_answered_as_an_unknown_name_is(one, other):
    answers = [said(sign_in(Client(), login, "wrong")) for login in (one, other)]
    assert answers[0] == answers[1] and answers[0][0] == 200


def test_who_has_left_is_told_so_only_with_the_right_password(alice, noon):
    Member.objects.filter(pk=alice.pk).update(deactivated_at=noon)
    assert said(sign_in(Client(), "alice", "wrong")) == said(sign_in(Client(), "nobody", "wrong"))
    assert sign_in(Client(), "alice").url == "/accounts/inactive/"


def test_a_link_for_a_new_password_is_promised_to_every_address(mailoutbox):
    answers = []
    for email in ("alice@example.org", "nobody@example.org"):
        client = Client()
        answers.append((said(client.post(RESET, {"email": email})), said(client.get(RESET + "done/"))))
    assert answers[0] == answers[1]
    assert [mail.to for mail in mailoutbox] == [["alice@example.org"], ["nobody@example.org"]]
    assert "/password/reset/key/" in mailoutbox[0].body and "no member has it" in mailoutbox[1].body


def test_signing_up_with_a_known_address_is_answered_as_with_a_new_one(mailoutbox):
    answers = []
    for handle, email in (("zoe.1", "zoe@example.org"), ("zoe.2", "alice@example.org"), ("zoe.3", "ALICE@example.org")):
        client = Client()
        answers.append((said(sign_up(client, handle, email)), said(client.get(CONFIRM)), is_in(client)))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0][:2] == (302, CONFIRM)
    assert list(Member.objects.filter(handle__startswith="zoe").values_list("handle", flat=True)) == ["zoe.1"]
    assert [mail.subject.split(": ")[1] for mail in mailoutbox[1:]] == ["You are a member already"] * 2


def test_an_address_is_confirmed_before_its_member_comes_in(client, mailoutbox):
    sign_up(client, "zoe", "zoe@example.org")
    assert not is_in(client)
    assert sign_in(Client(), "zoe", "a long enough one").url == CONFIRM
    link = next(word for word in mailoutbox[0].body.split() if CONFIRM in word)
    assert client.post(link).url == "/network/" and is_in(client)
    assert sign_in(Client(), "zoe", "a long enough one").url == "/"


def test_another_members_address_is_added_as_any_other(client):
    sign_in(client)
    answers = []
    for email in ("bob@example.org", "nobody@example.org"):
        answers.append(client.post("/accounts/email/", {"action_add": "", "email": email}))
    assert {answer.status_code for answer in answers} == {302}
    assert answers[0].url == answers[1].url
    assert "bob@example.org" in client.get("/accounts/email/").text


def quickest(*acts, times=(4, 15)) -> list[float]:
    """The least time that each takes, in turns, for what else the machine does only ever adds; as many as it needs."""
    least = [float("inf")] * len(acts)
    for turn in range(times[1]):
        for which, act in enumerate(acts):
            began = time.perf_counter()
            act(turn)
            least[which] = min(least[which], time.perf_counter() - began)
        if turn + 1 >= times[0] and alike(least):
            break
    return least


def alike(times: list[float]) -> bool:
    return max(times) - min(times) < 0.3 * max(times) + 0.002


def test_a_wrong_password_takes_as_long_as_an_unknown_name(settings, cast, noon):
    settings.PASSWORD_HASHERS = ARGON2
    Member.objects.update(password=make_password(PASSWORD))
    Member.objects.create_user("sim", first_name="Sim", joined_at=noon, simulated=True)  # without any password
    logins = ("alice", "admin", "sim", "nobody", "alice@example.org", "nobody@example.org")
    times = quickest(*(lambda turn, login=login: sign_in(Client(), login, "wrong") for login in logins))
    assert alike(times), dict(zip(logins, times, strict=True))


def test_a_new_password_is_promised_as_quickly_to_any_address():
    emails = ("alice@example.org", "nobody@example.org")
    times = quickest(*(lambda turn, email=email: Client().post(RESET, {"email": email}) for email in emails))
    assert alike(times), times


def test_signing_up_takes_as_long_with_a_known_address(settings):
    settings.PASSWORD_HASHERS = ARGON2

    def new(turn):
        assert sign_up(Client(), f"new{turn}", f"new{turn}@example.org").url == CONFIRM

    def old(turn):
        assert sign_up(Client(), f"old{turn}", "alice@example.org").url == CONFIRM

    times = quickest(new, old)
    assert alike(times), times
    assert not Member.objects.filter(handle__startswith="old").exists()


@pytest.fixture
def counted(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "sign in"}}
    settings.ACCOUNT_RATE_LIMITS, settings.MFA_RATE_LIMITS = {}, {}
    cache.clear()


@pytest.mark.parametrize("login", ["alice", "nobody"])
def test_guessing_a_password_is_stopped_even_for_the_right_one(client, counted, login):
    for _ in range(5):
        assert "Too many" not in sign_in(client, login, "wrong").text
    refused = sign_in(client, login)
    assert refused.status_code == 200 and "Too many" in refused.text and not is_in(client)
    assert sign_in(client, "bob").url == "/"


def test_guessing_many_passwords_from_one_place_is_stopped(client, counted):
    for number in range(10):
        sign_in(client, f"nobody{number}", "wrong")
    assert "Too many" in sign_in(client, "alice").text
    assert sign_in(Client(REMOTE_ADDR="10.0.0.2"), "alice").url == "/"


def test_guessing_a_code_is_stopped_even_for_the_right_one(client, counted):
    sign_in(client, "admin")
    for _ in range(5):
        type_code(client, "000000")
    assert "Too many" in type_code(client, tell_code()).text
    assert not is_in(client)


def test_asking_for_links_and_signing_up_without_end_is_stopped(client, counted):
    for _ in range(5):
        assert client.post(RESET, {"email": "alice@example.org"}).status_code == 302
    refused = client.post(RESET, {"email": "alice@example.org"})
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
    assert len(mail.outbox) == 5
    assert [sign_up(client, "é", "x").status_code for _ in range(21)] == [200] * 20 + [429]


@pytest.mark.parametrize("length", [passwords.LONGEST + 1, 1_000, 100_000])
def test_a_long_password_is_answered_quickly_and_with_a_sentence(client, settings, length):
    settings.PASSWORD_HASHERS = ARGON2
    began, long = time.perf_counter(), "aB3$" * (length // 4 + 1)
    assert "at most 256 characters" in sign_up(client, "zoe", "zoe@example.org", long[:length]).text
    wrong = sign_in(client, "alice", long[:length])
    assert wrong.status_code == 200 and 'role="alert"' in wrong.text
    assert time.perf_counter() - began < 5
    assert not Member.objects.filter(handle="zoe").exists() and not is_in(client)


def test_the_longest_password_works(client, mailoutbox):
    longest = ("correct horse battery staple " * 9)[: passwords.LONGEST]
    sign_in(client)
    new = {"oldpassword": PASSWORD, "password1": longest, "password2": longest}
    assert client.post("/accounts/password/change/", new).status_code == 302
    assert sign_in(Client(), "alice", longest).url == "/"


def test_a_mail_server_that_is_away_changes_no_answer(client, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 9
    assert client.post(RESET, {"email": "alice@example.org"}).status_code == 302
    assert sign_up(client, "zoe", "zoe@example.org").url == CONFIRM
    assert Member.objects.filter(handle="zoe").exists()


SMTP = "django.core.mail.backends.smtp.EmailBackend"

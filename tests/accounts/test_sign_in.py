"""The door: who comes in, how often one may try, where one is led, and what a session is worth afterwards."""

import pytest
from django.contrib.sessions.models import Session
from django.core import mail

from accounts.models import Member

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 9"
LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
ELSEWHERE = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/",
    "http:evil.example", "javascript:alert(1)", "data:text/html,x", "http://testserver@evil.example/",
    "http://localhost:9/", "\t//evil.example", "https:///evil.example", "//testserver.evil.example",
    " //evil.example", "http://[::1", "ftp://testserver/",
]  # fmt: skip


@pytest.fixture(autouse=True)
def known(cast, live):
    for member in cast.values():
        member.set_password(PASSWORD)
    Member.objects.bulk_update(cast.values(), ["password"])


def sign_in(client, login="alice", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": login, "password": password, **more})


def is_in(client) -> bool:
    return client.get("/inbox/").status_code == 200


@pytest.mark.parametrize("login", ["alice", "Alice", "alice@example.org", "ALICE@example.org"])
def test_handle_or_address_and_password_open_the_door(client, login):
    assert sign_in(client, login).url == "/"
    assert is_in(client)


@pytest.mark.parametrize(
    "login", ["alice", "nobody", "alice@example.org", "nobody@example.org", "x" * 300, "a\0b", "", "é"]
)
def test_a_wrong_password_and_an_unknown_name_stay_outside(client, login):
    assert sign_in(client, login, "wrong").status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_led_elsewhere(client, elsewhere):
    assert sign_in(client, next=elsewhere).url == "/"
    assert client.post("/accounts/logout/", {"next": elsewhere}).url == "/"


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_who_is_in_already_is_led_home_too(client, alice, elsewhere):
    client.force_login(alice)
    assert client.get(LOGIN, {"next": elsewhere}).url == "/"


def test_who_wanted_a_page_of_ours_gets_there(client):
    assert sign_in(client, next="/credits/?x=1").url == "/credits/?x=1"


def test_the_key_of_the_session_is_another_after_signing_in(client):
    session = client.session
    session["planted"] = 1
    session.save()
    planted = session.session_key
    sign_in(client)
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_a_session_replayed_after_signing_out_does_nothing(client):
    sign_in(client)
    kept = client.cookies["sessionid"].value
    client.post("/accounts/logout/")
    client.cookies["sessionid"] = kept
    assert not is_in(client)
    assert client.get("/api/v1/me/").status_code in (401, 403)


def test_a_late_request_of_an_ended_session_takes_no_newer_cookie_away(client):
    """The page's news, asked for with the key that signing in has just changed."""
    sign_in(client)
    old = client.cookies["sessionid"].value
    Session.objects.get(session_key=old).delete()
    late = client.get("/status/")
    assert "sessionid" not in late.cookies and "Cookie" in late.headers["Vary"]
    sign_in(client)
    assert client.post("/accounts/logout/").cookies["sessionid"].value == ""


def test_signing_out_needs_a_press_of_the_button(client):
    sign_in(client)
    client.get("/accounts/logout/")
    assert is_in(client)


def test_a_password_change_ends_the_other_sessions(client, another):
    for each in (client, another):
        sign_in(each)
    new = {"oldpassword": PASSWORD, "password1": "another long one", "password2": "another long one"}
    assert client.post("/accounts/password/change/", new).status_code == 302
    assert (is_in(client), is_in(another)) == (True, False)
    assert "was changed" in mail.outbox[-1].body


def test_a_reset_password_ends_every_session_and_its_link_works_once(client, another, mailoutbox):
    sign_in(another)
    client.post(RESET, {"email": "alice@example.org"})
    link = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
    door = client.get(link, follow=True).request["PATH_INFO"]
    new = {"password1": "another long one", "password2": "another long one"}
    assert client.post(door, new).status_code == 302
    assert not is_in(another)
    assert "no longer works" in another.get(link, follow=True).text
    another.post(door, {"password1": "a third long one", "password2": "a third long one"})
    assert Member.objects.get(handle="alice").check_password("another long one")


def test_the_sessions_are_listed_and_all_but_this_one_are_ended(client, another):
    sign_in(another)
    sign_in(client)
    page = client.get("/accounts/sessions/").text
    assert page.count("127.0.0.1") == 2 and page.count("this one") == 1
    client.post("/accounts/sessions/")
    assert (is_in(client), is_in(another)) == (True, False)
    assert client.get("/accounts/sessions/").text.count("127.0.0.1") == 1


@pytest.fixture
def another(client):
    """A browser of the same member elsewhere."""
    return type(client)()

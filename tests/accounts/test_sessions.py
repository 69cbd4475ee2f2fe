"""How long a session lasts, and what comes of one that the database does not take."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from accounts.sessions import BEGAN

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 9"
HOUR = timedelta(hours=1)


@pytest.fixture
def signed_in(live, alice, client):
    alice.set_password(PASSWORD)
    alice.save()
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    return client


def end_of(client) -> timedelta:
    """How far away it is."""
    return Session.objects.get(session_key=client.cookies["sessionid"].value).expire_date - timezone.now()


def hours_pass(client, hours: float) -> None:
    """As if the session were so much older."""
    row = Session.objects.get(session_key=client.cookies["sessionid"].value)
    held = row.get_decoded()
    held[BEGAN] -= int(hours * 3600)
    row.session_data, row.expire_date = Session.objects.encode(held), row.expire_date - hours * HOUR
    row.save()


def is_in(client) -> bool:
    return client.get("/inbox/").status_code == 200


def test_who_asks_for_nothing_for_two_days_is_signed_out(signed_in):
    hours_pass(signed_in, 47.9)
    assert is_in(signed_in)
    hours_pass(signed_in, 48.1)
    assert not is_in(signed_in)


def test_who_comes_by_each_day_stays_for_two_weeks_and_no_longer(signed_in):
    for _ in range(13):
        hours_pass(signed_in, 24)
        assert is_in(signed_in)
    hours_pass(signed_in, 23)
    assert is_in(signed_in) and end_of(signed_in) < 2 * HOUR
    hours_pass(signed_in, 2)
    assert not is_in(signed_in)


def test_the_news_that_an_open_page_asks_for_keep_nobody_signed_in(signed_in):
    hours_pass(signed_in, 40)
    for path in ("/clock/state/", "/status/"):
        assert signed_in.get(path).status_code == 200
    assert end_of(signed_in) < 9 * HOUR
    signed_in.get("/inbox/")
    assert end_of(signed_in) > 47 * HOUR


def test_what_is_set_is_what_holds(signed_in, settings):
    settings.SESSION_IDLE, settings.SESSION_COOKIE_AGE = 2 * HOUR, 3 * 3600
    hours_pass(signed_in, 1.5)
    signed_in.get("/inbox/")
    assert HOUR < end_of(signed_in) < 2 * HOUR


def test_a_new_password_begins_anew(signed_in):
    hours_pass(signed_in, 24)
    before = signed_in.session[BEGAN]
    new = {"oldpassword": PASSWORD, "password1": "another long one", "password2": "another long one"}
    signed_in.post("/accounts/password/change/", new)
    assert signed_in.session[BEGAN] > before


@pytest.fixture
def no_room():
    """The database takes no change of a session, as when its disk is full."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.full() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END$$"
        )
        cursor.execute("CREATE TRIGGER no_room BEFORE UPDATE ON django_session EXECUTE FUNCTION pg_temp.full()")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_session_that_the_database_does_not_take_is_a_503(signed_in, no_room, method):
    paths = {"get": "/accounts/2fa/totp/activate/", "post": "/accounts/reauthenticate/"}
    answer = getattr(signed_in, method)(paths[method], {"password": PASSWORD})
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert ("not known" in answer.text) == (method == "post")


def test_a_session_that_cannot_be_prolonged_is_no_reason_to_withhold_a_page(signed_in, request):
    hours_pass(signed_in, 40)
    request.getfixturevalue("no_room")
    assert is_in(signed_in) and end_of(signed_in) < 9 * HOUR


def test_who_signed_out_meanwhile_is_told_so(signed_in):
    Session.objects.all().delete()
    assert signed_in.get("/accounts/2fa/totp/activate/").status_code == 302

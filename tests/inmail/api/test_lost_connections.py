"""The connection breaks just after the commit: only what is then like once is repeated, and no answer says undone."""

from contextlib import contextmanager

import psycopg2
import pytest
from django.db import connection
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path

from config.urls import handler500
from config.urls import urlpatterns as ours
from inmail import ledger
from inmail.models import Inmail, Message
from tests.inmail.api.test_keys import CALLS, KEY

__all__ = ["handler500", "urlpatterns"]  # this module is the map of addresses of its last tests, too
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("live")]
UNKNOWN = "It is not known whether this was done; look before you do it again."
BREAK = "SELECT pg_terminate_backend(pg_backend_pid())"


@contextmanager
def broken_after_commit():
    """PostgreSQL ends the session right after the first commit of something written; yields how often it did."""
    commit, broken = connection._commit, []

    def commit_and_break():
        with connection.connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
            wrote = cursor.fetchone()[0]
        commit()
        if wrote and not broken:
            broken.append(True)
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                cursor.execute(BREAK)

    connection._commit = commit_and_break
    try:
        yield broken
    finally:
        del connection._commit


def done(live, cast) -> list[int]:
    """What the calls of `CALLS` change."""
    entries = sum(ledger.entries(live, cast[handle]).count() for handle in ("alice", "bob"))
    return [Inmail.objects.count(), Message.objects.count(), entries]


@pytest.mark.parametrize("path", CALLS)
def test_under_a_key_it_is_repeated_and_done_once(call, cast, live, path):
    handle, given = CALLS[path]
    client, before = call(cast[handle]), done(live, cast)
    with broken_after_commit() as broken:
        answer = client.at("post", path, given, headers=KEY)
    assert broken and (answer.status_code, answer.headers["Idempotent-Replayed"]) == (201, "true")
    assert sum(done(live, cast)) - sum(before) == (2 if path == "inmails/" else 1)


@pytest.mark.parametrize("path", CALLS)
def test_without_a_key_it_is_done_once_and_the_answer_does_not_deny_it(call, cast, live, path):
    handle, given = CALLS[path]
    client, before = call(cast[handle]), done(live, cast)
    with broken_after_commit() as broken:
        answer = client.at("post", path, given)
    assert broken and (answer.status_code, answer.json()) == (503, {"detail": UNKNOWN})
    assert sum(done(live, cast)) - sum(before) == (2 if path == "inmails/" else 1)


def test_a_key_sent_to_a_call_that_keeps_none_repeats_nothing(call, carol, received):
    client = call(carol)
    with broken_after_commit() as broken:
        answer = client.at("post", f"inmails/{received.pk}/answer/", {"answer": "interested"}, headers=KEY)
    assert broken and (answer.status_code, answer.json()) == (503, {"detail": UNKNOWN})


def test_a_page_buys_once_and_does_not_deny_it(client, alice, live):
    client.force_login(alice)
    with broken_after_commit() as broken:
        answer = client.post("/credits/purchase/", {"quantity": 3}, headers=KEY)
    assert broken and answer.status_code == 503
    assert UNKNOWN in answer.content.decode() and "simply be loaded again" not in answer.content.decode()
    assert ledger.balance(live, alice) == 28


def rendered_by_the_database(request):
    """A page whose template asks the database, which gives it up as often as `times` says."""

    def rows():
        request.asked = getattr(request, "asked", 0) + 1
        with connection.cursor() as cursor:
            if request.asked <= int(request.GET["times"]):
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'a test' USING ERRCODE = '40001'; END $$")
        return f"asked {request.asked} times"

    return TemplateResponse(request, engines["django"].from_string("{{ rows }}"), {"rows": rows})


urlpatterns = [path("rendered/", rendered_by_the_database), *ours]


@pytest.mark.parametrize("times", [0, 1, 2])
def test_a_template_that_the_database_gave_up_is_rendered_again(client, settings, times):
    settings.ROOT_URLCONF = __name__
    answer = client.get(f"/rendered/?times={times}")
    assert (answer.status_code, answer.content.decode()) == (200, f"asked {times + 1} times")


def test_a_template_that_can_never_be_rendered_is_a_503(client, settings):
    settings.ROOT_URLCONF = __name__
    answer = client.get("/rendered/?times=9")
    assert answer.status_code == 503 and "simply be loaded again" in answer.content.decode()


def test_an_answer_that_breaks_off_without_a_word_is_a_clean_503_too(call, carol, monkeypatch):
    """As psycopg2 has it when the server dies in the middle of an answer: an error of no kind, without a code."""

    def broken(*_given, **_more):
        with connection.wrap_database_errors:
            raise psycopg2.DatabaseError("error with status PGRES_TUPLES_OK and no message from the libpq")

    monkeypatch.setattr("inmail.ledger.balance", broken)
    answer = call(carol).at("get", "credits/")
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)

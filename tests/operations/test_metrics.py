"""What Prometheus reads: figures that are those of the rows, what is left out, and who may see them."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from clock import advances
from clock import timeline as clock
from config import metrics
from inmail import delivery
from inmail.models import Heartbeat, Job
from inmail.refusals import Refused
from lab import queue, runs
from privacy import blocks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    for figure in (metrics.standing, metrics.of_lab, *metrics.DEAR.values()):
        monkeypatch.setattr(figure, "seconds", 0)
        monkeypatch.setattr(figure, "until", 0)
    monkeypatch.setattr(metrics, "SHARE", 0)


@pytest.fixture
def read(client, live):
    """A figure by its name and labels, None when it is not told."""

    def read(name):
        lines = dict(line.rsplit(" ", 1) for line in client.get("/metrics").text.splitlines() if line[0] != "#")
        return float(lines[name]) if name in lines else None

    return read


def test_what_waits_and_what_was_delivered_are_counted_from_the_rows(read, send, alice, carol, dave):
    send(alice, carol, undo_seconds=30)
    due = send(alice, dave).inmail_id
    assert (read("inmail_queued"), read("inmail_deliveries_total")) == (2, 0)
    assert 0 <= read("inmail_oldest_due_seconds") < 30
    assert delivery.deliver_one(due)
    assert (read("inmail_queued"), read("inmail_deliveries_total")) == (1, 1)


def test_the_residual_is_nought_until_a_credit_is_minted(read, send, alice, carol):
    send(alice, carol)
    assert read("inmail_ledger_residual_credits") == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inmail_wallet SET balance = balance + 3 WHERE member_id = %s", [alice.pk])
    assert read("inmail_ledger_residual_credits") == -3


def test_refusals_are_counted_by_code_when_sending_and_when_delivering(read, send, noon, alice, bob, carol):
    name = 'inmail_refusals_total{code="first_degree"}'
    before = read(name) or 0
    with pytest.raises(Refused):
        send(alice, bob)
    assert read(name) == before + 1
    sent = send(alice, carol).inmail_id
    blocks.block(carol, alice, at=noon)
    delivery.deliver_one(sent)
    assert read('inmail_deliveries_refused_total{code="unavailable"}') == 1


def test_parts_of_runs_that_wait_and_that_somebody_is_at(read, alice):
    run = runs.submit(alice, "categories")
    run.shards.update(free_at=timezone.now() - timedelta(seconds=100))
    assert queue.claim().run == run
    assert (read("inmail_lab_parts_waiting"), read("inmail_lab_parts_lived")) == (4, 1)
    assert 100 <= read("inmail_lab_oldest_waiting_seconds") < 130
    runs.cancel(run, by=alice)
    assert (read("inmail_lab_parts_waiting"), read("inmail_lab_parts_lived")) == (0, 0)


def test_a_dead_delivery_shows_here_and_on_the_page_of_health(read, client, send, alice, carol):
    sent = send(alice, carol).inmail_id
    assert read("inmail_dead_jobs") == 0
    Job.objects.create(inmail_id=sent, attempts=5, retry_at=timezone.now(), dead_at=timezone.now(), error="Poison")
    assert (read("inmail_dead_jobs"), read("inmail_oldest_due_seconds")) == (1, 0)
    assert client.get("/healthz").json()["dead_jobs"] == 1


def test_a_lagging_clock_a_silent_worker_and_a_wish_show(read, live, noon):
    assert (read("inmail_clock_lag_seconds"), read("inmail_advances_unfinished")) == (0, 0)
    clock.set_speed(live, speed=60)
    past = timezone.now() - timedelta(seconds=100)
    type(live).objects.update(moved_at=past)
    Heartbeat.objects.create(name="worker", seen_at=past)
    advances.request(live, until=noon + timedelta(hours=1))
    assert 100 <= read("inmail_clock_lag_seconds") < 130
    assert 100 <= read('inmail_heartbeat_age_seconds{name="worker"}') < 130
    assert read("inmail_advances_unfinished") == 1


def test_a_request_is_counted_by_its_route_not_by_its_address(read, client, alice):
    name = 'http_request_seconds_count{method="GET",route="members/<str:handle>/",status="200"}'
    before = read(name) or 0
    client.force_login(alice)
    client.get("/members/carol/")
    client.get("/members/dave/")
    assert read(name) == before + 2
    assert "carol" not in client.get("/metrics").text


def test_what_nobody_foresaw_makes_no_new_series(client, live):
    for path in ("/nothing/1", "/nothing/2"):
        client.generic("BREW", path)
    routes = set(re.findall(r'method="(\w+)",route="none"', client.get("/metrics").text))
    assert routes <= metrics.METHODS | {"other"} and "other" in routes


def test_a_figure_that_takes_too_long_is_left_out_and_said_to_be(read, monkeypatch):
    monkeypatch.setattr(metrics, "TIMEOUT", "50ms")
    monkeypatch.setattr(metrics.DEAR["residual"], "ask", lambda: connection.cursor().execute("SELECT pg_sleep(5)"))
    assert read("inmail_ledger_residual_credits") is None
    assert read('inmail_figure_unread{figure="residual"}') == 1
    assert (read("inmail_database_up"), read("inmail_queued")) == (1, 0)


def test_a_database_that_is_away_is_told(read, monkeypatch):
    def away():
        raise OperationalError("away")

    monkeypatch.setattr(metrics.standing, "ask", away)
    assert (read("inmail_database_up"), read("inmail_queued")) == (0, None)


def test_a_dear_figure_is_not_asked_for_again_at_once(monkeypatch):
    asked = []
    figure = metrics.Remembered(lambda: asked.append(1) or len(asked), 60)
    assert (figure(), figure(), len(asked)) == (1, 1, 1)


TOKEN = "a-long-enough-token"
OURS = {"REMOTE_ADDR": "127.0.0.1"}
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.mark.parametrize(
    ("embedded", "token", "request_of", "status"),
    [
        (True, "", OURS, 200),
        (True, "", {"REMOTE_ADDR": "::1"}, 200),
        (True, "", OURS | {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, 404),
        (True, "", ELSEWHERE, 404),
        (True, "", ELSEWHERE | {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
        (True, "", {"REMOTE_ADDR": ""}, 404),
        (False, "", OURS, 404),  # behind a proxy everybody comes from there
        (False, "", OURS | {"HTTP_AUTHORIZATION": "Bearer "}, 404),
        (False, TOKEN, OURS, 404),
        (False, TOKEN, ELSEWHERE | {"HTTP_AUTHORIZATION": "Bearer wrong"}, 404),
        (False, TOKEN, ELSEWHERE | {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, 200),
    ],
)
def test_who_may_read_them(client, settings, live, embedded, token, request_of, status):
    settings.EMBEDDED, settings.METRICS_TOKEN = embedded, token
    assert client.get("/metrics", **request_of).status_code == status


def test_nothing_is_changed_by_them(client, live):
    assert client.post("/metrics").status_code == 405

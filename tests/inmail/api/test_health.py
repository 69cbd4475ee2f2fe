from datetime import timedelta

import pytest
from django.utils import timezone

from inmail.models import Heartbeat

pytestmark = pytest.mark.django_db


def beat(ago, name="worker"):
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": timezone.now() - timedelta(seconds=ago)})


def test_all_is_well_when_everything_answers(client):
    beat(5)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    found = answer.json()
    assert (found["status"], found["database"], found["broker"]) == ("ok", "ok", "ok")
    assert found["worker_seen_at"] and found["oldest_due_seconds"] == 0


@pytest.mark.parametrize("ago", [31, None])
def test_a_silent_worker_is_told(client, ago):
    if ago:
        beat(ago)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "failing")
    assert "worker" in answer.json()["problems"][0]


@pytest.mark.parametrize(
    ("ago", "status", "lagging"), [(5, 200, False), (None, 200, True), (60, 200, True), (601, 503, True)]
)
def test_a_clock_that_lags_is_told_and_one_long_dead_fails(client, ago, status, lagging):
    beat(5)
    if ago:
        beat(ago, name="clock")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["clock_lagging"]) == (status, lagging)


def test_a_broker_that_is_away_is_told(client, settings):
    beat(1)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["broker"]) == (503, "down")


def test_what_waits_too_long_is_told_in_seconds(client, live, send, alice, carol):
    beat(1)
    send(alice, carol)
    assert 0 <= client.get("/healthz").json()["oldest_due_seconds"] < 30

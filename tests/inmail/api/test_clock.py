"""The clock over the API; a thread plays the worker's part with the worker's own function."""

import threading
import time

import pytest
from django.db import connections

from clock import advances
from clock.models import Advance
from inmail import ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(transactional_db):
    """Carries out wishes as the worker does, until the test is over."""
    over = threading.Event()

    def work():
        while not over.is_set():
            for wish_id in advances.waiting():
                advances.carry_out(wish_id)
            time.sleep(0.02)
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join()


def test_now_and_speed_are_shown_and_set(call, admin, live):
    client = call(admin)
    assert client.at("get", "clock/").json() == {
        "now": "2014-06-03T12:00:00Z",
        "speed": 0,
        "lagging": False,
        "tasks": [],
    }
    assert client.at("post", "clock/", {"speed": 720}).json()["speed"] == 720


@pytest.mark.parametrize("speed", [-1, 86_401, 1.5, "1", True, None])
def test_speeds_that_are_none(call, admin, live, speed):
    answer = call(admin).at("post", "clock/", {"speed": speed})
    assert (answer.status_code, list(answer.json())) == (400, ["speed"])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"days": 0}, "days"),
        ({"days": -1}, "days"),
        ({"days": 1.5}, "days"),
        ({"days": 3_661}, "days"),
        ({"hours": 2**63}, "hours"),
        ({"until": "tomorrow"}, "until"),
        ({"until": "2014-06-03T11:59:59Z"}, "until"),
        ({"until": "2014-06-03T12:00:00Z"}, "until"),
        ({"until": "9999-12-31T23:59:59-23:59"}, "until"),
        ({"until": 5}, "until"),
        ({}, "non_field_errors"),
        ({"days": 1, "hours": 1}, "non_field_errors"),
    ],
)
def test_advances_that_are_none(call, admin, live, given, field):
    answer = call(admin).at("post", "clock/advance/", given)
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert not Advance.objects.exists()


def test_an_advance_answers_with_what_fell_due(call, admin, alice, received, live, worker):
    answer = call(admin).at("post", "clock/advance/", {"days": 7})
    assert answer.status_code == 200
    counts = answer.json()
    assert (counts["now"], counts["midnight"], counts["returned"]) == ("2014-06-10T12:00:00Z", 7, 1)
    assert ledger.balance(live, alice) == 25
    (task,) = call(admin).at("get", "clock/").json()["tasks"]
    assert (task["status"], task["counts"]["returned"]) == ("done", 1)


def test_without_a_worker_an_advance_is_a_task_to_ask_for(call, admin, live, settings):
    settings.ADVANCE_WAIT = 0
    answer = call(admin).at("post", "clock/advance/", {"until": "2014-06-04"})
    assert (answer.status_code, list(answer.json())) == (202, ["task"])
    (task,) = call(admin).at("get", "clock/").json()["tasks"]
    assert (task["task"], task["status"]) == (answer.json()["task"], "queued")

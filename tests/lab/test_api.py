"""Experiments over the API: asked for, followed, cancelled, tried again; each sees their own."""

import json
import uuid

import pytest
from django.utils import timezone

from lab import report, runs, scenario, shards, work
from lab.models import Run

pytestmark = pytest.mark.django_db
SHAPE = {"id", "status", "progress", "scenario", "seed", "report"}
ARMS = """name = "Two"\n[[arms]]\nname = "one"\n[[arms]]\nname = "other"\n"""


@pytest.fixture(autouse=True)
def known_pace(monkeypatch):
    monkeypatch.setattr(work, "_measured", True)


@pytest.fixture
def asked(call, alice, text):
    return call(alice).at("post", "lab/runs/", {"scenario": text}).json()


def test_a_run_is_asked_for_followed_and_read(call, alice, asked, text):
    assert set(asked) > SHAPE and (asked["status"], asked["progress"], asked["report"]) == ("waiting", 0, None)
    work.work()
    found = call(alice).at("get", f"lab/runs/{asked['id']}/").json()
    wanted = scenario.read(text)
    assert (found["status"], found["progress"], found["scenario"]) == ("done", 1, text)
    told = report.report(wanted, [shards.replication(wanted, number) for number in (0, 1)])
    assert found["report"] == json.loads(json.dumps(told))


def test_a_ready_scenario_is_asked_for_by_its_name_and_changed(call, alice):
    wish = {"scenario": "five_caps", "seed": 9, "members": 5_000, "days": 30, "replications": 2}
    found = call(alice).at("post", "lab/runs/", wish).json()
    assert found["scenario"] == scenario.ready()["five_caps"].read_text()
    assert {name: found[name] for name in runs.CHANGES} == {name: wish[name] for name in runs.CHANGES}


def test_the_same_key_asks_once(call, alice, text):
    first, again = (
        call(alice).at("post", "lab/runs/", {"scenario": text}, HTTP_IDEMPOTENCY_KEY="one") for _ in range(2)
    )
    assert first.json() == again.json() and again.headers["Idempotent-Replayed"] == "true"
    assert Run.objects.count() == 1


@pytest.mark.parametrize(
    ("wish", "field", "sentence"),
    [
        ({}, "scenario", "required"),
        ({"scenario": ""}, "scenario", "blank"),
        ({"scenario": f"\n\ndays = 3.5\n{ARMS}"}, "scenario", "Line 3: "),
        ({"scenario": "no_such_one"}, "scenario", "no ready scenario called 'no_such_one'"),
        ({"scenario": "name = 'x'\nname = 'y'\n"}, "scenario", "Line 2: This is not TOML"),
        ({"scenario": "x = " + "[" * 9_999}, "scenario", "nested too deeply"),
        ({"scenario": "x" * 60_000}, "scenario", "At most 50000"),
        ({"scenario": "\n" * 200_000 + "x"}, "scenario", "At most 50000"),
        ({"scenario": "five_caps", "seed": -1}, "seed", "from 0"),
        ({"scenario": "five_caps", "members": 999}, "members", "from 1,000"),
        ({"scenario": "five_caps", "days": True}, "days", "whole number"),
        ({"scenario": "five_caps", "owner": "bob"}, "owner", "no such field"),
    ],
)
def test_bad_input_is_refused_by_its_field(call, alice, wish, field, sentence):
    answer = call(alice).at("post", "lab/runs/", wish)
    assert answer.status_code == 400 and list(answer.json()) == [field]
    assert sentence in answer.json()[field][0] and len(answer.json()[field][0]) <= 500


def test_a_fourth_run_is_refused(call, alice, text):
    answers = [call(alice).at("post", "lab/runs/", {"scenario": text}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 422]
    assert answers[-1].json()["refusals"][0]["code"] == "too_many_runs"


def test_each_sees_their_own(call, alice, bob, admin, asked):
    address = f"lab/runs/{asked['id']}/"
    for act in (("get", address), ("post", f"{address}cancel/"), ("post", f"{address}retry/")):
        assert call(bob).at(*act).status_code == 404
    assert call(admin).at("get", address).status_code == 200
    assert [len(call(one).at("get", "lab/runs/").json()["results"]) for one in (alice, bob, admin)] == [1, 0, 0]
    assert call(alice).at("get", f"lab/runs/{uuid.uuid4()}/").status_code == 404


def test_a_run_is_cancelled_once_and_for_all(call, alice, asked):
    cancelled = [call(alice).at("post", f"lab/runs/{asked['id']}/cancel/") for _ in range(2)]
    assert [answer.json()["status"] for answer in cancelled] == ["cancelled", "cancelled"]
    assert cancelled[0].json()["finished_at"] == cancelled[1].json()["finished_at"]


def test_a_failed_run_is_tried_again_and_no_other(call, alice, asked):
    address = f"lab/runs/{asked['id']}/retry/"
    refused = call(alice).at("post", address)
    assert (refused.status_code, refused.json()["refusals"][0]["code"]) == (422, "not_failed")
    Run.objects.update(status="failed", finished_at=timezone.now(), error="It was not to be.")
    again = call(alice).at("post", address).json()
    assert (again["status"], again["error"], again["finished_at"]) == ("waiting", "", None)


def test_a_list_is_short_and_asks_few_questions(call, alice, text, django_assert_max_num_queries):
    for _ in range(3):
        runs.submit(alice, text)
    work.work()
    client = call(alice)
    with django_assert_max_num_queries(4):
        rows = client.at("get", "lab/runs/").json()["results"]
    assert [(row["status"], row["report"]) for row in rows] == [("done", None)] * 3


def test_the_remaining_time_is_told_as_it_went_so_far(alice, text):
    run = runs.submit(alice, text)
    Run.objects.update(expected_seconds=30)
    assert Run.objects.with_progress().get().remaining_seconds == 30
    Run.objects.update(status="running", started_at=timezone.now() - timezone.timedelta(seconds=60))
    run.shards.filter(replication=0).update(at=1)
    assert Run.objects.with_progress().get().remaining_seconds == pytest.approx(60, abs=2)

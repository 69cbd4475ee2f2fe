"""Runs in the platform: asked for, lived part by part by whoever claims them, cancelled, failed, tried again."""

import json
import uuid
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from lab import departure, queue, report, runs, scenario, settling, shards, work
from lab.models import MAX_ATTEMPTS, Replication, Run, Shard

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def known_pace(monkeypatch):
    """What this process would measure first is of no interest here."""
    monkeypatch.setattr(work, "_measured", True)


@pytest.fixture
def large(alice, text):
    """Seven markets in two parts, in each of two replications."""
    few = text.replace("premium = 0.1", "premium = 0.0005")
    return runs.submit(alice, few, {"members": 7_000_000, "days": 2}, shards_each=2)


def alone(of: scenario.Scenario) -> str:
    """The report as the command makes it."""
    told = [shards.replication(of, number) for number in range(of.replications)]
    return json.dumps(report.report(of, told), ensure_ascii=False)


def lease_ends(shard: Shard) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE lab_shard SET free_at = now() - interval '1 second' WHERE id = %s", [shard.pk])


def test_a_run_says_what_the_command_says(run, text):
    work.work()
    run.refresh_from_db()
    assert (run.status, run.report_json) == ("done", alone(scenario.read(text)))
    assert run.report["replications"] == 2 and run.started_at <= run.finished_at


def test_what_was_summed_is_forgotten_when_it_is_told(run):
    work.work()
    work.tidy()
    assert not Replication.objects.exists() and not Shard.objects.exclude(sums=None).exists()


def test_changes_hold_instead_of_the_text(alice, text):
    run = runs.submit(alice, text, {"seed": 5, "members": 2_000, "replications": 3, "days": 10})
    wanted = replace(scenario.read(text), seed=5, members=2_000, replications=3, days=10)
    assert runs.scenario_of(run) == wanted and run.fingerprint == wanted.fingerprint
    assert run.shards.count() == 3


def test_a_part_is_claimed_by_one_and_by_another_when_its_lease_ends(run):
    first, second = queue.claim(), queue.claim()
    assert (first.replication, second.replication) == (0, 1) and queue.claim() is None
    lease_ends(first)
    again = queue.claim()
    assert again.pk == first.pk and again.attempts == 2
    assert queue.is_held(again) and not queue.is_held(first)


def test_who_has_lost_a_part_writes_nothing_more(run):
    first = queue.claim()
    lease_ends(first)
    again = queue.claim()
    assert not queue.keep(first, at=1, sums=b"wrong")
    queue.failed(first, ValueError("late"))
    queue.let_go(first)
    again.refresh_from_db()
    assert (again.at, again.sums, again.error, again.attempts) == (0, None, "", 2)


def test_a_part_goes_on_from_its_checkpoint(large):
    while shard := queue.claim():
        at = shard.at
        work.live(shard, 0.0)  # one market, then somebody else's turn
        shard.refresh_from_db()
        assert shard.at == at + 1 and shard.attempts <= 1
    settling.settle(large.pk)
    large.refresh_from_db()
    assert large.report_json == alone(runs.scenario_of(large))


def test_progress_is_what_is_done_of_all_markets(large):
    for _ in range(7):
        work.live(queue.claim(), 0.0)
    assert Run.objects.with_progress().get(pk=large.pk).progress == 7 / 14


def test_the_run_that_fewest_are_at_comes_first(alice, bob, text):
    long, short = runs.submit(alice, text), runs.submit(bob, text)
    assert [queue.claim().run_id for _ in range(4)] == [long.pk, short.pk, long.pk, short.pk]


def test_a_precise_run_ends_before_its_replications(alice, text):
    run = runs.submit(alice, text.replace("replications = 2", "replications = 9\nprecision = 0.9"))
    assert run.shards.count() == 2
    work.work()
    run.refresh_from_db()
    assert (run.status, run.report["replications"]) == ("done", 2)


def test_replications_are_added_one_at_a_time(alice, text):
    run = runs.submit(alice, text.replace("replications = 2", "replications = 4\nprecision = 0.0001"))
    found = []
    while shard := queue.claim():
        work.live(shard, 0.0)
        settling.settle(run.pk)
        found.append(run.shards.count())
    run.refresh_from_db()
    assert found == [2, 3, 4, 4] and run.report["replications"] == 4


def test_a_cancelled_run_is_claimed_by_nobody_and_keeps_nothing(run, alice):
    shard = queue.claim()
    assert runs.cancel(run, by=alice) and not runs.cancel(run, by=alice)
    assert queue.claim() is None and not queue.is_held(shard)
    assert not queue.keep(shard, at=1, sums=b"late")
    assert (run.status, run.cancelled_by) == ("cancelled", alice)


def test_a_part_that_fails_five_times_fails_its_run_until_it_is_tried_again(run):
    for _ in range(MAX_ATTEMPTS):
        shard = queue.claim()
        queue.failed(shard, ValueError("no such thing"))
        lease_ends(shard)
    work.tidy()
    run.refresh_from_db()
    assert run.status == "failed"
    assert run.error == "Part 1 of replication 1 failed 5 times; the last error: ValueError: no such thing"
    runs.try_again(run)
    work.work()
    run.refresh_from_db()
    assert (run.status, run.error) == ("done", "")


def test_a_part_that_kills_its_workers_fails_its_run(run):
    for _ in range(MAX_ATTEMPTS):
        lease_ends(queue.claim())
        Shard.objects.exclude(replication=0).delete()
    work.tidy()
    run.refresh_from_db()
    assert run.status == "failed" and queue.LOST in run.error


def test_what_comes_any_further_has_not_failed(large):
    lease_ends(queue.claim())
    for at in (1, 2):
        shard = queue.claim()
        assert (shard.at, shard.attempts) == (at - 1, 2)
        assert queue.keep(shard, at=at, sums=b"")
        lease_ends(shard)


def test_a_report_that_cannot_be_made_fails_its_run_and_can_be_tried_again(run, monkeypatch):
    monkeypatch.setattr(report, "report", lambda *_: 1 / 0)
    work.work()
    run.refresh_from_db()
    assert run.status == "failed" and "ZeroDivisionError" in run.error
    monkeypatch.undo()
    monkeypatch.setattr(work, "_measured", True)
    runs.try_again(run)
    work.work()
    run.refresh_from_db()
    assert run.status == "done"


def test_only_a_failed_run_is_tried_again(run):
    with pytest.raises(runs.Refused, match="not_failed"):
        runs.try_again(run)


def test_what_another_version_has_begun_and_left_begins_anew(large, text):
    work.live(queue.claim(), 0.0)
    Run.objects.update(version="another", created_at="2000-01-01T00:00Z")
    work.tidy()
    assert queue.claim() is None  # somebody of that version was at it a moment ago
    Shard.objects.update(free_at="2000-01-01T00:00Z")
    work.tidy()
    assert [shard.at - shard.first for shard in large.shards.all()] == [0, 0, 0, 0]
    assert queue.claim().run_id == large.pk


def test_a_fourth_run_waits_until_one_is_over(alice, text):
    first, *_ = (runs.submit(alice, text) for _ in range(3))
    with pytest.raises(runs.Refused, match="too_many_runs"):
        runs.submit(alice, text)
    runs.cancel(first, by=alice)
    assert runs.submit(alice, text).status == "waiting"


def test_of_many_runs_the_oldest_that_are_over_go(alice, text, monkeypatch):
    monkeypatch.setattr(runs, "MOST_KEPT", 2)
    made = [runs.submit(alice, text)]
    for _ in range(4):
        made.append(runs.submit(alice, text))
        runs.cancel(made[-1], by=alice)
    last = runs.submit(alice, text)
    assert list(Run.objects.order_by("id")) == [made[0], *made[-2:], last]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("premium = 0.1", "premium = 1.0\n[senders]\nvolumes = [[0, 1000.0], [1, 100000.0]]", "run_too_large"),
        ("replications = 2", "replications = 601", "run_too_large"),
        ("members = 3000", "members = 300_000_000", "run_too_long"),
    ],
)
def test_what_would_be_too_much_is_refused(alice, text, old, new, code, settings):
    settings.LAB_PROCESSES = 1
    work.Pace.objects.create(version=runs.version(), member_seconds=3e-4, inmail_seconds=1e-6)
    with pytest.raises(runs.Refused, match=code):
        runs.submit(alice, text.replace(old, new))


def test_who_leaves_takes_their_runs_along(run, bob, text):
    shard = queue.claim()
    kept = runs.submit(bob, text)
    departure.forget([run.owner_id])
    assert list(Run.objects.all()) == [kept]
    assert not queue.keep(shard, at=1, sums=b"late")


@pytest.mark.parametrize(
    "values",
    [
        {"status": "lost"},
        {"status": "done"},
        {"status": "running"},
        {"status": "cancelled"},
        {"report_json": "{}"},
        {"status": "failed", "finished_at": "2020-01-01T00:00Z"},
        {"shards_each": 65},
    ],
)
def test_the_database_refuses_a_run_that_cannot_be(run, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(**values)


@pytest.mark.parametrize(
    "values", [{"at": 2}, {"end": 0}, {"done_at": "2020-01-01T00:00Z"}, {"replication": 1}, {"first": 1}]
)
def test_the_database_refuses_a_part_that_cannot_be(run, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Shard.objects.filter(run=run, replication=0).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shard.objects.filter(run=run, replication=0).update(at=1, done_at="2020-01-01T00:00Z", claim=uuid.uuid4())

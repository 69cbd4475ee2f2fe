"""Real workers of the lab beside the test: any number of them, killed in mid-run, told to stop, never in the way."""

import json
import os
import signal
import time
from pathlib import Path

import pytest
from django.db import connection

from clock import timeline as clock
from config import serving
from config.celery import app
from inmail import messaging
from inmail.models import Inmail, Status
from lab import report, runs, shards
from lab.models import Pace, Shard
from lab.version import version
from tests.processes import begin, celery, environment, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 240.0  # seconds, in which a process may first have to compile
# The market is a million members: of so few senders in so few days it takes about a twentieth of a second.
WIDE = {"members": 64 << 20, "days": 2, "replications": 1}
LONG = {"members": 4_000_000, "days": 200, "replications": 100}


def few_senders(text):
    return text.replace("premium = 0.1", "premium = 0.0002")


class Workers:
    """As many as asked, each with one process, and the beat that rings for them."""

    def __init__(self):
        self.processes = []

    def start(self, number, *, queue="lab", **more):
        options = ("-Q", queue, "-c", "1", *serving.LAB, "--without-gossip", "--without-mingle", "--loglevel", "ERROR")
        for _ in range(number):
            name = f"{queue}{len(self.processes)}@%h"
            arguments = ("celery", "-A", "config", "worker", "-n", name, *options)
            self.processes.append(begin(*arguments, **more))

    def beat(self):
        self.processes.append(celery("beat", "--scheduler", "celery.beat:Scheduler", "--pidfile="))

    def kill(self):
        """kill -9 of them all, children included."""
        for process in self.processes:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            for pid in (process.pid, *map(int, children)):
                os.kill(pid, signal.SIGKILL)
            process.wait()
        self.processes.clear()


@pytest.fixture
def workers(transactional_db):
    Pace.objects.create(version=version(), member_seconds=1e-8, inmail_seconds=1e-6)  # nobody measures it now
    workers = Workers()
    yield workers
    workers.kill()


def status(run):
    run.refresh_from_db()
    return run.status


def is_done(run) -> bool:
    assert status(run) in ("waiting", "running", "done"), run.error
    return run.status == "done"


@pytest.fixture(scope="module")
def expected():
    """The report of the wide world, lived here in one go; made once."""
    found = {}

    def expected(run):
        if not found:
            wanted = runs.scenario_of(run)
            told = [shards.replication(wanted, number) for number in range(wanted.replications)]
            found["report"] = json.dumps(report.report(wanted, told), ensure_ascii=False)
        return found["report"]

    return expected


@pytest.mark.parametrize(("number", "parts"), [(1, 1), (2, 7), (4, 64)])
def test_any_number_of_workers_and_parts_gives_the_same_bytes(workers, alice, text, expected, number, parts):
    run = runs.submit(alice, few_senders(text), WIDE, shards_each=parts)
    workers.start(number)
    workers.beat()
    wait_for(lambda: is_done(run), seconds=PATIENCE)
    assert run.shards.count() == parts
    assert run.report_json == expected(run)


def lived() -> int:
    return sum(shard.at - shard.first for shard in Shard.objects.all())


def test_what_killed_workers_were_at_goes_on_to_the_same_bytes(workers, alice, text, expected):
    run = runs.submit(alice, few_senders(text), WIDE, shards_each=3)
    for part in range(1, 4):
        workers.start(1, LAB_LEASE="2")
        workers.beat()
        wait_for(lambda part=part: lived() > 12 * part, seconds=PATIENCE)
        workers.kill()
        assert status(run) == "running"
    workers.start(2, LAB_LEASE="2")
    workers.beat()
    wait_for(lambda: is_done(run), seconds=PATIENCE)
    assert run.report_json == expected(run)


def test_a_cancelled_run_stops_within_two_seconds(workers, alice, text):
    run = runs.submit(alice, text, LONG)
    workers.start(1)
    wait_for(lambda: Shard.objects.exclude(claim=None).exists(), seconds=PATIENCE)
    time.sleep(1.0)
    asked = time.monotonic()
    assert runs.cancel(run, by=alice)
    next_run = runs.submit(alice, text)
    wait_for(lambda: Shard.objects.filter(run=next_run).exclude(claim=None).exists() or is_done(next_run))
    assert time.monotonic() - asked < 2
    assert status(run) == "cancelled" and not Shard.objects.filter(run=run).exclude(sums=None).exists()


def test_the_worker_that_run_py_starts_lives_runs_and_steps_back_for_others(transactional_db, alice, text, tmp_path):
    known = environment(PYTHONUNBUFFERED="1")
    child = next(one for one in serving.processes(known, 1, tmp_path) if one.name == "worker-lab")
    child.launch()
    try:
        low = min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)
        wait_for(lambda: os.getpriority(os.PRIO_PROCESS, child.process.pid) == low)
        run = runs.submit(alice, text)
        wait_for(lambda: is_done(run), seconds=PATIENCE)
    finally:
        child.ask()
        child.finish()


@pytest.fixture
def cast(cast_with_plans):
    return cast_with_plans


def write(live, sender, recipient):
    letter = messaging.Letter("consulting_offer", "A question", "We need a week of your advice.")
    with clock.moment(live) as at:
        return messaging.send(live, sender, recipient, letter, at=at)


def test_a_delivery_never_waits_for_the_lab(workers, live, alice, carol, text):
    run = runs.submit(alice, text, LONG)
    workers.start(1)
    workers.start(1, queue="delivery")
    wait_for(lambda: Shard.objects.exclude(claim=None).exists() and app.control.ping(timeout=0.3), seconds=PATIENCE)
    sent = write(live, alice, carol)
    asked = time.monotonic()
    wait_for(lambda: Inmail.objects.get(pk=sent.inmail_id).status == Status.DELIVERED)
    assert time.monotonic() - asked < 5 and status(run) == "running"
    with connection.cursor() as cursor:  # nor is a transaction open while a market is lived
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND xact_start < now() - interval '1 second'"
        )
        assert cursor.fetchone() == (0,)

"""F23-F24: tasks that come up to three times, late and in any order; some that kill, and messages without sense."""

import json
import os
import random
import signal
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import WaitingMail
from clock import advances
from clock import timeline as clock
from config.celery import app
from inmail import jobs
from inmail.models import Heartbeat, Inmail, Job, Status
from tests.faults.pauses import GATE, held, trigger
from tests.faults.running import free_port
from tests.faults.test_mail import address_of, ask_for_a_new_password, mail_server
from tests.faults.test_time import is_done
from tests.faults.test_workers import long_busy
from tests.processes import begin, end, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
GARBAGE = [b"no JSON at all", b"{}", b'{"body": "?", "headers": 1}', b'"\xff\xfe"', b"[" * 5_000]


@pytest.mark.fault("F23", "bells of deliveries 1-3 times, shuffled, delayed", "laws hold, nothing twice", fast=True)
def test_bells_that_come_several_times_late_and_in_any_order_have_one_effect(platform, world, load, figures, turn=1):
    platform.stop("worker-delivery")
    load.send_all(world.pairs(80))
    luck = random.Random(turn)
    with platform.broker as broker:
        bells = broker.lrange("delivery", 0, -1)
        broker.delete("delivery")
        many = [bell for bell in bells for _ in range(luck.randint(1, 3))]
        luck.shuffle(many)
        late = many[: len(many) // 3]
        broker.lpush("delivery", *many[len(late) :])
        assert len(bells) >= 80
        delayed = threading.Timer(2, lambda: broker.lpush("delivery", *late))
        delayed.start()
        platform.start("worker-delivery")
        figures.recover(time.monotonic())
        delayed.join()
        wait_for(lambda: broker.llen("delivery") == 0)
    assert figures.check(recovery=15, longest=3).delivered == 80


def ours() -> set[str]:
    """Every task of the platform; that of the lab, which sends nothing, is tried in tests/lab/test_workers.py."""
    app.loader.import_default_modules()
    return {name for name in app.tasks if not name.startswith(("celery.", "lab."))}


def waiting(broker) -> dict[str, list[dict]]:
    """The messages of each queue."""
    return {queue: [json.loads(bell) for bell in broker.lrange(queue, 0, -1)] for queue in ("delivery", "clock")}


def names(broker) -> set[str]:
    return {bell["headers"]["task"] for bells in waiting(broker).values() for bell in bells}


def shake(broker, luck: random.Random) -> threading.Timer:
    """Each message one to three times, in any order, a third of them two seconds late; no delay makes one void."""
    late = {}
    for queue, bells in waiting(broker).items():
        many = [lasting(bell) for bell in bells for _ in range(luck.randint(1, 3))]
        luck.shuffle(many)
        late[queue] = many[: len(many) // 3]
        broker.delete(queue)
        broker.lpush(queue, *many[len(late[queue]) :])
    return threading.Timer(2, lambda: [broker.lpush(queue, *bells) for queue, bells in late.items()])


def lasting(bell: dict) -> str:
    return json.dumps(bell | {"headers": bell["headers"] | {"expires": None}})


@pytest.mark.fault("F23", "every task of ours 1-3 times, shuffled, delayed", "each has one effect, nothing twice")
def test_every_task_that_comes_several_times_has_one_effect(platform, world, load, figures, turn=1):
    platform.stop("worker-delivery", "worker-clock")
    at, began, port = clock.now(world.live), time.monotonic(), free_port()
    with mail_server(port) as taken, platform.broker as broker:
        platform.start("web", EMAIL_URL=f"smtp://127.0.0.1:{port}")
        load.warm_up(world.senders[0].handle)  # a web process that is new has its code to load
        ask_for_a_new_password(platform, address_of(world.senders[0]))
        load.send_all(world.pairs(80))
        wish = advances.request(world.live, until=at + timedelta(days=1))
        app.send_task("inmail.prune")
        wait_for(lambda: names(broker) == ours())
        delayed = shake(broker, random.Random(turn))
        delayed.start()
        platform.start("worker-delivery", "worker-clock", EMAIL_URL=f"smtp://127.0.0.1:{port}")
        figures.recover(time.monotonic())
        delayed.join()
        wait_for(lambda: is_done(wish) and taken and not names(broker) & {"inmail.deliver", "inmail.prune"})
    assert (len(taken), WaitingMail.objects.count(), Heartbeat.objects.count()) == (1, 0, 2)
    passed = clock.now(world.live) - at
    assert timedelta(days=1) <= passed <= timedelta(days=1, seconds=time.monotonic() - began + 2)
    assert figures.check(recovery=15, longest=3).delivered == 80


def message(task: str) -> bytes:
    """As Celery writes it, for a task that this version does not have."""
    body = "W1tdLCB7fSwgeyJjYWxsYmFja3MiOiBudWxsLCAiZXJyYmFja3MiOiBudWxsLCAiY2hhaW4iOiBudWxsLCAiY2hvcmQiOiBudWxsfV0="
    info = {"exchange": "", "routing_key": "delivery"}
    properties = {"delivery_mode": 2, "delivery_info": info, "priority": 0, "body_encoding": "base64"}
    properties |= {"correlation_id": "x", "reply_to": "y", "delivery_tag": os.urandom(8).hex()}
    headers = {"lang": "py", "task": task, "id": "x", "retries": 0, "root_id": "x", "parent_id": None, "group": None}
    kind = {"content-encoding": "utf-8", "content-type": "application/json"}
    return json.dumps({"body": body, **kind, "headers": headers, "properties": properties}).encode()


@pytest.mark.fault("F24", "messages that make no sense among the tasks", "the others flow")
def test_a_poisonous_message_keeps_no_other_waiting(platform, world, load, figures):
    with platform.broker as broker:
        broker.rpush("delivery", *GARBAGE, message("inmail.of_the_future"))
        load.send_all(world.pairs(30))
        figures.recover(time.monotonic(), meanwhile=platform.look_after)
        wait_for(lambda: (platform.look_after(), broker.llen("delivery") == 0)[1], seconds=60)
    assert figures.check(recovery=15, longest=3).delivered == 30


def waiting_at_the_gate() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", [GATE]
        )
        return cursor.fetchone() != (0,)


@pytest.mark.fault("F24", "an InMail whose delivery kills its worker each time", "≤5 attempts, then dead; others flow")
def test_a_delivery_that_kills_its_worker_is_dead_after_five_attempts(platform, world, load, figures):
    *others, poison = world.pairs(31)
    body = f"PERFORM pg_advisory_xact_lock_shared({GATE})"
    killed = 0
    condition = f"new.length = {len('poison')}"
    with (
        trigger("inmail_outcome", "BEFORE INSERT", body, condition=condition),
        held("SELECT pg_advisory_lock(%s)", [GATE]),
    ):
        poisoned = load.send(*poison, body="poison")
        load.send_all(others)
        while not Job.objects.dead().exists():
            wait_for(lambda: waiting_at_the_gate() or Job.objects.dead().exists(), seconds=60)
            if stuck := long_busy(platform):
                os.kill(stuck[0], signal.SIGKILL)
                killed += 1
                wait_for(lambda: not waiting_at_the_gate())
    assert (Job.objects.get().attempts, Job.objects.get().error) == (jobs.MAX_ATTEMPTS, jobs.LOST)
    assert killed >= jobs.MAX_ATTEMPTS
    assert Inmail.objects.exclude(pk=poisoned.inmail_id).filter(status=Status.DELIVERED).count() == 30
    jobs.try_again(poisoned.inmail_id)
    figures.recover(time.monotonic())
    assert figures.check(recovery=15).delivered == 31


@pytest.mark.fault("F24", "an InMail whose delivery fails each time", "≤5 attempts, then dead; others flow")
def test_a_delivery_that_always_fails_is_dead_after_five_attempts(platform, world, load, figures):
    *others, poison = world.pairs(31)
    condition = f"new.length = {len('poison')}"
    with trigger("inmail_outcome", "BEFORE INSERT", "RAISE EXCEPTION 'poison'", condition=condition):
        poisoned = load.send(*poison, body="poison")
        load.send_all(others)
        wait_for(lambda: Inmail.objects.filter(status=Status.DELIVERED).count() == 30)
        wait_for(lambda: Job.objects.dead().exists(), seconds=120)
        job = Job.objects.get()
        assert (job.inmail_id, job.attempts) == (poisoned.inmail_id, jobs.MAX_ATTEMPTS)
        assert "poison" in job.error
    jobs.try_again(poisoned.inmail_id)
    figures.recover(time.monotonic())
    assert figures.check(recovery=15, longest=3).delivered == 31


@pytest.mark.fault("F24", "a task that kills its process each time", "≤5 runs, others flow")
def test_a_task_that_kills_its_process_runs_four_times_and_no_more(platform, tmp_path):
    runs, others = tmp_path / "runs", tmp_path / "others"
    worker = begin("celery", "-A", "tests.faults.poisoned", "worker", "-Q", "poison", "-c", "1", "-l", "CRITICAL")
    try:
        app.send_task("tests.poison", args=[str(runs)], queue="poison")
        app.send_task("tests.note", args=[str(others)], queue="poison")
        wait_for(lambda: runs.exists() and len(runs.read_text()) == 4 and others.exists(), seconds=60)
        time.sleep(3)
        assert (runs.read_text(), others.read_text()) == ("xxxx", "x")
    finally:
        end(worker)

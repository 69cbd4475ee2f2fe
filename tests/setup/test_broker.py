"""What is set against the known traps of Celery on Redis, as the connection and the tasks have it in earnest."""

import subprocess
import sys

import pytest
from django.conf import settings
from redis import Redis

from config import broker
from config.celery import app
from tests.processes import environment

OURS = ("inmail.", "clock.", "accounts.")
FORGETFUL = "allkeys-lru"


@pytest.fixture
def forgetful(servers):
    """A broker that drops keys when its memory is full."""
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.config_set("maxmemory-policy", FORGETFUL)
        yield
        redis.config_set("maxmemory-policy", "noeviction")


def test_a_message_is_held_longer_than_any_task_may_take_and_looked_for_each_second():
    with app.connection_for_read() as link:
        channel = link.default_channel
        assert (channel.unacked_restore_interval, channel.unacked_restore_throttle) == (1, 1)
        assert channel.visibility_timeout == app.conf.visibility_timeout > app.conf.task_time_limit
        assert (channel.socket_timeout, channel.socket_connect_timeout) == (2, 2)
    assert app.conf.result_backend_transport_options["visibility_timeout"] == app.conf.visibility_timeout


def test_every_task_of_ours_is_acknowledged_late_and_ends_after_few_lost_workers():
    app.loader.import_default_modules()
    tasks = [task for name, task in app.tasks.items() if name.startswith(OURS)]
    assert len(tasks) >= 6
    for task in tasks:
        assert task.acks_late and task.retry_on_worker_lost and not task.reject_on_worker_lost, task.name
        assert (task.max_retries, task.default_retry_delay, task.ignore_result) == (3, 0, True), task.name
        assert (task.time_limit or app.conf.task_time_limit) < app.conf.visibility_timeout, task.name


def test_a_worker_takes_one_message_at_a_time_and_waits_a_moment_before_it_goes():
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.worker_soft_shutdown_timeout > 0 and app.conf.worker_enable_soft_shutdown_on_idle


def test_a_broker_that_keeps_everything_is_taken_and_one_that_is_away_let_be(servers):
    broker.check(settings.REDIS_URL)
    broker.check("redis://127.0.0.1:1/0")


def test_no_worker_starts_on_a_broker_that_would_forget(forgetful):
    with pytest.raises(broker.WouldForget, match="noeviction"):
        broker.check(settings.REDIS_URL)
    worker = [sys.executable, "-m", "celery", "-A", "config", "worker", "-Q", "none", "-c", "1"]
    ended = subprocess.run(worker, env=environment(), cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60)
    assert ended.returncode != 0 and FORGETFUL in ended.stderr


@pytest.mark.django_db
def test_a_broker_that_would_forget_is_no_good_health(forgetful, client):
    found = client.get("/healthz").json()
    assert any("noeviction" in problem for problem in found["problems"])

"""F7-F11: the broker down, frozen, killed, emptied or full; every send is accepted at once and delivered soon after."""

import time

import pytest

from clock.doorbell import QUIET
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
SOON = "all accepted, delivered ≤15 s after, no request over 3 s"


def all_accepted(answers) -> bool:
    return [answer.word for answer in answers if answer.status != 201] == []


@pytest.mark.fault("F7", "broker down for 50 sends", SOON, fast=True)
def test_sends_to_a_broker_that_is_down_are_delivered_once_it_is_back(platform, world, load, figures):
    platform.servers.stop(platform.servers.valkey)
    assert all_accepted(load.send_all(world.pairs(50), threads=4))
    platform.start_server("valkey")
    figures.recover(time.monotonic(), meanwhile=platform.look_after)
    assert figures.check(recovery=15, longest=3).delivered == 50


@pytest.mark.fault("F8", "broker frozen (SIGSTOP) for 30 s", SOON)
def test_sends_to_a_frozen_broker_are_answered_soon_and_delivered_after(platform, world, load, figures):
    with platform.frozen(platform.process_of("valkey")), load.in_background(world.pairs(500), pause=0.25):
        time.sleep(30)
    thawed = time.monotonic()
    figures.recover(thawed, meanwhile=platform.look_after)
    assert all_accepted(load.answers)
    assert figures.check(recovery=15, longest=3).delivered == len(load.answers) > 50


@pytest.mark.fault("F9", "broker killed -9 and restarted, nothing kept", SOON)
def test_a_broker_that_forgot_everything_costs_nothing(platform, world, load, figures, no_log):
    back = broker_killed_under_load(platform, world, load)
    figures.recover(back, meanwhile=platform.look_after)
    assert all_accepted(load.answers)
    figures.check(recovery=15, longest=3)


@pytest.mark.fault("F9", "broker killed -9 and restarted, its log kept", SOON)
def test_a_broker_that_remembers_rings_old_bells_to_no_harm(platform, world, load, figures, kept_log):
    back = broker_killed_under_load(platform, world, load)
    figures.recover(back, meanwhile=platform.look_after)
    assert all_accepted(load.answers)
    figures.check(recovery=15, longest=3)


@pytest.fixture
def kept_log(platform):
    """The broker with its append-only log, as in an installation."""
    yield from broker_with_log(platform, True)


@pytest.fixture
def no_log(platform):
    yield from broker_with_log(platform, False)


def broker_with_log(platform, durable: bool):
    before = platform.servers.valkey.durable
    platform.restart_broker(durable=durable)
    with platform.broker as broker:
        assert broker.config_get("appendonly") == {"appendonly": "yes" if durable else "no"}
    yield
    platform.restart_broker(durable=before)


def broker_killed_under_load(platform, world, load) -> float:
    """A queue with something in it, the kill, two seconds without, and sends all the while; when it was back."""
    worker = platform.children["worker-delivery"].process
    with load.in_background(world.pairs(400), threads=4):
        with platform.frozen(worker):
            wait_for(lambda: len(load.acknowledged) >= 10)
            platform.kill_server("valkey")
        time.sleep(2)
        platform.start_server("valkey")
        back = time.monotonic()
        wait_for(lambda: len(load.acknowledged) >= 60)
    return back


@pytest.mark.fault("F10", "FLUSHALL with a full queue", SOON)
def test_an_emptied_broker_costs_nothing(platform, world, load, figures):
    time.sleep(QUIET)  # web may still be quiet after the broker that an earlier test took away
    with (
        platform.frozen(platform.children["worker-delivery"].process),
        platform.frozen(platform.children["beat"].process),
    ):
        assert all_accepted(load.send_all(world.pairs(100)))
        with platform.broker as broker:
            assert broker.llen("delivery") > 50
            broker.flushall()
        emptied = time.monotonic()
    assert all_accepted(load.send_all(world.pairs(20)))
    figures.recover(emptied, meanwhile=platform.look_after)
    assert figures.check(recovery=15, longest=3).delivered == 120


@pytest.mark.fault("F11", "the broker's memory is full", SOON)
def test_a_full_broker_costs_nothing(platform, world, load, figures):
    with platform.broker as broker:
        broker.config_set("maxmemory", 1)
        assert all_accepted(load.send_all(world.pairs(50), threads=4))
        time.sleep(3)  # beat and the workers feel it too
        broker.config_set("maxmemory", 0)
    figures.recover(time.monotonic(), meanwhile=platform.look_after)
    assert figures.check(recovery=15, longest=3).delivered == 50

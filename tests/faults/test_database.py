"""F12-F16: the database dies, cuts everybody off, gives an act up or keeps it waiting; a yes was yes, a no is clean."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection

from inmail.models import Inmail, Outcome
from tests.faults.pages import Browser
from tests.faults.pauses import held, link, trigger, waiting_for_locks
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
HELD = 30 if os.environ.get("FAULT_ROWS") else 5  # seconds
CLEAN = "every acknowledged send present, others a clean 503"
RETRIED = "retried transparently, charged once"
WALLET = "SELECT 1 FROM inmail_wallet WHERE member_id = %s FOR UPDATE"
MEMBER = "SELECT 1 FROM accounts_member WHERE id = %s FOR UPDATE"
CUT_OFF = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
"""


@pytest.fixture
def durable(platform):
    """PostgreSQL writes to the disk as it does in earnest: then a commit that was acknowledged is kept."""
    before = platform.servers.postgres.durable
    if not before:
        restart_postgres(platform, durable=True)
    yield platform
    if not before:
        restart_postgres(platform, durable=before)


def restart_postgres(platform, *, durable: bool) -> None:
    connection.close()
    platform.servers.stop(platform.servers.postgres)
    platform.servers.postgres.durable = durable
    platform.start_server("postgres")


def sent_since(load, begun: float) -> int:
    return sum(1 for answer in list(load.answers) if answer.status == 201 and answer.begun > begun)


def settle(world, load, figures, since: float) -> None:
    """What was acknowledged ends, soon after `since`; then each other send is asked again under its key, for a yes."""
    recovery = figures.recover(since)
    people = {member.handle: member for member in [*world.senders, *world.recipients]}
    told_yes = {answer.key for answer in load.answers if answer.status == 201}
    others = [answer for answer in load.answers if answer.key not in told_yes]
    with ThreadPoolExecutor(8) as pool:
        again = pool.map(lambda one: load.insist(people[one.sender], people[one.recipient], key=one.key), others)
        assert {answer.status for answer in again} <= {201}
    figures.recover(time.monotonic())
    figures.counted.recovery = recovery


def is_clean(answer) -> bool:
    """A 503 that says when to come again, in words or on a page."""
    return answer.status == 503 and int(answer.headers["Retry-After"]) > 0 and bool(answer.body)


def all_clean(load) -> bool:
    return [answer for answer in load.answers if answer.status != 201 and not is_clean(answer)] == []


@pytest.mark.fault("F12", "PostgreSQL stopped at once (SIGQUIT) under load, restarted", CLEAN, fast=True)
def test_a_database_that_is_stopped_at_once_keeps_what_was_acknowledged(durable, world, load, figures):
    with load.in_background(world.pairs(600)):
        wait_for(lambda: len(load.acknowledged) >= 20)
        server = durable.process_of("postgres")
        server.send_signal(signal.SIGQUIT)
        server.wait()
        wait_for(lambda: load.errors)
        durable.start_server("postgres")
        back = time.monotonic()
        wait_for(lambda: sent_since(load, back) >= 20)
    assert all_clean(load), load.errors
    settle(world, load, figures, back)
    figures.check(recovery=15, longest=3)


@pytest.mark.fault("F13", "all backends terminated, five times, under load", CLEAN)
def test_those_who_are_cut_off_connect_again_and_nothing_is_lost(platform, world, load, figures):
    with load.in_background(world.pairs(600)):
        wait_for(lambda: len(load.acknowledged) >= 20)
        ended = 0
        for _ in range(5):
            with connection.cursor() as cursor:
                cursor.execute(CUT_OFF)
                ended += cursor.fetchone()[0]
            time.sleep(0.2)
        back = time.monotonic()
        wait_for(lambda: sent_since(load, back) >= 20)
    assert ended > 0 and all_clean(load), load.errors
    settle(world, load, figures, back)
    figures.check(recovery=15, longest=3)


@contextmanager
def tries(table: str, *, failing: int = 0, code: str = "40001"):
    """Each row into `table` is a try; the first so many end with that SQLSTATE. Yields how many there were."""
    fault = f"IF nextval('fault_tries') <= {failing} THEN RAISE EXCEPTION 'a test' USING ERRCODE = '{code}'; END IF"
    with link() as own, own.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE fault_tries")
        own.commit()
        try:
            with trigger(table, "BEFORE INSERT", fault):
                yield lambda: last_value("fault_tries")
        finally:
            cursor.execute("DROP SEQUENCE fault_tries")
            own.commit()


def last_value(sequence: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")
        return cursor.fetchone()[0]


def lose_a_deadlock(pair, send):
    """The answer of a send to one whose row a stranger holds, who then wants the sender's wallet."""
    sender, recipient = pair
    with held(MEMBER, [recipient.pk]) as stranger, ThreadPoolExecutor(1) as pool:
        sending = pool.submit(send)
        wait_for(lambda: waiting_for_locks("COMMIT"))
        with stranger.cursor() as cursor:  # the send waits longer, so that it notices the circle first
            cursor.execute(WALLET, [sender.pk])
        stranger.commit()
        return sending.result()


@pytest.mark.fault("F14", "deadlock of a send over the API with a stranger", RETRIED, fast=True)
def test_a_send_that_loses_a_deadlock_is_tried_again(platform, world, load, figures):
    (pair,) = world.pairs(1)
    with tries("inmail_inmail") as made:
        answer = lose_a_deadlock(pair, lambda: load.send(*pair))
        assert made() >= 2
    assert answer.status == 201
    figures.recover(answer.begun)
    assert figures.check(longest=3).delivered == figures.charged() == 1


@pytest.mark.fault("F14", "deadlock of a send by the page with a stranger", RETRIED)
def test_a_page_that_loses_a_deadlock_is_tried_again(platform, world, load, figures):
    (pair,) = world.pairs(1)
    browser = Browser(load, pair[0])
    form = browser.open(pair[1])
    with tries("inmail_inmail") as made:
        reply = lose_a_deadlock(pair, lambda: browser.post(pair[1], form))
        assert made() >= 2
    (answer,) = browser.remember(pair[1], reply)
    assert answer.status == 201, answer
    figures.recover(answer.begun)
    assert figures.check(longest=3).delivered == figures.charged() == 1


@pytest.mark.fault("F15", "a wallet row locked for 30 s", "503 within 3 s for its sender, others flow", fast=True)
def test_a_locked_wallet_holds_up_its_owner_alone(platform, world, load, figures):
    load.warm_up(world.senders[1].handle)
    pairs = world.pairs(800)
    mine = [pair for pair in pairs if pair[0] == world.senders[0]]
    with load.in_background([pair for pair in pairs if pair[0] != world.senders[0]], threads=3):
        with held(WALLET, [world.senders[0].pk]):
            until, refused = time.monotonic() + HELD, []
            while time.monotonic() < until:
                refused.append(load.send(*mine[len(refused)]))
        free = time.monotonic()
    assert all(is_clean(answer) for answer in refused), load.errors
    assert {answer.status for answer in load.answers if answer not in refused} == {201}
    assert sent_since(load, free - HELD) >= HELD
    assert not Inmail.objects.filter(sender=world.senders[0]).exists()
    settle(world, load, figures, free)
    figures.check(longest=3)


@pytest.mark.fault("F16", "serialization failure of a send, twice", RETRIED, fast=True)
def test_a_send_that_cannot_be_serialized_is_tried_again(platform, world, load, figures):
    first, second = world.pairs(2)
    with tries("inmail_inmail", failing=2) as made:
        answer = load.send(*first)
        assert made() == 3
    with tries("inmail_inmail", failing=1):
        browser = Browser(load, second[0])
        (pressed,) = browser.press(second[1], browser.open(second[1]))
    assert (answer.status, pressed.status) == (201, 201)
    figures.recover(pressed.begun)
    assert figures.check(longest=3).delivered == figures.charged() == 2


@pytest.mark.fault("F16", "serialization failure of every try of a send", CLEAN)
def test_a_send_that_can_never_be_serialized_is_told_so(platform, world, load, figures):
    first, second = world.pairs(2)
    browser = Browser(load, second[0])
    form = browser.open(second[1])
    with tries("inmail_inmail", failing=1_000):
        answers = [load.send(*first), *browser.press(second[1], form)]
    assert all(is_clean(answer) for answer in answers), answers
    assert figures.charged() == 0
    assert load.again(answers[0], first).status == 201
    assert [answer.status for answer in browser.press(second[1], form)] == [201]
    figures.recover(answers[1].begun)
    assert figures.check(longest=3).delivered == figures.charged() == 2


@pytest.mark.fault("F16", "serialization failure of a delivery, twice", "delivered once, ≤15 s")
def test_a_delivery_that_cannot_be_serialized_is_done_once(platform, world, load, figures):
    with tries("inmail_outcome", failing=2) as made:
        answers = load.send_all(world.pairs(10))
        figures.recover(answers[-1].begun)
        assert made() > 2
    assert figures.check(recovery=15, longest=3).delivered == Outcome.objects.count() == 10

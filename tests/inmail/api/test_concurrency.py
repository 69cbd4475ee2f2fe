"""Many at once, each on its own connection to a real database."""

import threading
import time
from collections import Counter
from contextlib import contextmanager

import pytest
from django.db import connections, transaction

from clock import timeline as clock
from inmail import audit, ledger
from inmail.models import IdempotencyKey, Inmail

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count, act):
    """What `act(i)` returned in each of `count` threads that began together."""
    answers, gate = [None] * count, threading.Barrier(count)

    def run(i):
        try:
            gate.wait()
            answers[i] = act(i)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@contextmanager
def in_another_session(act):
    """`act()` done in a transaction of another connection that stays open meanwhile."""
    done, over = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            act()
            done.set()
            over.wait(30)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    done.wait(10)
    yield
    over.set()
    thread.join()


def test_the_same_key_twenty_times_at_once_is_one_inmail_and_one_charge(call, alice, words, live):
    clients = [call(alice) for _ in range(20)]
    send = lambda i: clients[i].at("post", "inmails/", words, headers={"Idempotency-Key": "k"})  # noqa: E731
    answers = at_once(20, send)
    assert Counter(answer.status_code for answer in answers) == {201: 20}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert Inmail.objects.count() == 1
    assert ledger.balance(live, alice) == 24
    assert audit.ledger().holds


def test_without_a_key_twenty_at_once_are_one_inmail_all_the_same(call, alice, words, live):
    clients = [call(alice) for _ in range(20)]
    answers = at_once(20, lambda i: clients[i].at("post", "inmails/", words))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 422: 19}
    assert ledger.balance(live, alice) == 24


def test_while_the_first_still_runs_the_second_is_a_409(call, alice, words, live):
    def claim():
        IdempotencyKey.objects.create(member=alice, key="k", fingerprint="?", made_at=live.now_at)

    with in_another_session(claim):
        began = time.monotonic()
        answer = call(alice).at("post", "inmails/", words, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (409, "1")
    assert time.monotonic() - began < 6
    assert not Inmail.objects.exists()


def hold_the_clock(live):
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [clock.LOCK_SPACE, live.pk])


def test_while_the_clock_is_being_moved_a_sending_waits_and_then_is_a_503(call, alice, words, live):
    with in_another_session(lambda: hold_the_clock(live)):
        answer = call(alice).at("post", "inmails/", words)
    assert (answer.status_code, list(answer.json())) == (503, ["detail"])
    assert int(answer.headers["Retry-After"]) > 0
    assert not Inmail.objects.exists()


def test_a_page_says_so_too(client, alice, words, live):
    client.force_login(alice)
    with in_another_session(lambda: hold_the_clock(live)):
        answer = client.post("/members/carol/inmail/", words)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "<h1>" in answer.content.decode()
    assert not Inmail.objects.exists()


def test_buying_at_once_stays_within_the_months_limit(call, alice, live):
    clients = [call(alice) for _ in range(8)]
    answers = at_once(8, lambda i: clients[i].at("post", "credits/purchase/", {"quantity": 3}))
    assert Counter(answer.status_code for answer in answers) == {201: 3, 422: 5}
    assert ledger.balance(live, alice) == 34

"""Limits are counted by all processes together; a Valkey that is away, frozen or full holds up nobody."""

import json
import os
import signal
import time
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from redis import Redis

from config import counters
from tests.safety.conftest import request, say

LONGEST = 3.0  # seconds that a request may take, whatever Valkey does
FORM = "application/x-www-form-urlencoded"


def guess(site, handle, **lies):
    body = json.dumps({"handle": handle, "password": "wrong"}).encode()
    return say(site, request("POST", "/api/v1/token/", body, Content_Type="application/json", **lies))


def in_one_minute(number: int) -> None:
    """Counting begins anew with each minute: wait for the next when this one nearly ends."""
    if time.time() % 60 > 60 - number:
        time.sleep(60.5 - time.time() % 60)


def test_two_processes_count_together_and_believe_no_header(site):
    in_one_minute(10)
    answers = [guess(site, "shared", X_Forwarded_For=f"10.0.0.{number}") for number in range(12)]
    assert [answer.status for answer in answers] == [401] * 6 + [429] * 6
    assert all(0 < int(answer.headers["Retry-After"]) <= 60 for answer in answers[6:])
    assert list(json.loads(answers[6].text)) == ["detail"]


def test_signing_in_is_counted_by_all_processes_too(site):
    page = say(site, request("GET", "/accounts/login/"))
    token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    cookie = page.headers["Set-Cookie"].split(";")[0]
    body = f"csrfmiddlewaretoken={token}&login=nobody&password=wrong".encode()

    def sign_in(number):
        lies = {"X_Forwarded_For": f"10.0.0.{number}", "Content_Type": FORM, "Cookie": cookie}
        return say(site, request("POST", "/accounts/login/", body, **lies))

    answers = [sign_in(number) for number in range(36)]
    late = [answer for answer in answers if answer.status == 429]
    assert answers[0].status == 200 and late, [answer.status for answer in answers]
    assert 0 < int(late[0].headers["Retry-After"]) <= 60 and "Not so often" in late[0].text
    # Thirty an address and minute: two processes that counted for themselves would have let all pass.
    assert [answer.status for answer in answers[-3:]] == [429] * 3


@contextmanager
def frozen(servers):
    child = servers.children["valkey"].pid
    os.kill(child, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(child, signal.SIGCONT)


@contextmanager
def stopped(servers):
    servers.stop(servers.valkey)
    try:
        yield
    finally:
        servers.start(servers.valkey)


@contextmanager
def full(servers):
    with Redis.from_url(servers.valkey.url) as link:
        before = link.config_get("maxmemory")["maxmemory"]
        link.config_set("maxmemory", 1)
    try:
        yield
    finally:
        with Redis.from_url(servers.valkey.url) as link:
            link.config_set("maxmemory", before)


FAULTS = {"frozen": frozen, "stopped": stopped, "full": full}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_valkey_in_trouble_breaks_and_holds_up_no_request(servers, site, fault):
    handle = f"during-{fault.__name__}"
    in_one_minute(20)
    with fault(servers):
        answers = [guess(site, handle) for _ in range(20)]
    statuses = [answer.status for answer in answers]
    assert max(answer.seconds for answer in answers) < LONGEST
    # Each process counts for itself and lets six pass: twelve of twenty at most, in any order.
    assert set(statuses) == {401, 429} and 6 <= statuses.count(401) <= 12
    time.sleep(counters.PAUSE + 0.5)
    in_one_minute(10)
    again = [guess(site, f"after-{fault.__name__}").status for _ in range(9)]
    assert again == [401] * 6 + [429] * 3


@pytest.fixture
def broken(servers):
    """The cache of this process, as after a failure; well again at the end."""
    yield counters.breaker(servers.valkey.url)
    counters.breaker(servers.valkey.url).went_well()


def test_after_one_failure_nobody_else_waits(servers, broken):
    with frozen(servers):
        cache.get("anything")  # waits once
        began = time.monotonic()
        for number in range(100):
            cache.add(f"mark-{number}", 1, 5)
            assert cache.get(f"mark-{number}") == 1
        assert time.monotonic() - began < 0.5


def test_one_question_waits_no_longer_than_half_a_second(servers, broken):
    with frozen(servers):
        began = time.monotonic()
        assert cache.get("anything", "nothing") == "nothing"
        assert time.monotonic() - began < 3 * counters.PATIENCE


def test_what_was_kept_is_found_by_another_process_and_ends(servers, broken):
    broken.went_well()
    assert cache.add("mark", [1.5, "x"], 60) and not cache.add("mark", 2, 60)
    assert cache.get("mark") == [1.5, "x"]
    with Redis.from_url(servers.valkey.url) as link:
        (key,) = link.keys("cache:*:mark")
        assert (json.loads(link.get(key)), 0 < link.ttl(key) <= 60) == ([1.5, "x"], True)
    assert cache.delete("mark") and cache.get("mark") is None


def test_a_counter_begins_counts_and_never_lacks_an_end(servers, broken):
    broken.went_well()
    with pytest.raises(ValueError):
        cache.incr("count")
    assert cache.add("count", 1, 60) and [cache.incr("count"), cache.incr("count", 5)] == [2, 7]
    with Redis.from_url(servers.valkey.url) as link:
        assert all(link.ttl(key) > 0 for key in link.keys("cache:*"))
    cache.delete("count")


def test_nothing_that_valkey_holds_is_run(servers, broken):
    """As a pickle would be; JSON is only data."""
    broken.went_well()
    with Redis.from_url(servers.valkey.url) as link:
        link.set("cache:1:poison", b"\x80\x04cos\nsystem\n.", ex=30)
    with pytest.raises(ValueError):
        cache.get("poison")

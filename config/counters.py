"""The cache: counters and one-time marks that all processes share, kept in Valkey beside the broker's queues.

A Valkey that is away, frozen or full never breaks or holds up a request: each process then counts for itself.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from functools import cache
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)
PATIENCE = 0.25  # seconds for one answer; over a socket on this machine a count takes 0.3 ms (median; p99 1.3)
PAUSE = 10.0  # seconds until a Valkey that did not answer is asked again
INCREASE = "if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('INCRBY', KEYS[1], ARGV[1]) end"


class Plain:
    """Values as JSON: whoever can write to the broker must not be able to run code in the web process (pickle)."""

    def dumps(self, value: Any) -> bytes | int:
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


class Client(RedisCacheClient):
    def incr(self, key: str, delta: int) -> int:
        """In one question, and never a counter without an end."""
        found = self.get_client(key, write=True).eval(INCREASE, 1, key, delta)
        if found is None:
            raise ValueError(f"There is no key {key}.")
        return found


@cache
def client(server: str) -> Client:
    """One pool of connections a process: Django makes a cache for each thread."""
    limits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "retry": Retry(NoBackoff(), 0)}
    return Client([server], serializer=Plain, **limits)


class Shared(RedisCache):
    @property
    def _cache(self) -> Client:
        return client(self._servers[0])


class Breaker:
    """After a failure nobody asks for a while; then one asks, and the others go on only when that went well."""

    def __init__(self) -> None:
        self.until, self.lock = 0.0, threading.Lock()

    def may_ask(self) -> bool:
        if not self.until:
            return True
        with self.lock:
            if time.monotonic() < self.until:
                return False
            self.until = time.monotonic() + PAUSE
            return True

    def failed(self, error: Exception) -> None:
        log.warning("Counting in this process alone for %d seconds: %s", PAUSE, error)
        self.until = time.monotonic() + PAUSE

    def went_well(self) -> None:
        self.until = 0.0


@cache
def breaker(server: str) -> Breaker:
    return Breaker()


class Counters(BaseCache):
    """Valkey while it answers, else the memory of this process."""

    def __init__(self, server: str, params: dict) -> None:
        super().__init__(params)
        self.shared, self.own = Shared(server, params), LocMemCache("counters", params)
        self.breaker = breaker(server)

    def _ask(self, verb: str, *arguments) -> Any:
        if self.breaker.may_ask():
            try:
                found = getattr(self.shared, verb)(*arguments)
            except (RedisError, OSError) as error:
                self.breaker.failed(error)
            except ValueError:  # of `incr`: no such key, said by a Valkey that is well
                self.breaker.went_well()
                raise
            else:
                self.breaker.went_well()
                return found
        return getattr(self.own, verb)(*arguments)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask("add", key, value, timeout, version)

    def get(self, key, default=None, version=None):
        return self._ask("get", key, default, version)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        self._ask("set", key, value, timeout, version)

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask("touch", key, timeout, version)

    def delete(self, key, version=None):
        return self._ask("delete", key, version)

    def has_key(self, key, version=None):
        return self._ask("has_key", key, version)

    def incr(self, key, delta=1, version=None):
        return self._ask("incr", key, delta, version)

    def clear(self):
        """This process's own part; the other is the broker's database, which nobody may empty here."""
        self.own.clear()

"""What the broker must be: one that refuses a message when its memory is full, and never drops one that it took."""

from __future__ import annotations

import logging

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)
TIMEOUT = 2.0


class WouldForget(Exception):
    """The broker drops keys when its memory is full; the text says what to set."""


def check(url: str) -> None:
    """Raise `WouldForget` unless the broker's policy is `noeviction`. One that is away or will not say is let be."""
    try:
        with Redis.from_url(
            url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Retry(NoBackoff(), 0)
        ) as broker:
            policy = broker.config_get("maxmemory-policy").get("maxmemory-policy", "noeviction")
    except (RedisError, OSError) as problem:
        log.warning("The broker does not say what it does when its memory is full (%s).", problem)
        return
    if policy != "noeviction":
        raise WouldForget(
            f"The broker's maxmemory-policy is {policy}: when its memory is full it would drop work that waits. "
            "Set it to noeviction."
        )

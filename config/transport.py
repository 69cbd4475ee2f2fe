"""The road to the broker, on which a message without sense costs itself and not the worker that happened upon it."""

from __future__ import annotations

import logging

from kombu.transport import TRANSPORT_ALIASES, redis

log = logging.getLogger(__name__)
SENSELESS = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


class Channel(redis.Channel):
    def _brpop_read(self, **options):
        """As stock a text that is no message ends the worker, which then takes up the next one."""
        try:
            return super()._brpop_read(**options)
        except SENSELESS as error:
            log.error("a message without sense was dropped: %s", type(error).__name__)
            return True


class Transport(redis.Transport):
    Channel = Channel


def install() -> None:
    """Take this road to every broker of this kind."""
    for scheme in ("redis", "rediss", "redis+socket"):
        TRANSPORT_ALIASES[scheme] = "config.transport:Transport"

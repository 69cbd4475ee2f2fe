"""A beat for a queue that not everybody has a worker for: no bell joins many that nobody has heard.

Law: what is not taken up costs the broker a bounded room. One that does not answer is not asked for longer than usual.
"""

from __future__ import annotations

from celery.schedules import schedstate, schedule
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

MOST = 200  # more than a run rings for
TIMEOUT = 1.0


class WhileHeard(schedule):
    """Every so many seconds, unless `MOST` messages wait in `queue` of the broker at `url`."""

    def __init__(self, seconds: float, *, queue: str, url: str):
        super().__init__(seconds)
        self.queue, self.url = queue, url

    def is_due(self, last_run_at):
        found = super().is_due(last_run_at)
        return schedstate(False, found.next) if found.is_due and self._waiting() >= MOST else found

    def _waiting(self) -> int:
        once = Retry(NoBackoff(), 0)
        try:
            with Redis.from_url(self.url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=once) as broker:
                return broker.llen(self.queue)
        except (RedisError, OSError):
            return 0

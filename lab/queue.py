"""The parts of runs as a queue: one worker at a time has a part, and says again and again that it still has it.

Law: who claims a part writes its name into it and counts the attempt before the work; whatever is written afterwards
is written under that name only, so a worker that was thought dead changes nothing. No statement here waits for work.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import connection

from lab.models import MAX_ATTEMPTS, Shard
from lab.version import version

LOST = "WorkerLost: the worker died during each attempt."
MAX_ERROR = 300
ABANDONED = 60  # seconds after which workers of another version are taken to be gone

# First the runs that fewest workers are at, so that a short run never waits for a long one to end.
CLAIM = """
WITH busy AS (
    SELECT run_id, count(*) AS workers FROM lab_shard
    WHERE claim IS NOT NULL AND done_at IS NULL AND free_at > clock_timestamp() GROUP BY run_id
)
UPDATE lab_shard SET claim = %(claim)s, attempts = attempts + 1,
    free_at = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE id = (
    SELECT s.id FROM lab_shard s JOIN lab_run r ON r.id = s.run_id LEFT JOIN busy b ON b.run_id = s.run_id
    WHERE s.done_at IS NULL AND s.free_at <= clock_timestamp() AND s.attempts < %(most)s
        AND r.status IN ('waiting', 'running') AND r.version = %(version)s
    ORDER BY coalesce(b.workers, 0), s.run_id, s.replication, s.part LIMIT 1 FOR UPDATE OF s SKIP LOCKED)
RETURNING id
"""
START = "UPDATE lab_run SET status = 'running', started_at = clock_timestamp() WHERE id = %s AND status = 'waiting'"
HELD = """
SELECT EXISTS (SELECT FROM lab_shard s JOIN lab_run r ON r.id = s.run_id
    WHERE s.id = %(shard)s AND s.claim = %(claim)s AND r.status = 'running')
"""
RENEW = """
UPDATE lab_shard SET free_at = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE id = %(shard)s AND claim = %(claim)s
"""
# What comes any further has not failed: this attempt is the first again.
KEEP = """
UPDATE lab_shard s SET at = %(at)s, sums = %(sums)s, attempts = 1, error = '',
    free_at = clock_timestamp() + make_interval(secs => %(lease)s),
    done_at = CASE WHEN %(at)s = s."end" THEN clock_timestamp() END,
    claim = CASE WHEN %(at)s < s."end" THEN s.claim END
FROM lab_run r
WHERE s.id = %(shard)s AND s.claim = %(claim)s AND r.id = s.run_id AND r.status = 'running'
"""
LET_GO = """
UPDATE lab_shard SET claim = NULL, free_at = clock_timestamp(), attempts = greatest(attempts - 1, 0)
WHERE id = %(shard)s AND claim = %(claim)s
"""
# The pause doubles: 2, 4, 8, 16 seconds.
FAILED = """
UPDATE lab_shard SET claim = NULL, error = %(error)s,
    free_at = clock_timestamp() + make_interval(secs => 2 ^ least(attempts, 5))
WHERE id = %(shard)s AND claim = %(claim)s
"""
BURY = """
UPDATE lab_run r SET status = 'failed', finished_at = clock_timestamp(),
    error = format('Part %%s of replication %%s failed %%s times; the last error: %%s',
        s.part + 1, s.replication + 1, s.attempts, coalesce(nullif(s.error, ''), %(lost)s))
FROM lab_shard s
WHERE s.run_id = r.id AND r.status IN ('waiting', 'running') AND s.done_at IS NULL AND s.attempts >= %(most)s
    AND (s.claim IS NULL OR s.free_at <= clock_timestamp())
"""
FORGET = """
UPDATE lab_shard s SET sums = NULL, claim = NULL FROM lab_run r
WHERE r.id = s.run_id AND s.sums IS NOT NULL AND r.status IN ('done', 'cancelled')
"""
FORGET_FOLDED = (
    "DELETE FROM lab_replication f USING lab_run r WHERE r.id = f.run_id AND r.status IN ('done', 'cancelled')"
)
LEFT = """
SELECT r.id FROM lab_run r WHERE r.status IN ('waiting', 'running') AND r.version <> %(version)s
    AND r.created_at < clock_timestamp() - make_interval(secs => %(abandoned)s)
    AND NOT EXISTS (SELECT FROM lab_shard s WHERE s.run_id = r.id
        AND s.free_at > clock_timestamp() - make_interval(secs => %(abandoned)s))
"""
WAITING = """
SELECT EXISTS (SELECT FROM lab_shard s JOIN lab_run r ON r.id = s.run_id
    WHERE s.done_at IS NULL AND s.free_at <= clock_timestamp() AND s.attempts < %(most)s
        AND r.status IN ('waiting', 'running') AND r.version = %(version)s)
"""


def claim() -> Shard | None:
    """The next part that nobody is at, now ours, with its run; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, _values(claim=uuid.uuid4()))
        row = cursor.fetchone()
        if row is None:
            return None
        shard = Shard.objects.select_related("run").filter(pk=row[0]).first()
        if shard:  # its run may have been deleted meanwhile
            cursor.execute(START, [shard.run_id])
    return shard


def is_held(shard: Shard) -> bool:
    """Whether the part is still ours and its run still wanted."""
    return _ask(HELD, shard)


def renew(shard: Shard) -> None:
    """We are at it; nobody else needs to take it up."""
    _do(RENEW, shard)


def keep(shard: Shard, *, at: int, sums: bytes) -> bool:
    """A checkpoint: the markets before `at` came to `sums`. False when the part is not ours any more."""
    return _do(KEEP, shard, at=at, sums=sums)


def let_go(shard: Shard) -> None:
    """Somebody else may go on; this was no attempt."""
    _do(LET_GO, shard)


def failed(shard: Shard, error: BaseException) -> None:
    """Write down why; after a pause it is tried again, and the fifth time was the last."""
    text = (f"{type(error).__name__}: {error}".splitlines() or [""])[0][:MAX_ERROR]
    _do(FAILED, shard, error=text.replace("\0", ""))


def is_waiting() -> bool:
    """Whether there is a part that could be taken up now."""
    return _ask(WAITING)


def tidy() -> list[int]:
    """End the runs whose part failed for the fifth time and forget the sums of those that are over.

    Returns the runs that workers of another version have left.
    """
    with connection.cursor() as cursor:
        for statement in (BURY, FORGET, FORGET_FOLDED):
            cursor.execute(statement, _values(lost=LOST))
        cursor.execute(LEFT, _values(abandoned=ABANDONED))
        return [pk for (pk,) in cursor.fetchall()]


def _values(shard: Shard | None = None, **more) -> dict:
    known = {"lease": settings.LAB_LEASE, "most": MAX_ATTEMPTS, "version": version()}
    return known | ({"shard": shard.pk, "claim": shard.claim} if shard else {}) | more


def _do(statement: str, shard: Shard, **more) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, _values(shard, **more))
        return cursor.rowcount > 0


def _ask(statement: str, shard: Shard | None = None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, _values(shard))
        return cursor.fetchone()[0]

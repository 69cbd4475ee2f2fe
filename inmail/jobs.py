"""Attempts at delivery: counted before the work, with growing pauses, dead after five until staff decides.

Law: an attempt is committed before its work begins, and the work removes it in its own transaction; so a worker that
was killed has still counted, and nobody works twice on what was done.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from clock.models import Timeline
from inmail.models import Inmail, Job

MAX_ATTEMPTS = 5
SCORE = 20
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
LOST = "WorkerLost: the worker died during each attempt."
MAX_ERROR = 300
# The pause doubles: 2, 4, 8, 16 seconds; until then the attempt under way is not begun again by another worker.
_TAKE = """
WITH due AS ({due})
INSERT INTO inmail_job AS job (inmail_id, attempts, retry_at, error)
SELECT id, 1, %(now)s + interval '2 seconds', '' FROM due
ON CONFLICT (inmail_id) DO UPDATE
    SET attempts = job.attempts + 1, retry_at = %(now)s + make_interval(secs => 2 ^ (job.attempts + 1))
    WHERE job.dead_at IS NULL AND job.attempts < %(most)s AND job.retry_at <= %(until)s
RETURNING inmail_id
"""
TAKE_FRESH = _TAKE.format(
    due="""
    SELECT i.id FROM inmail_inmail i
    WHERE i.timeline_id = %(timeline)s AND i.status = 'queued' AND i.release_at <= %(until)s
        AND NOT EXISTS (SELECT FROM inmail_job j WHERE j.inmail_id = i.id)
    ORDER BY i.release_at, i.id LIMIT %(limit)s FOR UPDATE OF i SKIP LOCKED"""
)
TAKE_TRIED = _TAKE.format(
    due="""
    SELECT i.id FROM inmail_job j JOIN inmail_inmail i ON i.id = j.inmail_id
    WHERE i.timeline_id = %(timeline)s AND i.status = 'queued'
        AND j.dead_at IS NULL AND j.attempts BETWEEN %(least)s AND %(last)s AND j.retry_at <= %(until)s
    ORDER BY j.retry_at, i.id LIMIT %(limit)s FOR UPDATE OF i SKIP LOCKED"""
)
TAKE_THESE = _TAKE.format(
    due="""
    SELECT i.id FROM inmail_inmail i
    WHERE i.id = ANY(%(ids)s) AND i.status = 'queued' AND i.release_at <= %(until)s
    ORDER BY i.id FOR UPDATE OF i SKIP LOCKED"""
)
BURY = """
UPDATE inmail_job SET dead_at = %(now)s, error = coalesce(nullif(error, ''), %(lost)s) WHERE inmail_id IN (
    SELECT i.id FROM inmail_job j JOIN inmail_inmail i ON i.id = j.inmail_id
    WHERE j.dead_at IS NULL AND j.attempts >= %(most)s AND j.retry_at <= %(now)s AND i.status = 'queued'
    FOR UPDATE OF i SKIP LOCKED)
"""
CLEAR = "DELETE FROM inmail_job j USING inmail_inmail i WHERE i.id = j.inmail_id AND i.status <> 'queued'"


def take(timeline: Timeline, *, limit: int, until: datetime | None = None) -> list[int]:
    """Count the first attempt at up to `limit` InMails that are due by `until` (wall time, now); their ids."""
    return _take(TAKE_FRESH, until, timeline=timeline.pk, limit=limit)


def take_once_tried(timeline: Timeline) -> list[int]:
    """Count the second attempt at a score of those whose first came to nothing, mostly with a worker that died."""
    return _take(TAKE_TRIED, None, timeline=timeline.pk, least=0, last=1, limit=SCORE)


def take_often_tried(timeline: Timeline) -> list[int]:
    """Count one more attempt at the InMail that has waited longest since its last, alone: it may kill its worker."""
    return _take(TAKE_TRIED, None, timeline=timeline.pk, least=2, last=MAX_ATTEMPTS - 1, limit=1)


def take_these(ids: list[int], *, until: datetime | None = None) -> list[int]:
    """Count one more attempt at those of `ids` that are due by `until` and that nobody is at."""
    return _take(TAKE_THESE, until, ids=ids)


def _take(statement: str, until: datetime | None, **values) -> list[int]:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": now, "until": until or now, "most": MAX_ATTEMPTS} | values)
        return sorted(pk for (pk,) in cursor.fetchall())


def done(ids: list[int]) -> None:
    """Within the transaction of the work: nothing is left to try."""
    Job.objects.filter(pk__in=ids).delete()


def put_back(ids: list[int]) -> None:
    """An attempt that never got to the work is not counted; it may be made again in a second."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inmail_job SET attempts = attempts - 1, retry_at = %s WHERE inmail_id = ANY(%s)",
            [timezone.now() + timedelta(seconds=1), ids],
        )


def failed(inmail_id: int, error: Exception) -> None:
    """Write down why the attempt failed; the fifth was the last. Only the first line: the rest may quote the letter."""
    text = f"{type(error).__name__}: {error}".splitlines()[0][:MAX_ERROR]
    Job.objects.filter(pk=inmail_id).update(error=text)
    Job.objects.filter(pk=inmail_id, attempts__gte=MAX_ATTEMPTS).update(dead_at=timezone.now())


def tidy() -> None:
    """Bury what killed its worker for the fifth time, and forget what was undone between two attempts."""
    with connection.cursor() as cursor:
        cursor.execute(BURY, {"now": timezone.now(), "most": MAX_ATTEMPTS, "lost": LOST})
        cursor.execute(CLEAR)


def try_again(inmail_id: int) -> bool:
    """Give a dead job its five attempts anew; False when it is not dead."""
    dead = Job.objects.dead().filter(pk=inmail_id)
    return bool(dead.update(attempts=0, retry_at=timezone.now(), dead_at=None))


def waiting(timeline: Timeline) -> list[int]:
    """The queued InMails of the timeline that were tried and are not dead."""
    tried = Inmail.objects.on(timeline).queued().filter(job__dead_at=None, job__isnull=False)
    return list(tried.order_by("id").values_list("id", flat=True))

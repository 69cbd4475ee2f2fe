"""How the lab stands, in numbers read from the rows; wall time, the database's own."""

from __future__ import annotations

from django.db import connection

STANDING = """
SELECT count(*) FILTER (WHERE s.free_at <= clock_timestamp()),
    count(*) FILTER (WHERE s.claim IS NOT NULL AND s.free_at > clock_timestamp()),
    coalesce(extract(epoch FROM max(clock_timestamp() - s.free_at)), 0)
FROM lab_shard s JOIN lab_run r ON r.id = s.run_id
WHERE s.done_at IS NULL AND r.status IN ('waiting', 'running')
"""


def standing() -> dict[str, float]:
    """Parts that wait for a worker, parts that one is at, and for how many seconds the oldest has waited."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING)
        waiting, lived, oldest = cursor.fetchone()
    return {"waiting": waiting, "lived": lived, "oldest": max(0.0, float(oldest))}

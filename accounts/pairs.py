"""Degrees of many pairs at once, for work in bulk; the pages ask `network.degrees`."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

DEGREES = """
SELECT CASE
    WHEN EXISTS (SELECT FROM accounts_connection c WHERE c.member_id = p.a AND c.other_id = p.b) THEN 1
    WHEN EXISTS (SELECT FROM accounts_connection c JOIN accounts_connection d ON d.member_id = p.b
        AND d.other_id = c.other_id WHERE c.member_id = p.a) THEN 2
    WHEN EXISTS (SELECT FROM accounts_connection c JOIN accounts_connection m ON m.member_id = c.other_id
        JOIN accounts_connection d ON d.member_id = p.b AND d.other_id = m.other_id
        WHERE c.member_id = p.a) THEN 3
    END
FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS p(a, b, place) ORDER BY p.place
"""


def degrees(pairs: Sequence[tuple[int, int]]) -> list[int | None]:
    """For each pair of different member ids: 1, 2, 3, or None for out of network."""
    if not pairs:
        return []
    with connection.cursor() as cursor:
        cursor.execute(DEGREES, [[a for a, _ in pairs], [b for _, b in pairs]])
        return [degree for (degree,) in cursor.fetchall()]

"""Members in bulk for the benchmarks that need nothing of people but that they are there and know each other."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from accounts.models import Member

MEMBERS = """
INSERT INTO accounts_member (password, is_superuser, handle, first_name, last_name, headline, industry, country, place,
    about, open_to_work, simulated, joined_at, is_staff, language)
SELECT '!', false, %(stem)s || k, %(stem)s, k::text, 'Engineer', 'Research', 'IT', '', '', false, %(simulated)s,
    %(at)s, false, 'en'
FROM generate_series(1, %(count)s) AS k
"""

# Any two alike: each member reaches for some others, chosen by a fixed hash so that every run has the same graph.
CONNECTIONS = """
INSERT INTO accounts_connection (member_id, other_id, since)
SELECT DISTINCT least(a, b), greatest(a, b), %(at)s::timestamptz FROM (
    SELECT m.id AS a, (%(ids)s::bigint[])[1 + mod(abs(hashint8(m.id * 1000 + k)::bigint), %(count)s)] AS b
    FROM unnest(%(ids)s::bigint[]) AS m(id), generate_series(1, %(half)s) AS k) AS pair
WHERE a <> b
"""


def members(stem: str, count: int, *, at: datetime, simulated: bool = False) -> list[Member]:
    """So many new members, in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(MEMBERS, {"stem": stem, "count": count, "at": at, "simulated": simulated})
    return list(Member.objects.filter(first_name=stem).defer("search", "name_key").order_by("pk"))


def by_id(ids: list[int]) -> dict[int, Member]:
    return Member.objects.in_bulk(ids)


def connect(ids: list[int], *, degree: int, at: datetime) -> None:
    """Connect the members at random, so that each has about `degree` connections."""
    with connection.cursor() as cursor:
        cursor.execute(CONNECTIONS, {"ids": ids, "count": len(ids), "half": degree // 2, "at": at})


def analyse() -> None:
    """Let the planner know what is there, as autovacuum would in time."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")

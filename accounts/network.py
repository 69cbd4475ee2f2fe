"""Who knows whom: connections, degrees, what two members have in common.

Every edge stands twice (the database keeps the mirror row), so all questions read `member_id` first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import Connection, Group, Member

# `(x IN (…)) IS TRUE` keeps each set one hash table that is built at most once and only when it is needed.
# From a hub the 2nd degree is most of the network: there one looks from the asked towards the viewer.
DEGREES = """
WITH asked AS (SELECT unnest(%(asked)s::bigint[]) AS id),
first AS MATERIALIZED (SELECT other_id AS id FROM accounts_connection WHERE member_id = %(viewer)s),
second AS (SELECT c.other_id AS id FROM first JOIN accounts_connection c ON c.member_id = first.id),
near AS MATERIALIZED (
    SELECT a.id, CASE
        WHEN a.id = %(viewer)s THEN 0
        WHEN a.id IN (SELECT id FROM first) THEN 1
        WHEN EXISTS (SELECT FROM accounts_connection c
                     WHERE c.member_id = a.id AND (c.other_id IN (SELECT id FROM first)) IS TRUE) THEN 2
    END AS degree FROM asked a)
SELECT n.id, coalesce(n.degree, CASE WHEN CASE
    WHEN (SELECT count(*) FROM first) < %(hub)s
    THEN EXISTS (SELECT FROM accounts_connection c
                 WHERE c.member_id = n.id AND (c.other_id IN (SELECT id FROM second)) IS TRUE)
    ELSE EXISTS (SELECT FROM accounts_connection c WHERE c.member_id = n.id AND EXISTS (
                 SELECT FROM accounts_connection d WHERE d.member_id = c.other_id
                 AND (d.other_id IN (SELECT id FROM first)) IS TRUE OFFSET 0) OFFSET 0)
    END THEN 3 END)
FROM near n
"""
HUB = 50  # connections: from here on the other way is quicker, measured at 100,000 members

# The same as conditions on one member, for lists that show only those at one degree. OFFSET 0 keeps the
# planner from joining whole tables: what is asked of each candidate in turn ends with the page.
FIRST = "SELECT other_id FROM accounts_connection WHERE member_id = %s"
SECOND = (
    "SELECT c.other_id FROM accounts_connection f JOIN accounts_connection c ON c.member_id = f.other_id"
    " WHERE f.member_id = %s"
)
IS_FIRST = f"(accounts_member.id IN ({FIRST})) IS TRUE"
IS_SECOND = f"(accounts_member.id IN ({SECOND})) IS TRUE"
KNOWS = (
    "EXISTS (SELECT FROM accounts_connection c WHERE c.member_id = accounts_member.id"
    " AND (c.other_id IN ({})) IS TRUE OFFSET 0)"
)
KNOWS_FIRST, KNOWS_SECOND = KNOWS.format(FIRST), KNOWS.format(SECOND)
REACHES_FIRST = (
    "EXISTS (SELECT FROM accounts_connection c WHERE c.member_id = accounts_member.id AND EXISTS ("
    "SELECT FROM accounts_connection d WHERE d.member_id = c.other_id"
    f" AND (d.other_id IN ({FIRST})) IS TRUE OFFSET 0) OFFSET 0)"
)

THROUGH_ONE = """
SELECT ARRAY[m.other_id] FROM accounts_connection m
JOIN accounts_connection t ON t.member_id = %(b)s AND t.other_id = m.other_id
WHERE m.member_id = %(a)s LIMIT 1
"""
THROUGH_TWO = """
WITH theirs AS MATERIALIZED (SELECT other_id AS id FROM accounts_connection WHERE member_id = %(b)s)
SELECT ARRAY[m.other_id, c.other_id] FROM accounts_connection m JOIN accounts_connection c ON c.member_id = m.other_id
WHERE m.member_id = %(a)s AND c.other_id <> %(a)s AND (c.other_id IN (SELECT id FROM theirs)) IS TRUE LIMIT 1
"""


def hold(a: Member, b: Member) -> None:
    """Until the transaction ends, nobody else connects, invites or blocks these two."""
    list(Member.objects.select_for_update(no_key=True).filter(pk__in=[a.pk, b.pk]).order_by("pk").values("pk"))


def connect(a: Member, b: Member, *, at: datetime) -> bool:
    """`a` and `b` are connected from `at` on; False when they already were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_connection (member_id, other_id, since) VALUES (%s, %s, %s)"
            " ON CONFLICT (member_id, other_id) DO NOTHING",
            [a.pk, b.pk, at],
        )
        return cursor.rowcount > 0


def disconnect(a: Member, b: Member) -> bool:
    """`a` and `b` are no longer connected; False when they were not."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_connection WHERE member_id = %s AND other_id = %s", [a.pk, b.pk])
        return cursor.rowcount > 0


def connections(member: Member) -> QuerySet[Member]:
    """The active members at the 1st degree of `member`."""
    return Member.objects.active().filter(pk__in=Connection.objects.filter(member=member).values("other_id"))


def degree(a: Member, b: Member) -> int | None:
    """1, 2 or 3; None is out of network; 0 is oneself."""
    return degrees(a, [b])[b.pk]


def degrees(viewer: Member, members: Iterable[Member | int]) -> dict[int, int | None]:
    """The degree of each of `members` (members or their ids) as seen by `viewer`, by id, in one query."""
    asked = list({getattr(member, "pk", member) for member in members})
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(DEGREES, {"viewer": viewer.pk, "asked": asked, "hub": HUB})
        return dict(cursor.fetchall())


def at_degree(members: QuerySet[Member], viewer: Member, degree: int | None) -> QuerySet[Member]:
    """Those of `members` who are at `degree` as seen by `viewer`, without `viewer`; None is out of network."""
    members = members.exclude(pk=viewer.pk)
    if degree == 1:
        return members.filter(pk__in=Connection.objects.filter(member=viewer).values("other_id"))
    known = Connection.objects.filter(member=viewer)[:HUB].count()
    if known == 0:
        return members if degree is None else members.none()
    is_second, is_third = (IS_SECOND, KNOWS_SECOND) if known < HUB else (KNOWS_FIRST, REACHES_FIRST)
    conditions = {
        2: [(is_second, True), (IS_FIRST, False)],
        3: [(IS_FIRST, False), (is_second, False), (is_third, True)],
        None: [(IS_FIRST, False), (is_second, False), (is_third, False)],
    }[degree]
    for sql, wanted in conditions:
        condition = RawSQL(sql if wanted else f"NOT ({sql})", [viewer.pk], output_field=BooleanField())
        members = members.filter(condition)
    return members


def shared_connections(a: Member, b: Member, *, sample: int = 3) -> tuple[int, list[Member]]:
    """How many active members are connected to both, and the first few of them by name."""
    both = connections(a).filter(pk__in=Connection.objects.filter(member=b).values("other_id"))
    count = both.count()
    return count, list(both.order_by("name_key", "pk")[:sample]) if count and sample else []


def shared_groups(a: Member, b: Member) -> QuerySet[Group]:
    """The groups that both are in, by name."""
    return Group.objects.filter(memberships__member=a).filter(memberships__member=b).order_by("name", "pk")


def path(a: Member, b: Member) -> list[Member]:
    """One shortest way from `a` to `b`, both included; empty when `b` is out of network."""
    if Connection.objects.filter(member=a, other=b).exists():
        return [a, b]
    if _count(a) > _count(b):  # one looks from where there is less to look through
        return path(b, a)[::-1]
    for through in (THROUGH_ONE, THROUGH_TWO):
        with connection.cursor() as cursor:
            cursor.execute(through, {"a": a.pk, "b": b.pk})
            row = cursor.fetchone()
        if row and a.pk != b.pk:
            between = Member.objects.in_bulk(row[0])
            return [a, *(between[pk] for pk in row[0]), b]
    return []


def _count(member: Member) -> int:
    return Connection.objects.filter(member=member).count()

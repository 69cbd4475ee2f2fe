"""Loading many members and connections at once: COPY into temporary tables, then one statement each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import bulk
from accounts.edges import BadFile, Edges

MEMBER_COLUMNS = "position int, handle text, first_name text, last_name text, headline text"

NEW_MEMBERS = """
INSERT INTO accounts_member (handle, first_name, last_name, headline, simulated, joined_at, imported_by_id,
    password, is_superuser, is_staff, industry, country, place, about, open_to_work, language)
SELECT handle, first_name, last_name, headline, true, %(at)s, %(owner)s,
    %(password)s, false, false, '', '', '', '', false, 'en' FROM load_member ORDER BY position
ON CONFLICT (handle) DO NOTHING RETURNING id
"""

# Both directions; those that stand already are left out rather than met as conflicts.
NEW_CONNECTIONS = """
CREATE TEMPORARY TABLE load_edge ON COMMIT DROP AS
SELECT a.id AS one, b.id AS two, l.since
FROM load_connection l JOIN accounts_member a ON a.handle = l.a JOIN accounts_member b ON b.handle = l.b
WHERE NOT EXISTS (SELECT FROM accounts_connection c WHERE c.member_id = a.id AND c.other_id = b.id)
"""
BOTH_WAYS = """
INSERT INTO accounts_connection (member_id, other_id, since)
SELECT one, two, since FROM load_edge UNION ALL SELECT two, one, since FROM load_edge ORDER BY 1, 2
"""
ONE_WAY = """
INSERT INTO accounts_connection (member_id, other_id, since) SELECT one, two, since FROM load_edge
"""
MANY = 20_000

FOREIGN = """
SELECT m.handle FROM load_member l JOIN accounts_member m USING (handle)
WHERE NOT m.simulated OR m.imported_by_id IS DISTINCT FROM %s ORDER BY m.id LIMIT 1
"""


def load(
    members: Iterable[tuple[str, str, str, str]],
    pairs: Iterable[tuple[str, str, datetime]],
    *,
    at: datetime,
    owner: int | None = None,
) -> tuple[list[int], int]:
    """Make simulated members of (handle, first name, last name, headline) and connections of two handles.

    Who and what exists stays. Returns the ids of the new members and the number of new connections.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # The limits are for people who wait at a page; an import may take its time.
        cursor.execute("SET LOCAL statement_timeout = 0")
        rows = ((place, *member) for place, member in enumerate(members))
        _copy(cursor, "load_member", MEMBER_COLUMNS, rows)
        cursor.execute(FOREIGN, [owner])
        if row := cursor.fetchone():
            taken = _("The handle %(handle)s belongs to somebody else. Nothing was imported.")
            raise BadFile(taken % {"handle": row[0]})
        facts = {"at": at, "owner": owner, "password": UNUSABLE_PASSWORD_PREFIX}
        cursor.execute(NEW_MEMBERS, facts)
        made = [pk for (pk,) in cursor.fetchall()]
        _copy(cursor, "load_connection", "a text, b text, since timestamptz", pairs)
        connected = _connect(cursor)
        cursor.execute("DROP TABLE load_member, load_connection, load_edge")
    return made, connected


def _connect(cursor) -> int:
    cursor.execute("ANALYZE load_connection, accounts_member")
    cursor.execute(NEW_CONNECTIONS)
    connected = cursor.rowcount
    if connected < MANY:
        cursor.execute(ONE_WAY)  # the database adds the other
    else:
        with bulk.loading():
            cursor.execute(BOTH_WAYS)
    return connected


def network(edges: Edges, handles: dict[int, str], *, at: datetime) -> dict:
    """The members and connections of an edge list are on the platform; `handles` by id, else `n<id>`."""
    ids = edges.ids
    named = {one: handles.get(one, f"n{one}") for one in ids}
    if len(set(named.values())) < len(ids):
        raise BadFile(_("Two ids have the same handle. Nothing was imported."))
    members = ((named[one], _("Member"), str(one), "") for one in ids)
    since = at.isoformat()
    pairs = ((named[a], named[b], since) for a, b in edges.pairs)
    made, connected = load(members, pairs, at=at)
    analyse()
    return {"members": len(made), "connections": connected, "skipped": edges.skipped}


def analyse() -> None:
    """Let the database look at what was loaded; and mark it as seen by all, for index-only reading."""
    with connection.cursor() as cursor:
        vacuum = "" if connection.in_atomic_block else "VACUUM "
        cursor.execute(f"{vacuum}ANALYZE accounts_member, accounts_connection")


def _copy(cursor, table: str, columns: str, rows: Iterable[tuple]) -> None:
    cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP")
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    text.seek(0)
    cursor.copy_expert(f"COPY {table} FROM STDIN WITH (FORMAT csv, NULL '\\N')", text)

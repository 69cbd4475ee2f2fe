"""Loading connections by the hundred thousand: the mirror trigger, foreign keys and indexes rest meanwhile.

Checked and built in sets at the end, which is ten times quicker than row by row. Readers of the network wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'accounts_connection'::regclass AND contype IN ('f', 'p', 'u') ORDER BY contype DESC, conname
"""


@contextmanager
def loading() -> Iterator[None]:
    """A transaction in which rows may be copied into `accounts_connection`, both directions of every edge,
    none of which stands already. What is wrong comes to light at the end, and then nothing was loaded."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '60s'")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the table "has pending trigger events"
        cursor.execute("LOCK TABLE accounts_connection IN ACCESS EXCLUSIVE MODE")
        cursor.execute(CONSTRAINTS)
        rules = cursor.fetchall()
        _alter(cursor, [f'DROP CONSTRAINT "{name}"' for name, _rule in reversed(rules)])
        _alter(cursor, ["DISABLE TRIGGER USER"])
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for name, rule in rules:
            _alter(cursor, [f'ADD CONSTRAINT "{name}" {rule}'])
        _alter(cursor, ["ENABLE TRIGGER USER"])
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _alter(cursor, acts: list[str]) -> None:
    cursor.execute("ALTER TABLE accounts_connection " + ", ".join(acts))

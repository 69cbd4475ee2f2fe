"""Work that only one process may do at a time: who comes second leaves. The lock ends with its holder's connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connection


@contextmanager
def or_not_at_all(space: int, key: int = 0) -> Iterator[bool]:
    """Whether this process alone holds the lock (`space`, `key`) while the block lasts; it does not wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [space, key])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with suppress(Error), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [space, key])

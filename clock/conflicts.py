"""Acts that got into each other's way: PostgreSQL gives up one of two that wait for each other; it may try again.

Law: what is tried again was rolled back whole.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import psycopg2
from django.db import DatabaseError, Error, InterfaceError, OperationalError, connection
from psycopg2 import errorcodes

TRIES = 3
PAUSE = 0.02  # seconds; doubled each time, so that the other side gets through
CONFLICTS = frozenset({errorcodes.SERIALIZATION_FAILURE, errorcodes.DEADLOCK_DETECTED})
# Connection lost (or no code at all), conflict, no room, lock, operator, disk: by SQLSTATE class.
TRANSIENT = ("08", "40", "53", "55", "57P", "58")
Result = TypeVar("Result")


def is_conflict(error: Exception) -> bool:
    """Whether the database gave this act up for another, with nothing done."""
    return isinstance(error, Error) and getattr(error.__cause__, "pgcode", None) in CONFLICTS


def broke_off(error: Exception) -> bool:
    """Whether the connection broke in the middle of an answer; of which psycopg2 then says nothing but that."""
    cause = error.__cause__
    return type(error) is DatabaseError and isinstance(cause, psycopg2.DatabaseError) and cause.pgcode is None


def is_away(error: Exception) -> bool:
    """Whether the database was not there, or not to the end."""
    return isinstance(error, OperationalError | InterfaceError) or broke_off(error)


def is_transient(error: Exception) -> bool:
    """Whether the database, not the work, stood in the way."""
    if broke_off(error):
        return True
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.__cause__, "pgcode", None)
    return code is None or code.startswith(TRANSIENT)


def is_locked(error: Exception) -> bool:
    """Whether somebody else held a lock for too long."""
    return isinstance(error, Error) and getattr(error.__cause__, "pgcode", None) == errorcodes.LOCK_NOT_AVAILABLE


def is_lost(error: Exception) -> bool:
    """Whether the connection broke, so that nobody here knows what became of the act."""
    if isinstance(error, OperationalError):
        code = getattr(error.__cause__, "pgcode", None)
        return (code is None or code.startswith(("08", "57P"))) and not connection.in_atomic_block
    return (isinstance(error, InterfaceError) or broke_off(error)) and not connection.in_atomic_block


def may_repeat(error: Exception) -> bool:
    """Whether the whole act can be done again here: a conflict, and no transaction around it that is broken now."""
    return is_conflict(error) and not connection.in_atomic_block


def again(act: Callable[[], Result]) -> Result:
    """What `act` returns, tried up to three times where it met a conflict."""
    for n in range(1, TRIES):
        try:
            return act()
        except Error as error:
            if not may_repeat(error):
                raise
            pause(n)
    return act()


def pause(n: int) -> None:
    """Wait before try number `n` + 1."""
    time.sleep(PAUSE * 2**n)

"""Puts a generated population into the database, in sets: people and graph by COPY, credits through the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO

import numpy as np
from django.db import connection

from clock.models import Timeline
from inmail import ledger, policy, terms
from inmail.models import Kind, Reason

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Load `rows` into `table` by COPY; None becomes NULL, lists become arrays."""
    text = StringIO()
    for row in rows:
        text.write("\t".join(map(_field, row)))
        text.write("\n")
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", text)


def copy_dated(table: str, columns: Sequence[str], ones: np.ndarray, others: np.ndarray, at: np.ndarray) -> None:
    """Load pairs of ids with an instant each, seconds since 1970 UTC, by COPY."""
    instants = np.datetime_as_string(at.astype("datetime64[s]")).tolist()
    rows = zip(ones.tolist(), others.tolist(), instants, strict=True)
    text = StringIO("".join(map("%d\t%d\t%sZ\n".__mod__, rows)))
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", text)


def _field(value) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool | np.bool_):
        return "t" if value else "f"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "{" + ",".join(value) + "}"
    return str(value).translate(_ESCAPES)


def analyze() -> None:
    """Tell the planner what the tables hold now, instead of waiting for the autovacuum."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def reserve_numbers(count: int) -> int:
    """Take `count` member numbers in a row; returns the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('accounts_member_numbers')")
        (first,) = cursor.fetchone()
        cursor.execute("SELECT setval('accounts_member_numbers', %s)", [first + count - 1])
    return first


def ids_of(first: int, count: int) -> np.ndarray:
    """The row ids of `count` members from the number `first` on, in the order of their numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM accounts_member WHERE number BETWEEN %s AND %s ORDER BY number", [first, first + count - 1]
        )
        return np.array([pk for (pk,) in cursor.fetchall()], dtype=np.int64)


def subscribe(timeline: Timeline, held: Sequence[tuple[int, str, int]], *, at: datetime) -> None:
    """Each (member id, plan, billing day) joins at `at`; what the plan gives is granted at once."""
    numbers = terms.at(timeline, at).plans
    copy(
        "inmail_subscription",
        ("timeline_id", "member_id", "plan", "billing_day", "since_at", "next_grant_at", "granted_this_period"),
        (
            (timeline.pk, member, plan, day, at, policy.next_billing(at, day), numbers[plan].monthly)
            for member, plan, day in held
        ),
    )
    ledger.post(
        timeline,
        [
            ledger.Draft(member, Kind.GRANT, numbers[plan].monthly, Reason.OPENING, at)
            for member, plan, _day in held
            if numbers[plan].monthly
        ],
    )

"""The cast of every test, the live timeline at noon, and a flush that the ledger's laws would refuse."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from accounts.models import Member
from clock import timeline
from inmail import cast as cast_of_members
from privacy import cast as cast_of_people
from tests.snapshot import Snapshot

NOON = datetime(2014, 6, 3, 12, tzinfo=UTC)
# The files of the slowest tests, which the processes of a test run begin with so that they end together.
LONGEST = """browser/test_story browser/test_pages lab/test_exactness lab/test_workers xss/test_pages xss/test_stored
    access/test_admin browser/test_docs_and_admin inmail/api/test_schemathesis safety/test_pages browser/test_sign_in
    safety/test_limits setup/test_launcher
    access/test_sight browser/test_api_live access/test_matrix operations/test_metrics accounts/test_real_graph
    browser/test_keyboard inmail/test_worker faults/test_database""".split()
_migrated: dict[str, str] = {}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    places = {str(Path(__file__).parent / f"{name}.py"): place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(str(item.path), len(places)))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Remember the rows that migrations made (policies, plans, permissions), and those of the cast."""
    with django_db_blocker.unblock():
        _migrated.update(rows_of_all_tables())
    with django_db_blocker.unblock():
        people = Snapshot("people", lambda: cast_of_people.assemble(NOON))
        members = Snapshot("members", lambda: cast_of_members.assemble(timeline.begin(at=NOON, seed=7), NOON))
    return people, members


@pytest.fixture
def noon():
    return NOON


@pytest.fixture
def live(db):
    return timeline.begin(name="live", at=NOON, speed=0, seed=7)


@pytest.fixture
def cast(django_db_setup, db):
    """The seven with what they accept."""
    people, _members = django_db_setup
    return cast_of_people.assemble(NOON) if Member.objects.exists() else people.cast()


@pytest.fixture
def cast_with_plans(django_db_setup, live):
    """The same with their plans and first credits on the live timeline."""
    _people, members = django_db_setup
    if live.now_at != NOON or Member.objects.exists():
        with transaction.atomic():
            return cast_of_members.assemble(live, live.now_at)
    return members.cast(live)


@pytest.fixture
def alice(cast):
    return cast["alice"]


@pytest.fixture
def bob(cast):
    return cast["bob"]


@pytest.fixture
def carol(cast):
    return cast["carol"]


@pytest.fixture
def dave(cast):
    return cast["dave"]


@pytest.fixture
def erin(cast):
    return cast["erin"]


@pytest.fixture
def frank(cast):
    return cast["frank"]


@pytest.fixture
def admin(cast):
    return cast["admin"]


def rows_of_all_tables() -> dict[str, str]:
    """By table, as COPY writes them; empty ones are left out."""
    kept = {}
    with connection.cursor() as cursor:
        for table in _tables(cursor):
            rows = StringIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', rows)
            if rows.getvalue():
                kept[table] = rows.getvalue()
    return kept


def put_back(kept: dict[str, str]) -> None:
    """Empty every table, then bring back these rows.

    The ledger refuses TRUNCATE, rightly; only here its triggers rest, inside one transaction.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        tables = _tables(cursor)
        _triggers(cursor, tables, "DISABLE")
        cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in tables))
        for table, rows in kept.items():
            cursor.copy_expert(f'COPY "{table}" FROM STDIN', StringIO(rows))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _triggers(cursor, tables, "ENABLE")


def _tables(cursor) -> list[str]:
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
        " ORDER BY tablename"
    )
    return [name for (name,) in cursor.fetchall()]


def _triggers(cursor, tables: list[str], act: str) -> None:
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table}" {act} TRIGGER USER')


# After a transactional test the rows that migrations made are there, and no others.
TransactionTestCase._fixture_teardown = lambda self: put_back(_migrated)

"""F27-F28: bells of another version, and migrations killed half way; the worker goes on, the next run ends well."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from config.celery import app
from inmail.models import Inmail
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
WAIT = 7_700_002  # an advisory lock at which the record of a migration waits
GATE = """
CREATE FUNCTION fault_wait() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock(7700002); RETURN new; END $$;
CREATE TRIGGER fault_wait BEFORE INSERT ON django_migrations FOR EACH ROW
    WHEN (new.app = 'accounts') EXECUTE FUNCTION fault_wait();
"""


# --- F27 ---------------------------------------------------------------------------------------------


@pytest.fixture
def unheard(platform, world, load):
    """Ten InMails of which no bell told: the broker takes none, and nobody asks for a sweep."""
    platform.children["beat"].process.send_signal(signal.SIGSTOP)
    with platform.broker as broker:
        broker.execute_command("ACL", "SETUSER", "default", "-lpush")
        try:
            answers = load.send_all(world.pairs(10))
        finally:
            broker.execute_command("ACL", "SETUSER", "default", "+lpush")
    assert Inmail.objects.queued().count() == 10
    return [answer.inmail_id for answer in answers]


def ring(task: str, *args, queue: str = "delivery", **named) -> None:
    app.send_task(task, args=args, kwargs=named, queue=queue, ignore_result=True)


@pytest.mark.fault("F27", "a bell of the next version, with arguments more", "tolerated, delivered", fast=True)
def test_what_a_next_version_says_besides_is_tolerated(platform, unheard, figures):
    began = time.monotonic()
    ring("inmail.deliver", unheard[0], "more", priority="high")
    figures.recover(began)
    assert figures.check(recovery=10).delivered == 10


@pytest.mark.fault("F27", "bells with an argument missing or wrong, unknown tasks", "worker goes on, swept", fast=True)
def test_bells_that_nobody_understands_stop_nobody(platform, unheard, world, load, figures):
    before = platform.pool("worker-delivery"), platform.pool("worker-clock")
    ring("inmail.deliver", "seven")
    ring("inmail.deliver")
    ring("inmail.deliver_all_of", unheard, version=2)
    ring("inmail.sweep", "more", thorough=True)
    ring("inmail.heartbeat", "worker", "more", since=1)
    ring("clock.advance", queue="clock")
    ring("clock.advance", "no number", "more", queue="clock")
    ring("clock.tick", "more", leap=True, queue="clock")
    platform.children["beat"].process.send_signal(signal.SIGCONT)
    began = time.monotonic()
    load.send_all(world.pairs(5))
    figures.recover(began)
    wait_for(lambda: "deliver_all_of" in platform.log("worker-delivery"))  # and there it says why nothing was done
    assert (platform.pool("worker-delivery"), platform.pool("worker-clock")) == before
    assert figures.check(recovery=15).delivered == 15


# --- F28 ---------------------------------------------------------------------------------------------


@pytest.fixture
def empty(servers, transactional_db):
    """An empty database and the environment in which `migrate` works on it."""
    name = f"fault_{os.urandom(4).hex()}"
    owner = psycopg2.connect(servers.postgres.url)
    owner.autocommit = True
    owner.cursor().execute(f"CREATE DATABASE {name}")
    yield Migrating(servers.postgres.url_of("inmail", name))
    owner.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")
    owner.close()


class Migrating:
    def __init__(self, url: str):
        self.url = url

    def begin(self, *arguments: str) -> subprocess.Popen:
        known = os.environ | {"DATABASE_URL": self.url, "DATABASE_LOCK_TIMEOUT": "30"}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", *arguments]
        return subprocess.Popen(command, env=known, cwd=settings.BASE_DIR, stderr=subprocess.PIPE, text=True)

    def ask(self, sql: str, *, keep: bool = False):
        """The first column of a statement's rows; with `keep`, the connection that holds what it took."""
        link = psycopg2.connect(self.url)
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(sql)
            rows = [row[0] for row in cursor.fetchall()] if cursor.description else []
        if keep:
            return link
        link.close()
        return rows

    def recorded(self) -> int:
        with suppress(psycopg2.errors.UndefinedTable):
            return self.ask("SELECT count(*) FROM django_migrations")[0]
        return 0

    def tables(self) -> list[str]:
        return self.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")


def is_complete(empty) -> bool:
    """Every migration is on record, and the tables are those of this test's own database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert empty.recorded() == cursor.fetchone()[0]
    return empty.tables() == sorted(set(connection.introspection.table_names()) - {"fault_delivery"})


def ends_well(process: subprocess.Popen) -> bool:
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return True


@pytest.mark.fault("F28", "migrate killed -9 after a third, after two thirds", "rerun succeeds")
@pytest.mark.parametrize("third", [1, 2])
def test_a_migrate_that_was_killed_is_run_again(empty, third):
    killed = empty.begin()
    wait_for(lambda: empty.recorded() >= 15 * third, seconds=90)
    killed.kill()
    killed.wait()
    assert ends_well(empty.begin()) and is_complete(empty)


@pytest.mark.fault("F28", "migrate killed -9 between a migration and its record", "rerun succeeds", fast=True)
def test_a_migration_without_its_record_was_never_there(empty):
    assert ends_well(empty.begin("contenttypes"))
    empty.ask(GATE)
    with empty.ask(f"SELECT pg_advisory_lock({WAIT})", keep=True):
        killed = empty.begin()
        waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
        wait_for(lambda: empty.ask(waits), seconds=90)
        killed.kill()
        killed.wait()
    wait_for(lambda: not empty.ask(waits))
    assert "accounts_member" not in empty.tables()
    empty.ask("DROP TRIGGER fault_wait ON django_migrations; DROP FUNCTION fault_wait()")
    assert ends_well(empty.begin()) and is_complete(empty)


@pytest.mark.fault("F28", "two migrates at once, the first killed -9", "the second succeeds")
def test_the_second_of_two_migrates_ends_what_the_first_began(empty):
    first = empty.begin()
    wait_for(lambda: empty.recorded() >= 2, seconds=90)
    second = empty.begin()
    wait_for(lambda: empty.recorded() >= 12, seconds=90)
    first.kill()
    first.wait()
    assert ends_well(second) and is_complete(empty)


@pytest.mark.fault("F28", "three migrates at once", "all succeed")
def test_migrates_at_once_take_turns(empty):
    with ThreadPoolExecutor(3) as pool:
        assert all(pool.map(ends_well, [empty.begin() for _ in range(3)]))
    assert is_complete(empty)

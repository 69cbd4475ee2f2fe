"""Points at which an act stands still, without hooks in the product: locks, temporary triggers, a mute broker."""

import socket
import threading
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.db import connection

GATE = 7_700_001  # the advisory lock that the temporary triggers ask for


def link():
    """A connection of the test's own to its database, outside Django's."""
    parts = urlsplit(settings.DATABASE_URL)
    return psycopg2.connect(urlunsplit(parts._replace(path="/" + connection.settings_dict["NAME"])))


@contextmanager
def held(statement: str, parameters=()):
    """Hold the locks that `statement` takes while the block lasts; yields the connection, to let go earlier."""
    holder = link()
    try:
        with holder.cursor() as cursor:
            cursor.execute(statement, parameters)
        yield holder
    finally:
        holder.close()


def waiting_for_locks(words: str = "") -> int:
    """How many statements of others, with these words in them, wait for a lock now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            " AND strpos(query, %s) > 0",
            [words],
        )
        return cursor.fetchone()[0]


@contextmanager
def trigger(table: str, when: str, body: str, *, condition: str = "true"):
    """A temporary trigger of the test: `when` as "AFTER INSERT", `body` in PL/pgSQL, for each row."""
    name = f"fault_{table}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {body}; RETURN coalesce(new, old); END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '30s'")
            cursor.execute(f"DROP TRIGGER {name} ON {table}")
            cursor.execute(f"DROP FUNCTION {name}()")
            cursor.execute("RESET lock_timeout")


@contextmanager
def gate(table: str, when: str, *, condition: str = "true"):
    """A trigger at which every act waits (as long as its own lock timeout) while the yielded connection is open."""
    body = f"PERFORM pg_advisory_xact_lock_shared({GATE})"
    with (
        trigger(table, when, body, condition=condition),
        held("SELECT pg_advisory_lock(%s)", [GATE]) as holder,
    ):
        yield holder


@contextmanager
def mute_broker():
    """The URL of a broker that takes connections and never says a word: what is told to it is told to nobody."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        heard: list[socket.socket] = []

        def listen():
            with suppress(OSError):
                while True:
                    heard.append(listener.accept()[0])

        threading.Thread(target=listen, daemon=True).start()
        try:
            yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for one in heard:
                one.close()

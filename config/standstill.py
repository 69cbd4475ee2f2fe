"""How long a request waits for the database: for locks together, and for a server that stands still.

Law: a request's waits for locks end within LOCKS seconds together; a database that answers nobody lets go of
nobody, so whoever waits for it is let go from here, and who comes meanwhile is told at once.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import threading
import time
from contextlib import closing, contextmanager, suppress

import psycopg2
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from psycopg2 import extensions

from config.busy import unavailable

log = logging.getLogger(__name__)
LOCKS = 2.0  # seconds that a request waits for locks, all together
LEAST = 0.05  # seconds that it waits for each, when those are over; a statement that took less has not waited
SUSPECT = 0.5  # seconds without an answer after which the database is asked how it is
PROBE = 1.0  # seconds that a new connection may take
LOOK = 0.25  # seconds between two looks
WATCHERS = ("/healthz", "/metrics")  # they want to see for themselves


class Standstill:
    """Middleware around everything that asks the database."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if guard.still and request.path_info not in WATCHERS:
            return unavailable(request, OperationalError("the database stands still"))
        with guard.watching(), connection.execute_wrapper(Locks()):
            return self.get_response(request)


class Locks:
    """Around each statement of a request: the longer those before it took, the shorter this one waits for a lock."""

    def __init__(self):
        self.left = LOCKS

    def __call__(self, execute, sql, params, many, context):
        if self.left < settings.LOCK_TIMEOUT and not many and isinstance(sql, str):
            sql = f"SET LOCAL lock_timeout = {max(self.left, LEAST) * 1000:.0f}; {sql}"
        began = time.monotonic()
        try:
            return execute(sql, params, many, context)
        finally:
            took = time.monotonic() - began
            if took > LEAST:
                self.left -= took


class Guard:
    """One of each process: who waits for the database, and a thread that looks after them."""

    def __init__(self):
        self.still = False
        self.waiting: dict[int, tuple[float, object]] = {}  # by thread: since when, and Django's connection
        self.lock = threading.Lock()
        self.process = None

    @contextmanager
    def watching(self):
        """The block in which this thread's connection is looked after."""
        thread = threading.get_ident()
        with self.lock:
            if self.process != os.getpid():  # the first request, or the first after a fork, which copies no threads
                self.process = os.getpid()
                threading.Thread(target=self.look_after, name="standstill", daemon=True).start()
            self.waiting[thread] = time.monotonic(), connections[DEFAULT_DB_ALIAS]
        try:
            yield
        finally:
            with self.lock:
                del self.waiting[thread]

    def look_after(self) -> None:
        while True:
            time.sleep(LOOK)
            try:
                self.look()
            except Exception:
                log.exception("The guard of the database's answers stumbled.")

    def look(self) -> None:
        """Ask the database how it is when somebody waits, or when it stood still; let go of all who wait in vain."""
        if not (self.still or self.suspects()):
            return
        still = not answers()
        if still != self.still:
            log.warning("The database stands still." if still else "The database answers again.")
        self.still = still
        if still:
            for link in filter(None, self.suspects()):
                let_go(link)

    def suspects(self) -> list:
        """The connections on which a request has been at work for long and now waits for the server; None if it still
        waits for a connection, which ends by itself."""
        limit = time.monotonic() - SUSPECT
        with self.lock:
            waiting = list(self.waiting.values())
        links = [django.connection for since, django in waiting if since < limit]
        return [link for link in links if link is None or is_waiting(link)]


guard = Guard()


def is_waiting(link) -> bool:
    """Whether a statement of this psycopg2 connection is under way."""
    return not link.closed and link.get_transaction_status() == extensions.TRANSACTION_STATUS_ACTIVE


def answers() -> bool:
    """Whether the database takes a new connection, or says why not, within PROBE seconds."""
    until = time.monotonic() + PROBE
    parameters = connection.get_connection_params() | {"async_": True}
    try:
        with closing(psycopg2.connect(**parameters)) as link:
            while (state := link.poll()) != extensions.POLL_OK:
                for_what = ([link], []) if state == extensions.POLL_READ else ([], [link])
                if not any(select.select(*for_what, [], max(0.0, until - time.monotonic()))):
                    return False
            return True
    except psycopg2.Error:  # away or full, and it tells everybody so
        return True


def let_go(link) -> None:
    """End the wait of a thread for this connection: to it, the server has hung up."""
    with suppress(OSError, psycopg2.Error):
        number = link.fileno()
        with socket.socket(fileno=os.dup(number)) as same:
            if is_waiting(link) and link.fileno() == number:  # still that connection, not a later one of this number
                same.shutdown(socket.SHUT_RDWR)

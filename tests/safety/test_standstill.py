"""A PostgreSQL that stands still lets go of nobody: the site does. Waits for several locks end together."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2
import pytest
from django.db import OperationalError, connection, transaction

from clock import conflicts
from config import standstill
from tests.processes import wait_for
from tests.safety.conftest import RATES, request, say, serving

LONGEST = 4.0  # seconds: suspicion, a look, a probe, and a machine that has other work
PAGE = request("GET", "/accounts/login/", Cookie="sessionid=0123456789abcdefghijklmnopqrstuv")
CALL = request("GET", "/api/v1/me/", Authorization="Token 0123456789abcdef")


@contextmanager
def standing_still(servers):
    """PostgreSQL with all its processes stopped by SIGSTOP while the block lasts."""
    parent = servers.children["postgres"].pid
    os.kill(parent, signal.SIGSTOP)  # first, so that it makes no further child
    stopped = [parent, *map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split())]
    for child in stopped[1:]:
        os.kill(child, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in stopped:
            with suppress(ProcessLookupError):  # one that was about to end
                os.kill(process, signal.SIGCONT)


@pytest.fixture(scope="module", params=["600", "0"], ids=["connected", "connecting"])
def site(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """The port of a site whose connections stay open as in production, or are made anew for each request."""
    folder = tmp_path_factory.mktemp("gunicorn")
    with django_db_blocker.unblock(), serving(folder, **RATES, DATABASE_CONN_MAX_AGE=request.param) as port:
        yield port


def test_a_database_that_stands_still_holds_up_nobody(servers, site):
    assert {say(site, PAGE).status for _ in range(16)} == {200}
    with ThreadPoolExecutor(8) as crowd:
        with standing_still(servers):
            began = time.monotonic()
            held = list(crowd.map(lambda ask: say(site, ask), [PAGE, CALL] * 4))
            after = [say(site, PAGE) for _ in range(4)]
            assert time.monotonic() - began < LONGEST * 3
        wait_for(lambda: {say(site, PAGE).status for _ in range(8)} == {200}, seconds=10)
    told = [(answer.status, "Retry-After" in answer.headers) for answer in held + after]
    assert set(told) == {(503, True)}
    assert max(answer.seconds for answer in held) < LONGEST and after[-1].seconds < 1.0


@pytest.mark.django_db
def test_the_longer_the_earlier_statements_took_the_shorter_a_lock_is_waited_for(settings):
    with transaction.atomic(), connection.cursor() as cursor, connection.execute_wrapper(standstill.Locks()):
        waits = []
        for seconds in (0, 1.0, 0.3, 0.3, 0.6):
            cursor.execute("SELECT pg_sleep(%s)", [seconds])
            cursor.execute("SHOW lock_timeout")
            waits.append(cursor.fetchone()[0])
    assert waits[0] == f"{settings.LOCK_TIMEOUT * 1000:.0f}ms"
    first, second, third, last = (int(wait.removesuffix("ms")) for wait in waits[1:])
    assert 1000 >= first > second > third > last == standstill.LEAST * 1000


@pytest.mark.django_db(transaction=True)
def test_a_wait_for_several_locks_ends_with_all_of_them_together():
    settings = connection.get_connection_params()
    with psycopg2.connect(**settings) as other, other.cursor() as elsewhere:
        elsewhere.execute("SELECT pg_advisory_lock(2)")
        with transaction.atomic(), connection.cursor() as cursor, connection.execute_wrapper(standstill.Locks()):
            cursor.execute("SELECT pg_sleep(1.96)")
            began = time.monotonic()
            with pytest.raises(OperationalError) as refused:
                cursor.execute("SELECT pg_advisory_lock(%s)", [2])
            transaction.set_rollback(True)
    assert conflicts.is_locked(refused.value) and time.monotonic() - began < 1.0

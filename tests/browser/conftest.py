"""A browser, the site as gunicorn serves it, and a worker with its beat, all on the database of the test."""

import json
import os
import shutil
import socket
import urllib.request
from contextlib import ExitStack

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

from clock import timeline as clock
from config.celery import app
from simulation import demo
from tests.browser.visitor import Visitor
from tests.conftest import put_back, rows_of_all_tables
from tests.processes import begin, celery, end, wait_for

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
).split()
UNDO_SECONDS = 4  # long enough to press Undo on a busy machine


def pytest_collection_modifyitems(items):
    """One process serves all of these tests: they follow each other, and each begins with an empty database."""
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="package")
def browser():
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if not found and os.environ.get("CI") == "true":
        pytest.fail("no Chromium is installed, so nothing is proved in a browser")
    if not found:
        pytest.skip("no Chromium is installed (chromium, chromium-browser or google-chrome)")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver keeps an event loop in this thread
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=found, args=QUIET)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def site(django_db_setup, django_db_blocker):
    """The address of the site, served by gunicorn as in production."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    how = ("--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "8", "--no-control-socket")
    with django_db_blocker.unblock():
        served = begin("gunicorn", "config.wsgi", *how, "--log-level", "warning", UNDO_SECONDS=str(UNDO_SECONDS))
    try:
        wait_for(lambda: _answers(f"http://127.0.0.1:{port}/"), seconds=90)
        yield f"http://127.0.0.1:{port}"
    finally:
        end(served)


def _answers(url: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5):
            return True
    except OSError:
        return False


@pytest.fixture(scope="package")
def worker(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        process = celery("worker", "-Q", "delivery,clock", "-c", "2", "-n", "browser@%h", "--without-gossip")
    try:
        wait_for(lambda: app.control.ping(timeout=0.3), seconds=90)
        yield process
    finally:
        end(process)


@pytest.fixture
def at_work(world, worker):
    """The worker, and the beat that wakes it each second."""
    process = celery("beat", "--scheduler", "celery.beat:Scheduler", "--pidfile=")
    try:
        yield
    finally:
        end(process)


@pytest.fixture(scope="package")
def built(django_db_setup, django_db_blocker):
    """A small demo world with two days of past and a clock that stands still, made once: its rows by table."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "PAST_DAYS", 2)
        before = rows_of_all_tables()
        demo.build(members=150)
        clock.set_speed(clock.live(), speed=0)
        rows = rows_of_all_tables()
        put_back(before)
    return rows


@pytest.fixture
def world(transactional_db, built):
    """That world, as it was built; the passwords of its cast."""
    put_back(built)
    return json.loads((settings.VAR / "demo-passwords.json").read_text())


@pytest.fixture
def visit(world, browser, site):
    """Let one of the cast come with a browser of their own; afterwards, no browser may have complained."""
    with ExitStack() as stack:
        visitors = []

        def visit(handle=None, **options) -> Visitor:
            visitor = Visitor(browser, site, world, **options)
            stack.callback(visitor.leave)
            visitors.append(visitor)
            if handle:
                visitor.sign_in(handle)
            return visitor

        yield visit
        assert [complaint for visitor in visitors for complaint in visitor.complaints] == []

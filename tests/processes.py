"""Processes beside a test that work on its database: a worker, the beat, the site; ended by the one who began them."""

import os
import subprocess
import sys
import time
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

PATIENCE = 30.0  # seconds after which a process is taken for dead


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that works on the database of this test."""
    parts = urlsplit(settings.DATABASE_URL)
    url = urlunsplit(parts._replace(path="/" + connection.settings_dict["NAME"]))
    known = {"DATABASE_URL": url, "REDIS_URL": settings.REDIS_URL, "DJANGO_SETTINGS_MODULE": "config.settings"}
    return os.environ | known | more


def begin(*arguments: str, **more: str) -> subprocess.Popen:
    """A Python module in a process of its own; `more` goes into its environment."""
    return subprocess.Popen([sys.executable, "-m", *arguments], env=environment(**more), cwd=settings.BASE_DIR)


def celery(*arguments: str) -> subprocess.Popen:
    return begin("celery", "-A", "config", *arguments, "--loglevel", "ERROR")


def end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for(true, *, seconds: float = PATIENCE):
    """What `true()` gives once it gives something; the test fails when it never does."""
    limit = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.02)
    return found

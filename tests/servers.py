"""The pytest plugin that gives a test run its own PostgreSQL and Valkey, before Django reads its settings.

DATABASE_URL and REDIS_URL given from outside are used instead. With INMAIL_TEST_DURABLE they write to the disk.
"""

import os
import signal

import pytest

from config.servers import CannotStart
from config.temporary import Temporary

OURS = "INMAIL_TEST_SERVERS"  # the names of the variables that this plugin has set
_temporary: list[Temporary] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config, parser, args):
    os.environ |= {"INMAIL_TESTING": "1", "INMAIL_EMBEDDED": "1"}
    if os.environ.get("PYTEST_XDIST_WORKER"):  # one of several processes: not the servers of the one that leads them
        for name in os.environ.pop(OURS, "").split():
            os.environ.pop(name)
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        try:
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # asked to go, as by Ctrl-C: tidily
            _temporary.append(Temporary(durable=bool(os.environ.get("INMAIL_TEST_DURABLE"))).__enter__())
        except CannotStart as problem:
            raise pytest.UsageError(str(problem)) from problem
        ours = {name: value for name, value in _temporary[0].environment.items() if not os.environ.get(name)}
        os.environ |= ours | {OURS: " ".join(ours)}
        os.environ["INMAIL_VAR"] = str(_temporary[0].folder / "var")  # passwords and keys of this run alone
    try:
        return (yield)
    except BaseException:
        _stop()
        raise


def pytest_unconfigure(config):
    _stop()


def _stop() -> None:
    while _temporary:
        _temporary.pop().__exit__()


@pytest.fixture(scope="session")
def servers():
    """The run's own servers, for tests of faults that stop and start them; skipped where they were given."""
    if not _temporary:
        pytest.skip("DATABASE_URL and REDIS_URL are given: those servers are not ours to stop")
    return _temporary[0]

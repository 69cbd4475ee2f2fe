"""The lab's machine code, made once for all test processes: the first makes it, the others wait. And a small run."""

import fcntl
from dataclasses import replace
from pathlib import Path

import pytest
from numba import config

from lab import runs, scenario, shards
from tests.inmail.api.conftest import call  # noqa: F401

SMALL = """
name = "Small"
members = 3000
days = 20
replications = 2

[population]
premium = 0.1

[[arms]]
name = "silence"

[[arms]]
name = "answer"
policy = "2015"
"""


@pytest.fixture(scope="session", autouse=True)
def machine_code():
    smallest = scenario.load(scenario.ready()["return_on_silence"])
    with (Path(config.CACHE_DIR) / "tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shards.replication(replace(smallest, members=1000, days=2), 0)


@pytest.fixture
def text():
    return SMALL


@pytest.fixture
def run(alice, text):
    return runs.submit(alice, text)

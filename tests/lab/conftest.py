"""The lab's machine code is made once for all test processes: the first makes it, the others wait for it."""

import fcntl
from dataclasses import replace
from pathlib import Path

import pytest
from numba import config

from lab import scenario, shards


@pytest.fixture(scope="session", autouse=True)
def machine_code():
    smallest = scenario.load(scenario.ready()["return_on_silence"])
    with (Path(config.CACHE_DIR) / "tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shards.replication(replace(smallest, members=1000, days=2), 0)

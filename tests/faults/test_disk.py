"""F26: the disk is full, for the database, for the logs, for what is uploaded. The small disk is a tmpfs, so root's.

Nothing that is uploaded is ever stored (config/bounds.py); the test shows that the way in needs no disk either.
"""

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
import requests
from django.db import connection

from tests.faults.load import TIMEOUT
from tests.faults.pages import Browser
from tests.faults.test_database import all_clean, sent_since, settle
from tests.processes import wait_for

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small tmpfs to fill"),
]
ROOM = 48  # megabytes for what the database writes before the disk is filled


class Disk:
    """A small disk that a test can fill to the last byte, and free."""

    def __init__(self, folder: Path):
        self.folder, self.ballast = folder, folder / "ballast"

    def fill(self) -> None:
        """Leave no byte: what was freed meanwhile is taken too."""
        with self.ballast.open("ab", buffering=0) as file:
            for size in (2**20, 2**12):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    pass

    def free(self) -> None:
        self.ballast.unlink(missing_ok=True)


@contextmanager
def mounted(folder: Path, megabytes: int):
    folder.mkdir(exist_ok=True)
    options = f"size={megabytes}m,mode=0711"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no tmpfs can be mounted here: {done.stderr.strip()}")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", folder])


@pytest.fixture
def database_disk(platform):
    """The whole cluster, its log of writes too, on a small disk; afterwards it is where and as it was."""
    servers = platform.servers
    data, before = servers.postgres.data, servers.postgres.durable
    away = data.with_name("away")
    connection.close()
    servers.stop(servers.postgres)
    size = int(subprocess.check_output(["du", "-sm", data]).split()[0])
    with mounted(servers.folder / "disk", size + ROOM) as disk:
        subprocess.check_call(["cp", "-a", data, disk.folder / "data"])
        data.rename(away)
        data.symlink_to(disk.folder / "data")
        servers.postgres.durable = True
        try:
            platform.start_server("postgres")
            yield disk
        finally:
            disk.free()
            connection.close()
            servers.stop(servers.postgres)
            data.unlink()
            away.rename(data)
            servers.postgres.durable = before
            platform.start_server("postgres")


def revive(platform) -> None:
    """What the supervisor does: a database that gave up is started again."""
    if platform.process_of("postgres").poll() is not None:
        platform.servers.start(platform.servers.postgres)
        time.sleep(0.5)


def use_up_the_log(platform) -> None:
    """Have PostgreSQL ask for new segments of its log of writes until it finds no room for one, and stops."""
    for _ in range(40):
        try:
            link = psycopg2.connect(platform.servers.postgres.url_of("postgres", "inmail"), connect_timeout=5)
            link.autocommit = True
            link.cursor().execute("SELECT pg_logical_emit_message(true, 'fault', 'x'); SELECT pg_switch_wal()")
            link.close()
        except psycopg2.Error:
            return
    raise AssertionError("the log of writes found room where there is none")


@pytest.mark.fault("F26", "disk of the database full (tmpfs), tables, then its log", "clean 503, recovers")
def test_a_database_without_room_says_no_and_recovers(platform, database_disk, world, load, figures):
    with load.in_background(world.pairs(1_000)):
        wait_for(lambda: len(load.acknowledged) >= 20)
        database_disk.fill()
        wait_for(lambda: [database_disk.fill(), load.errors][1])
        use_up_the_log(platform)
        seen = len(load.answers)
        wait_for(lambda: [revive(platform), len(load.answers) >= seen + 20][1])
        database_disk.free()
        freed = time.monotonic()
        wait_for(lambda: [revive(platform), sent_since(load, freed) >= 20][1])
    assert all_clean(load), load.errors
    settle(world, load, figures, freed)
    figures.check(recovery=30, longest=3)


@pytest.fixture
def other_disk(platform):
    """The logs of all processes, and the temporary files of web, on a small disk."""
    folder = platform.servers.folder / "var" / "log"
    names = ("web", "worker-delivery", "worker-clock", "beat")
    with mounted(folder, 2) as disk:
        platform.stop(*names)
        platform.start("worker-delivery", "worker-clock", "beat")
        platform.start("web", TMPDIR=str(folder), LOG_LEVEL="INFO")  # a line for each request
        try:
            yield disk
        finally:
            disk.free()
            platform.stop(*names)


@pytest.mark.fault("F26", "disk of the logs and of uploads full (tmpfs)", "all accepted, logged again after")
def test_without_room_for_logs_everything_goes_on(platform, other_disk, world, load, figures):
    load.warm_up(world.senders[0].handle)
    browser = Browser(load, world.senders[0])
    other_disk.fill()
    assert shutil.disk_usage(other_disk.folder).free == 0
    answers = load.send_all(world.pairs(100))
    assert {answer.status for answer in answers} == {201}
    assert with_a_file(browser, world.recipients[-1]) == 400  # no page takes files: refused, not an accident
    figures.recover(answers[-1].begun)
    other_disk.free()
    before = platform.log("web").count("\n")
    load.send_all(world.pairs(5))
    wait_for(lambda: platform.log("web").count("\n") >= before + 5)
    figures.recover(answers[-1].begun)
    assert figures.check(longest=3).delivered >= 105


def with_a_file(browser, recipient) -> int:
    """The status of a form that carries a file of 4 MB, which other sites would write to the disk."""
    form, url = browser.open(recipient), browser.url(recipient)
    given = {"cookies": browser.cookies, "headers": {"Referer": url}, "allow_redirects": False, "timeout": TIMEOUT}
    file = {"file": ("picture.png", bytes(4 * 2**20))}
    return requests.post(url, form | {"act": "preview"}, files=file, **given).status_code

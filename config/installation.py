"""The data of this clone and the servers on it: one holder at a time, others join through var/run.json."""

import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from config import places
from config.servers import (
    RECOVERY_SECONDS,
    CannotStart,
    Postgres,
    Valkey,
    as_whom,
    can_reach,
    hold,
    short_folder,
    wait_until_ready,
)
from config.supervisor import Child, Supervisor, birth, outlive

ELSEWHERE = Path("/var/lib/inmail-simulator")
SERVERS = ("DATABASE_URL", "REDIS_URL")
LONG = 10 * 2**20  # bytes of a log
ORPHAN_SECONDS = 10  # that processes of a killed run get to end by themselves


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


class Busy(CannotStart):
    """Somebody else holds the data of this clone; `by` is what it says of itself."""

    def __init__(self, by: dict):
        self.by = by
        super().__init__(f"This folder's platform is running already: {by.get('what', 'it is just starting')}.")


class Installation:
    """Holds var/ and keeps the servers that the environment does not name; `with` it, they answer."""

    def __init__(self, what: str, *, fresh: bool = False):
        self.what, self.fresh, self.ready = what, fresh, False
        self.supervisor = Supervisor(say, self._write_down)
        self.supervisor.tidy = trim_logs
        self.environment = {name: os.environ.get(name, "") for name in SERVERS}
        self.rest = ExitStack()

    def __enter__(self) -> "Installation":
        with self.rest as rest:
            self._take()
            rest.callback(self._let_go)
            rest.callback(self.supervisor.stop)
            if self.fresh:
                reset()
            self._start()
            self.rest = rest.pop_all()
        return self

    def __exit__(self, *_) -> None:
        self.rest.close()

    def _take(self) -> None:
        self.lock = (places.var() / "run.lock").open("w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(places.running()) from None
        left = places.running()
        orphans = {name: tuple(one) for name, one in left.get("children", {}).items()}
        database = {name: orphans.pop(name) for name in ("postgres",) if name in orphans}
        outlive(orphans, ORPHAN_SECONDS, say)
        outlive(database, RECOVERY_SECONDS, say)  # it may be writing all it knows to the disk
        if left.get("folder"):
            shutil.rmtree(left["folder"], ignore_errors=True)

    def _start(self) -> None:
        self.folder = short_folder(as_whom(places.var() / "postgres" / "data"))
        self.rest.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.rest.callback(hold(self.folder).close)
        servers = []
        if not self.environment["DATABASE_URL"]:
            servers.append(Postgres(postgres_home(), self.folder, places.secret("database-password")))
        if not self.environment["REDIS_URL"]:
            servers.append(Valkey(places.var() / "valkey", self.folder))
        for server in servers:
            server.prepare()
            self.environment["DATABASE_URL" if isinstance(server, Postgres) else "REDIS_URL"] = server.url
        for server in servers:
            self._start_one(server)
        self.ready = True
        self._write_down(self.supervisor.pids())

    def _start_one(self, server: Postgres | Valkey) -> None:
        start = logged(server.name, server.start)
        child = self.supervisor.add(Child(server.name, start, server.stop_sign, server.patience, server.floor))

        def process() -> subprocess.Popen:
            child.look_after(say)
            return child.process

        if not wait_until_ready(server, process):
            raise CannotStart(f"{server.name} did not start; the end of its log says:\n{last_lines(server.name)}")

    def _write_down(self, pids: dict[str, int]) -> None:
        children = {name: (pid, birth(pid)) for name, pid in pids.items()}
        state = {"what": self.what, "pid": os.getpid(), "ready": self.ready}
        state |= {"folder": str(self.folder), "children": children}
        state |= {key.lower(): value for key, value in self.environment.items()}
        places.write_private(places.var() / "run.json", json.dumps(state, indent=1))

    def _let_go(self) -> None:
        (places.var() / "run.json").unlink(missing_ok=True)
        self.lock.close()


@contextmanager
def servers(what: str) -> Iterator[dict[str, str]]:
    """The environment of running servers: those of the platform that runs here, else our own for the while.

    Who joins holds a shared lock, so that a command that keeps servers only for itself waits for its guests.
    """
    with ExitStack() as stack:
        guests = stack.enter_context((places.var() / "guests.lock").open("a"))
        host = _host_or_guest(stack, what, guests)
        if host:
            yield host.environment
            say_and_wait_for(guests)
        else:
            running = places.running()
            yield {name: running[name.lower()] for name in SERVERS}


def _host_or_guest(stack: ExitStack, what: str, guests: IO) -> Installation | None:
    """The installation, once it is ours; None, once it is another's and our lock keeps it."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while True:
        try:
            return stack.enter_context(Installation(what))
        except Busy:
            fcntl.flock(guests, fcntl.LOCK_SH)
            if places.running().get("ready"):
                return None
            if time.monotonic() > deadline:
                raise
            fcntl.flock(guests, fcntl.LOCK_UN)  # it is starting or stopping
            time.sleep(0.2)


def say_and_wait_for(guests: IO) -> None:
    try:
        fcntl.flock(guests, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Waiting for another command that uses the same database.")
        fcntl.flock(guests, fcntl.LOCK_EX)


def postgres_home() -> Path:
    """Where the cluster lies: var/postgres, or for root in a closed home, the folder this links to."""
    home = places.var() / "postgres"
    if home.is_symlink() and not home.exists():
        raise CannotStart(
            f"The database lay in {home.readlink()}, which is gone. `python3 run.py --reset` begins anew."
        )
    if home.exists() and not os.access(home, os.W_OK):
        raise CannotStart(
            f"The database in {home} belongs to another user of this machine: run as that user, or as root."
        )
    identity = as_whom(home / "data")
    if home.is_symlink() or can_reach(places.var(), identity):
        return home.resolve()
    new = ELSEWHERE / secrets.token_hex(8)
    ELSEWHERE.mkdir(parents=True, exist_ok=True, mode=0o755)
    if home.exists():  # made when the way to it was still open
        shutil.copytree(home, new, symlinks=True)
        subprocess.check_call(["chown", "-R", f"{identity['user']}:{identity['group']}", new / "data"])
        home.rename(home.with_name(f"postgres-moved-{new.name}"))
    else:
        new.mkdir(mode=0o711)
    new.chmod(0o711)
    home.symlink_to(new)
    return new


def reset() -> None:
    """Forget members, InMails and passwords; what is installed stays."""
    home = places.var() / "postgres"
    if home.is_symlink():
        shutil.rmtree(home.readlink(), ignore_errors=True)
        home.unlink()
    for folder in (home, places.var() / "valkey"):
        shutil.rmtree(folder, ignore_errors=True)
    (places.var() / "demo-passwords.json").unlink(missing_ok=True)


def logged(name: str, start):
    """A start whose output goes to var/log/NAME.log."""
    path = log_of(name)

    def begin() -> subprocess.Popen:
        with path.open("a") as log:
            return start(stdout=log, stderr=log)

    return begin


def trim_logs() -> None:
    """What has grown long becomes NAME.log.1 in place of the one before: a log never takes more than twice LONG.

    It is copied and emptied, for those who write hold it open; they append, so they go on at its new end.
    """
    for path in (places.var() / "log").glob("*.log"):
        with suppress(OSError):  # a full disk: it is emptied all the same
            if path.stat().st_size > LONG:
                with suppress(OSError):
                    shutil.copyfile(path, path.with_name(f"{path.name}.1"))
                os.truncate(path, 0)


def log_of(name: str) -> Path:
    folder = places.var() / "log"
    folder.mkdir(exist_ok=True)
    return folder / f"{name}.log"


def last_lines(name: str, count: int = 15) -> str:
    return "\n".join(log_of(name).read_text(errors="replace").splitlines()[-count:])

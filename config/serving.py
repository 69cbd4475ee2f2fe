"""`python3 run.py`: prepares the data, starts web, workers and beat, says where to go, keeps it all alive."""

import argparse
import hashlib
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from config import places
from config.installation import SERVERS, Installation, last_lines, logged, say
from config.servers import CannotStart, spawn, stop
from config.supervisor import Child

COMMAND = {"DATABASE_STATEMENT_TIMEOUT": "0", "DATABASE_IDLE_TIMEOUT": "0"}  # may think as long as they like
WORKER = {"DATABASE_STATEMENT_TIMEOUT": "300", "DATABASE_LOCK_TIMEOUT": "10"}
PATIENCE = 120.0  # seconds for the first page
CHECKED = {"CELERY_SKIP_CHECKS": "1"}  # `migrate` has just done it; a worker that died is back sooner by a third
# Processes by queue: neither a long advance nor the lab ever delays a delivery.
WORKERS = {"delivery": 2, "clock": 1, "lab": os.cpu_count() or 1}
LAB = ("-I", "lab.worker")  # what the lab needs is loaded by its own worker alone
LOW = ("nice", "-n", "10")  # it takes the machine's time when nobody else wants it


class Stopped(BaseException):
    """Somebody pressed Ctrl-C, or the machine asks us to go."""


def stop_on_signals() -> None:
    """The first signal raises Stopped, further ones are ignored: stopping is under way."""
    signs = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def raise_stopped(number, frame):
        for sign in signs:
            signal.signal(sign, signal.SIG_IGN)
        raise Stopped

    for sign in signs:
        signal.signal(sign, raise_stopped)


def serve(arguments: list[str]) -> int:
    wishes = parse(arguments)
    address = f"http://localhost:{wishes.port}"
    stop_on_signals()
    try:
        given = [name for name in SERVERS if os.environ.get(name)]
        say(f"Using what {' and '.join(given)} name." if given else "Starting PostgreSQL and Valkey.")
        with Installation(f"process {os.getpid()} serves {address}", fresh=wishes.reset) as installation:
            check_free(wishes.port)
            environment = os.environ | installation.environment | {"INMAIL_EMBEDDED": "1", "PYTHONUNBUFFERED": "1"}
            prepare(environment, demo=not wishes.empty)
            for child in processes(environment, wishes.port, installation.folder):
                installation.supervisor.add(child)
            wait_for_web(wishes.port, installation.supervisor.children)
            announce(address)
            installation.supervisor.watch()
    except Stopped:
        say("\nEverything is stopped; `python3 run.py` goes on where it was.")
        return 0
    return 1


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py",
        description="Set up and run the whole platform on this machine.",
        epilog="Also: run.py test [pytest arguments], bench [name], faults [rows], laws, mutants, manage COMMAND.",
    )
    parser.add_argument("--port", type=int, default=8000, help="where the pages are served (8000)")
    parser.add_argument("--reset", action="store_true", help="forget everything, build the demo world anew")
    parser.add_argument("--empty", action="store_true", help="do not build the demo world")
    wishes = parser.parse_args(arguments)
    if not 1 <= wishes.port <= 65535:
        parser.error("--port is a number from 1 to 65535.")
    return wishes


def loopback(port: int) -> list[tuple[int, str]]:
    """Both ways a browser may take localhost, as far as this machine has them."""
    ways = []
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
            ways.append((family, host))
        except OSError as problem:
            if family == socket.AF_INET or problem.errno in (13, 98):
                raise
    return ways


def check_free(port: int) -> None:
    try:
        loopback(port)
    except PermissionError:
        raise CannotStart(
            f"Port {port} is reserved for the administrator: choose one with --port, from 1024 up."
        ) from None
    except OSError:
        raise CannotStart(f"Port {port} is taken by another program: choose another with --port.") from None


def prepare(environment: dict[str, str], *, demo: bool) -> None:
    """Tables, static files, and the demo world once."""
    manage("Bringing the tables up to date.", environment, "migrate", "--verbosity", "0")
    if collected() != (known := fingerprint()):
        manage("Collecting the static files.", environment, "collectstatic", "--noinput", "--verbosity", "0")
        (places.var() / "static.sha256").write_text(known)
    if demo:
        manage("Looking after the demo world; building it takes under a minute, once.", environment, "demo")


def fingerprint() -> str:
    """What the collected files are made of: ours, and those of the locked packages."""
    ours = sorted((places.ROOT / "static").rglob("*"))
    facts = [(str(path), path.stat().st_mtime_ns) for path in ours]
    locked = (places.ROOT / "requirements.txt").read_bytes()
    return hashlib.sha256(repr(facts).encode() + locked).hexdigest()


def collected() -> str:
    try:
        return (places.var() / "static.sha256").read_text() if (places.var() / "static").is_dir() else ""
    except OSError:
        return ""


def manage(sentence: str, environment: dict[str, str], *arguments: str) -> None:
    say(sentence)
    command = [sys.executable, places.ROOT / "manage.py", *arguments]
    process = spawn(command, env=environment | COMMAND, cwd=places.ROOT)
    try:
        if process.wait():
            raise CannotStart(f"`manage.py {' '.join(arguments)}` failed; what it said is above.")
    finally:
        stop(process, signal.SIGTERM, patience=5.0)


def processes(environment: dict[str, str], port: int, folder: Path) -> list[Child]:
    """Web, a worker for each queue, and beat, in the order of starting."""
    celery = ["celery", "-A", "config", "--quiet"]
    counts = folder / "metrics"  # of all web processes; new with each start
    counts.mkdir(exist_ok=True)
    web = environment | {"PROMETHEUS_MULTIPROC_DIR": str(counts)}
    children = [process("web", ["gunicorn", *gunicorn(port, folder)], web)]
    for queue, concurrency in WORKERS.items():
        work = ["worker", "-Q", queue, "-n", f"{queue}@%h", "--concurrency", str(concurrency)]
        lonely = ["--without-gossip", "--without-mingle", "--without-heartbeat", *(LAB if queue == "lab" else ())]
        known = environment | (COMMAND if queue == "clock" else WORKER) | CHECKED
        low = LOW if queue == "lab" else ()
        children.append(process(f"worker-{queue}", [*celery, *work, *lonely], known, before=low))
    beat = ["beat", "--scheduler", "celery.beat:Scheduler", "--pidfile="]
    return [*children, process("beat", [*celery, *beat], environment)]


def gunicorn(port: int, folder: Path) -> list[str]:
    """Two processes of four threads; the control socket and the heartbeats stay out of the clone."""
    binds = [f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for _, host in loopback(port)]
    return [
        "config.wsgi",
        *(part for bind in binds for part in ("--bind", bind)),
        *("--forwarded-allow-ips", ""),  # nobody may name another scheme or path; HTTPS=1 believes the proxy in Django
        *("--worker-class", "config.door.Worker"),
        *("--limit-request-line", "0"),  # people may search for 5,000 words; in public, a proxy in front limits it
        *("--workers", "2", "--threads", "4", "--timeout", "60", "--graceful-timeout", "5"),
        *("--logger-class", "config.logs.Gunicorn", "--no-control-socket", "--worker-tmp-dir", str(folder)),
    ]


def process(name: str, module: list[str], environment: dict[str, str], *, before: tuple[str, ...] = ()) -> Child:
    def start(**output):
        command = [*before, sys.executable, "-m", *module]
        sign = signal.SIGTERM if name == "beat" else signal.SIGQUIT  # to web and workers SIGQUIT says: at once
        return spawn(command, dies_by=sign, env=environment, cwd=places.ROOT, **output)

    return Child(name, logged(name, start), patience=15.0)


def wait_for_web(port: int, children: list[Child]) -> None:
    """Until a page is answered, whatever it says."""
    web = next(child for child in children if child.name == "web")
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and web.process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.1)
    raise CannotStart(f"The web server did not start; the end of its log says:\n{last_lines('web')}")


def announce(address: str) -> None:
    print(f"\nThe InMail Simulator is at {address}", flush=True)
    try:
        passwords = json.loads((places.var() / "demo-passwords.json").read_text())
    except (OSError, ValueError):
        passwords = {}
    if passwords:
        print("Sign in as one of these (also in var/demo-passwords.json):")
        for handle, password in passwords.items():
            print(f"  {handle:<8} {password}")
        print("Staff also give a code, each taken once: python3 run.py manage code admin")
    print("Ctrl-C stops everything. What goes wrong is written to var/log/.\n", flush=True)

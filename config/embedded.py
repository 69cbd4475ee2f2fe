"""What `python3 run.py` does once the requirements are there, and the servers that manage.py borrows."""

import os
import signal
import subprocess
import sys

import psycopg2
from django.core.management import execute_from_command_line

from config import places
from config.installation import say, servers
from config.servers import CannotStart, spawn, stop
from config.serving import COMMAND, Stopped, manage, serve, stop_on_signals
from config.temporary import Temporary

WITHOUT_SERVERS = {"", "help", "check", "collectstatic", "diffsettings", "makemigrations"} | {
    "compilemessages",
    "makemessages",
}


def test(arguments: list[str]) -> int:
    """Every test, in two processes more than there are cores (4 to 6: many wait for others), or those named, in one.

    The plugin tests/servers.py starts and stops the servers of each process.
    """
    processes = str(min(6, max(2, os.cpu_count() or 2) + 2))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # over a hundred processes are begun, each of the same modules
    arguments = arguments or ["-n", processes, "--dist", "loadfile", "--no-loadscope-reorder"]
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])


def proof(arguments: list[str]) -> int:
    """The lab against the platform and against plain NumPy, at full size: a quarter of an hour and more."""
    os.environ["INMAIL_PROOF"] = "1"
    return test(arguments or ["-v", "--durations=0", "tests/lab/test_exactness.py", "tests/lab/test_plain.py"])


def bench(arguments: list[str]) -> int:
    """The benchmarks, on servers of their own that write to the disk as they do in earnest."""
    return on_own_servers("benchmarks", arguments, durable=True)


def laws(arguments: list[str]) -> int:
    """Random courses of acts on a plain model and on PostgreSQL side by side."""
    return on_own_servers("tests.laws", arguments)


def mutants(arguments: list[str]) -> int:
    """The platform broken on purpose, in copies: does the named test notice?"""
    return on_own_servers("tests.mutants", arguments)


def faults(arguments: list[str]) -> int:
    """The fault matrix: every row several times, each on servers of its own; writes the table into the README."""
    os.execv(sys.executable, [sys.executable, "-m", "tests.faults", *arguments])


def on_own_servers(module: str, arguments: list[str], *, durable: bool = False) -> int:
    """Run `module` on a migrated database of its own, forgotten at its end."""
    stop_on_signals()
    try:
        with Temporary(durable=durable) as temporary:
            environment = os.environ | temporary.environment | COMMAND | {"INMAIL_EMBEDDED": "1"}
            manage("Making the tables.", environment, "migrate", "--verbosity", "0")
            process = spawn([sys.executable, "-m", module, *arguments], env=environment, cwd=places.ROOT)
            try:
                return process.wait()
            finally:
                stop(process, signal.SIGTERM, patience=5.0)
    except Stopped:
        return 130


def command(arguments: list[str]) -> None:
    """For manage.py: name the servers in the environment, run Django's command line, give them back."""
    for name, value in COMMAND.items():
        os.environ.setdefault(name, value)
    given = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    wanted = arguments[0] if arguments else ""
    if given or wanted in WITHOUT_SERVERS or wanted.startswith("-") or "--help" in arguments:
        return execute_from_command_line(["manage.py", *arguments])
    with servers(f"`manage.py {wanted}` is at work (process {os.getpid()})") as environment:
        os.environ |= environment | {"INMAIL_EMBEDDED": "1"}
        if wanted != "migrate" and is_empty(environment["DATABASE_URL"]):
            subprocess.check_call([sys.executable, places.ROOT / "manage.py", "migrate"], stdout=sys.stderr)
        execute_from_command_line(["manage.py", *arguments])


def is_empty(database_url: str) -> bool:
    """True for a database in which no table was ever made."""
    link = psycopg2.connect(database_url)
    with link.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NULL")
        (empty,) = cursor.fetchone()
    link.close()
    return empty


def main() -> int:
    os.chdir(places.ROOT)
    name, rest = (sys.argv[1:2] or [""])[0], sys.argv[2:]
    commands = {
        "serve": serve,
        "test": test,
        "bench": bench,
        "faults": faults,
        "laws": laws,
        "proof": proof,
        "mutants": mutants,
        "manage": command,
    }
    if name == "manage":  # of the installation that `run.py` serves, whoever's servers it uses
        os.environ.setdefault("INMAIL_EMBEDDED", "1")
    try:
        if name in commands:
            return commands[name](rest) or 0
        if name and not name.startswith("-"):
            raise CannotStart(f"run.py knows no {name}; it knows {', '.join(list(commands)[1:])}, and --help.")
        return serve(sys.argv[1:])
    except CannotStart as problem:
        say(str(problem))
        return 1


if __name__ == "__main__":
    sys.exit(main())

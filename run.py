#!/usr/bin/env python3
"""`python3 run.py` sets up and runs everything, `python3 run.py test` tests it. Standard library only.

Makes .venv with the locked requirements (again when they changed), then hands over to config/embedded.py.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said before anything newer is used
    sys.exit("Python 3.11 or newer is needed; this is %d.%d. Try: python3.11 run.py" % sys.version_info[:2])  # noqa: UP031

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements.txt"
STAMP = VENV / "requirements.sha256"


def wanted() -> str:
    """What a finished .venv is known by: the locked requirements."""
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()


def works(*arguments: str) -> bool:
    try:
        return subprocess.run([PYTHON, *arguments], capture_output=True).returncode == 0
    except OSError:
        return False


def is_ready() -> bool:
    """True when .venv holds what is locked and its Python still runs."""
    try:
        stamp = STAMP.read_text().strip()
    except OSError:
        return False
    return stamp == wanted() and works("-c", "import django, psycopg2")


def set_up() -> None:
    """Make .venv and install the locked requirements, showing what goes on."""
    print("Setting up .venv with the locked requirements; this takes about a minute, once.", flush=True)
    STAMP.unlink(missing_ok=True)
    if not works("-m", "pip", "--version"):
        shutil.rmtree(VENV, ignore_errors=True)
        if subprocess.call([sys.executable, "-m", "venv", VENV]):
            sys.exit("No .venv could be made. On Debian and Ubuntu: apt-get install python3-venv")
    install = ["install", "--disable-pip-version-check", "--no-input", "--no-warn-script-location"]
    locked = ["--require-hashes", "--only-binary", ":all:", "-r", REQUIREMENTS]
    if subprocess.call([PYTHON, "-m", "pip", *install, *locked]):
        sys.exit("The requirements could not be installed; the reason is above. Run the same command again.")
    STAMP.write_text(wanted())


def main() -> None:
    if sys.platform != "linux":
        sys.exit("This runs on Linux; elsewhere use docker-compose.yml.")
    if not is_ready():
        (ROOT / "var").mkdir(exist_ok=True)
        with (ROOT / "var" / "setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two first runs at once: the second finds it done
            if not is_ready():
                set_up()
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "config.embedded", *sys.argv[1:]])


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nStopped; run the same command again to go on.")

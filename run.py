#!/usr/bin/env python3
"""`python3 run.py` sets up and runs everything, `python3 run.py test` tests it. Standard library only.

Makes .venv with the locked requirements (again when they changed), then hands over to config/embedded.py.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said before anything newer is used
    sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Try: python3.11 run.py")

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


def is_ready() -> bool:
    """True when .venv holds what is locked and its Python still runs."""
    try:
        if STAMP.read_text().strip() != wanted():
            return False
        return subprocess.run([PYTHON, "-c", "import django, psycopg2"], capture_output=True).returncode == 0
    except OSError:
        return False


def set_up() -> None:
    """Make .venv and install the locked requirements, showing what goes on."""
    print("Setting up .venv with the locked requirements; this takes about a minute, once.", flush=True)
    STAMP.unlink(missing_ok=True)
    if (
        not PYTHON.exists()
        or subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode
    ):
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.check_call([sys.executable, "-m", "venv", VENV])
    subprocess.check_call(
        [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--require-hashes",
         "--only-binary", ":all:", "--no-warn-script-location", "-r", REQUIREMENTS]
    )  # fmt: skip
    STAMP.write_text(wanted())


def main() -> None:
    if not is_ready():
        set_up()
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "config.embedded", *sys.argv[1:]])


if __name__ == "__main__":
    main()

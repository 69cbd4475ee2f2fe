"""Where things are on this machine: var/, the secret key, the servers given or kept by run.py."""

import json
import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def var() -> Path:
    """The folder of everything that is made at run time; INMAIL_VAR moves it."""
    path = Path(os.environ.get("INMAIL_VAR") or ROOT / "var")
    path.mkdir(parents=True, exist_ok=True)
    return path


def write_private(path: Path, text: str) -> None:
    """Replace a file by one that only its owner can read, in one step."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def secret(name: str) -> str:
    """A random text kept under var/ with mode 0600; made on first use, the first of two makers wins."""
    path = var() / name
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()


def secret_key() -> str:
    return secret("secret-key")


def running() -> dict:
    """What the platform that runs here says of itself in var/run.json; {} when none runs."""
    try:
        return json.loads((var() / "run.json").read_text())
    except (OSError, ValueError):
        return {}


def database_url() -> str:
    return os.environ.get("DATABASE_URL") or running().get("database_url") or "postgres://inmail@localhost/inmail"


def redis_url() -> str:
    return os.environ.get("REDIS_URL") or running().get("redis_url") or "redis://localhost:6379/0"

"""What `python3 run.py` starts on somebody's machine: for that machine alone, with secrets of its own."""

import json
import re
import socket
import stat
import subprocess
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from redis import Redis

from config import places, serving
from inmail import cast as people
from simulation import demo

ROOT = Path(settings.BASE_DIR)
COMPOSE = (ROOT / "docker-compose.yml").read_text()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv("INMAIL_VAR", str(tmp_path))
    return tmp_path


def test_the_site_binds_to_loopback_only(tmp_path):
    flags = serving.gunicorn(8765, tmp_path)
    binds = [flags[place + 1] for place, flag in enumerate(flags) if flag == "--bind"]
    assert binds and set(binds) <= {"127.0.0.1:8765", "[::1]:8765"}


def test_another_machine_reaches_nothing_of_the_running_site(site):
    """By any address of this machine other than its loopback the port is closed."""
    listed = subprocess.run(["hostname", "-I"], capture_output=True, text=True).stdout.split()
    for address in [*listed, "0.0.0.0"]:
        if address != "0.0.0.0":
            with pytest.raises(OSError):
                socket.create_connection((address, site), timeout=2).close()
    assert listening(site) == {"0100007F"} or listening(site) <= {"0100007F", "0" * 24 + "01000000"}


def listening(port: int) -> set[str]:
    """The addresses, as the kernel writes them, on which somebody listens at `port`."""
    lines = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    return {line[1].split(":")[0] for line in lines if line[3] == "0A" and int(line[1].split(":")[1], 16) == port}


def test_the_database_and_the_broker_listen_on_no_network(servers):
    with psycopg2.connect(servers.postgres.url) as link, link.cursor() as cursor:
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("",)
    with Redis.from_url(servers.valkey.url) as link:
        assert link.config_get("port") == {"port": "0"}
    assert mode(Path(servers.valkey.socket)) == 0o700
    assert mode(Path(servers.postgres.sockets)) & 0o007 == 0


def test_the_database_takes_no_wrong_password_even_here(servers):
    for password in ("", "inmail", "postgres", "wrong"):
        url = re.sub(r"://inmail:[^@]*@", f"://inmail:{password}@", servers.postgres.url)
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(url).close()


def test_the_secret_key_is_made_once_for_its_owner_alone(elsewhere):
    key = places.secret_key()
    assert key == places.secret_key() and len(key) >= 64 and len(set(key)) > 20
    assert mode(elsewhere / "secret-key") == 0o600


def test_another_installation_has_another_key(elsewhere, tmp_path_factory, monkeypatch):
    key = places.secret_key()
    monkeypatch.setenv("INMAIL_VAR", str(tmp_path_factory.mktemp("other")))
    assert places.secret_key() != key


def test_private_files_are_for_their_owner_alone(elsewhere):
    places.write_private(elsewhere / "run.json", "{}")
    assert mode(elsewhere / "run.json") == 0o600
    places.write_private(elsewhere / "run.json", json.dumps({"a": 1}))
    assert mode(elsewhere / "run.json") == 0o600


def test_no_secret_stands_in_the_sources():
    source = (ROOT / "config" / "settings.py").read_text()
    assert 'SECRET_KEY = env.str("SECRET_KEY", "") or places.secret_key()' in source
    assert "${SECRET_KEY:?" in COMPOSE and COMPOSE.count("${POSTGRES_PASSWORD:?") == 2
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split()
    assert not [name for name in tracked if name.startswith("var/") or name.endswith((".pem", ".key", ".env"))]


def test_containers_are_reached_from_this_machine_only():
    published = re.findall(r"ports:\n((?:\s+- .*\n)+)", COMPOSE)
    assert published == ['      - "127.0.0.1:${PORT:-8000}:8000"\n']


@pytest.mark.django_db
def test_nobody_has_a_password_that_everybody_knows(live, noon):
    """The cast of tests has none that works; those of a demo are drawn."""
    known = ["", "password", "admin", "inmail", "demo", "123456", "letmein", "secret", "changeme"]
    cast = people.assemble(live, noon)
    assert not [name for name, member in cast.items() if any(member.check_password(word) for word in (*known, name))]


@pytest.mark.django_db
def test_the_passwords_of_a_demo_are_drawn_and_kept_for_their_owner_alone(live, noon, elsewhere, settings):
    settings.VAR = elsewhere
    cast = people.assemble(live, noon)
    demo._passwords(cast)
    passwords = json.loads((elsewhere / "demo-passwords.json").read_text())
    assert set(passwords) == set(cast) and len(set(passwords.values())) == len(cast)
    assert all(len(password) >= 12 for password in passwords.values())
    assert mode(elsewhere / "demo-passwords.json") == 0o600
    assert all(cast[name].check_password(password) for name, password in passwords.items())

"""run.py from the outside: it serves, is joined, survives kill -9, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from config.supervisor import birth

ROOT = Path(__file__).resolve().parents[2]
GIVEN = ("DATABASE_URL", "REDIS_URL", "INMAIL_TESTING", "INMAIL_EMBEDDED")


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    folder = tmp_path_factory.mktemp("platform")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(parent.stat().st_mode | 0o011)  # as in a clone that others may pass
    return folder


@pytest.fixture(scope="module")
def outside(var):
    """The environment of somebody at a terminal, with data of their own."""
    return {name: value for name, value in os.environ.items() if name not in GIVEN} | {"INMAIL_VAR": str(var)}


@pytest.fixture(scope="module")
def port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def run(outside, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=outside, cwd=ROOT, capture_output=True, text=True, timeout=60)


def launch(outside, port: int) -> subprocess.Popen:
    """run.py, once it says where it is."""
    command = [sys.executable, "run.py", "--empty", "--port", str(port)]
    process = subprocess.Popen(command, env=outside, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert any("is at http" in line for line in process.stdout), "it ended before it served"
    return process


@pytest.fixture(scope="module")
def serving(outside, port):
    """A list whose last one runs: a test may replace what it has stopped."""
    processes = [launch(outside, port)]
    yield processes
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(60)


def children(var) -> dict[str, list[int]]:
    return json.loads((var / "run.json").read_text())["children"]


def alive(known: dict[str, list[int]]) -> set[str]:
    return {name for name, (pid, born) in known.items() if birth(pid) == born}


def until(condition, seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_it_serves_pages(serving, port, host):
    assert urlopen(f"http://{host}:{port}/accounts/login/", timeout=10).status == 200


def test_a_second_one_on_the_same_data_is_told_who_has_it(serving, outside, port):
    second = run(outside, "run.py", "--port", str(port + 1))
    assert second.returncode == 1 and f"serves http://localhost:{port}" in second.stderr


def test_a_command_joins_and_prints_nothing_but_its_answer(serving, outside):
    joined = run(outside, "manage.py", "showmigrations", "clock", "--plan")
    assert joined.stdout.startswith("[X]") and not joined.stderr


def test_what_dies_is_started_again(serving, var):
    before = children(var)["beat"]
    os.kill(before[0], signal.SIGKILL)
    assert until(lambda: children(var)["beat"] != before)


def test_after_a_kill_nobody_is_left_and_the_same_data_is_found(serving, outside, var, port):
    run(outside, "manage.py", "shell", "-c", NOTE)
    known, folder = children(var), Path(json.loads((var / "run.json").read_text())["folder"])
    serving[-1].kill()
    assert until(lambda: not alive(known))
    serving.append(launch(outside, port))
    read = run(outside, "manage.py", "shell", "-v0", "-c", READ)
    assert read.stdout == "kept\n", read.stderr
    assert not folder.exists()


def test_ctrl_c_leaves_nothing_behind(serving, var):
    known, folder = children(var), Path(json.loads((var / "run.json").read_text())["folder"])
    serving[-1].send_signal(signal.SIGINT)
    assert serving[-1].wait(60) == 0
    assert not alive(known) and not folder.exists() and not (var / "run.json").exists()


def test_a_command_starts_the_servers_for_itself_when_nobody_serves(outside, var):
    read = run(outside, "manage.py", "shell", "-v0", "-c", READ)
    assert read.stdout == "kept\n", read.stderr
    assert not (var / "run.json").exists()


def test_two_commands_at_once_share_the_servers(outside):
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", READ]
    both = [subprocess.Popen(command, env=outside, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in "ab"]
    assert [one.communicate(timeout=60)[0] for one in both] == ["kept\n", "kept\n"]


NOTE = "from django.contrib.sessions.models import Session as S; from django.utils.timezone import now; "
NOTE += "S.objects.create(session_key='kept', session_data='', expire_date=now())"
READ = "from django.contrib.sessions.models import Session as S; print(S.objects.get().session_key)"


def test_the_secrets_are_readable_by_their_owner_alone(var):
    assert {(var / name).stat().st_mode & 0o777 for name in ("secret-key", "database-password")} == {0o600}


def test_a_taken_port_gets_a_sentence(outside, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        answer = run(outside, "run.py", "--empty", "--port", str(taken))
    assert answer.returncode == 1
    assert f"Port {taken} is taken by another program" in answer.stderr and "Traceback" not in answer.stderr


@pytest.mark.parametrize("arguments", [["--port", "0"], ["--port", "x"], ["dance"], ["--port", "70000"]])
def test_a_wrong_command_gets_a_sentence(outside, arguments):
    answer = run(outside, "run.py", *arguments)
    assert answer.returncode and answer.stderr and "Traceback" not in answer.stderr

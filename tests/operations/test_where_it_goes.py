"""Logs that never fill the disk, mails that never reach a log, containers that say what they should."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from config import installation
from config.supervisor import Supervisor
from tests.processes import wait_for

ROOT = Path(settings.BASE_DIR)
WRITER = "import sys, time\nwhile True: print('x' * 99, flush=True); time.sleep(0.002)"
MAIL = "from django.core.mail import send_mail; send_mail('A reset', 'A secret link', None, ['somebody@example.org'])"


@pytest.fixture
def var(tmp_path, monkeypatch):
    monkeypatch.setenv("INMAIL_VAR", str(tmp_path))
    return tmp_path


@pytest.fixture
def writer(var):
    """A process that says something all the time, as run.py starts it."""
    started = installation.logged("web", lambda **output: subprocess.Popen([sys.executable, "-c", WRITER], **output))()
    yield var / "log" / "web.log"
    started.kill()
    started.wait()


def test_a_long_log_is_put_aside_while_its_process_writes_on(writer, monkeypatch):
    monkeypatch.setattr(installation, "LONG", 5_000)
    wait_for(lambda: writer.stat().st_size > 5_000)
    installation.trim_logs()
    aside = writer.with_name("web.log.1")
    assert aside.stat().st_size > 5_000 > writer.stat().st_size
    wait_for(lambda: writer.stat().st_size > 500)
    assert set(writer.read_text().split()) == {"x" * 99}  # no hole where it was cut


def test_a_short_log_is_let_be(writer):
    wait_for(lambda: writer.stat().st_size > 500)
    installation.trim_logs()
    assert not writer.with_name("web.log.1").exists()


def test_the_supervisor_looks_after_the_logs_while_it_watches():
    class Enough(Exception):
        pass

    def tidy():
        raise Enough

    supervisor = Supervisor(say=print, changed=print)
    supervisor.tidy = tidy
    with pytest.raises(Enough):
        supervisor.watch()


def test_without_a_mail_server_mails_lie_in_files_and_not_in_the_log(var):
    known = {name: value for name, value in os.environ.items() if name != "EMAIL_URL"}
    known |= {"INMAIL_EMBEDDED": "0", "INMAIL_TESTING": "", "LOG_LEVEL": "DEBUG"}
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", MAIL]
    done = subprocess.run(command, env=known, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "secret" not in done.stdout + done.stderr
    (mail,) = (var / "mail").iterdir()
    assert "A secret link" in mail.read_text()


def test_containers_say_it_in_json_keep_what_members_write_and_get_time_to_stop():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    grace = [int(services[name]["stop_grace_period"].rstrip("s")) for name in ("web", "worker", "clock")]
    assert min(grace) >= 2 * settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT
    assert all(services[name]["environment"]["LOG_FORMAT"] == "json" for name in ("web", "worker", "clock", "beat"))
    assert "log_min_error_statement=panic" in services["postgres"]["command"]
    assert "noeviction" in services["valkey"]["command"]
    image = (ROOT / "Dockerfile").read_text()
    assert "--logger-class config.logs.Gunicorn" in image and "--worker-class config.door.Worker" in image

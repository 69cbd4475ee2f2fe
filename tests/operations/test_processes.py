"""Real web processes and a real worker: one id from request to delivery, and nothing of anybody's in any log."""

import json
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import ExitStack
from http.cookiejar import CookieJar
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from rest_framework.authtoken.models import Token

from accounts.models import Member
from clock import timeline as clock
from config import serving
from config.celery import app
from inmail.models import Inmail, Status
from tests.processes import end, environment, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct-horse-battery-9"
BODY = "Would a week of your advice on churn be possible?"
SUBJECT = "A quiet question"
ADDRESS = "newcomer.quiet@example.org"
LETTER = {"recipient": "carol", "category": "consulting_offer", "subject": SUBJECT, "body": BODY}
REQUEST_ID = "from-the-proxy-1"


class Visitor:
    """A browser without a picture: cookies, forms with their token, JSON."""

    def __init__(self, address: str):
        self.address, self.cookies = address, CookieJar()
        handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies))
        self.opener = urllib.request.build_opener(*handlers)

    def ask(self, path: str, data: bytes | None = None, **headers: str):
        """Status, headers and text of the answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            answer = self.opener.open(urllib.request.Request(self.address + path, data, named), timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, answer.headers, answer.read().decode()

    def post(self, path: str, **fields: str):
        self.ask("/accounts/login/")
        token = next(cookie.value for cookie in self.cookies if "csrftoken" in cookie.name)
        return self.ask(path, urlencode(fields | {"csrfmiddlewaretoken": token}).encode(), X_CSRFToken=token)

    def post_json(self, path: str, body: dict, **headers: str):
        return self.ask(path, json.dumps(body).encode(), Content_Type="application/json", **headers)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the processes write what they say."""
    return tmp_path_factory.mktemp("said")


@pytest.fixture(scope="module")
def address(folder, django_db_setup, django_db_blocker):
    """Where web answers, with both its processes as run.py starts it; beside it a worker."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "metrics").mkdir()
    known = {"PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"), "LOG_LEVEL": "INFO", "UNDO_SECONDS": "0"}
    worker = ["celery", "-A", "config", "--quiet", "worker", "-Q", "delivery,clock", "-c", "1", "-n", "said@%h"]
    with ExitStack() as stack, django_db_blocker.unblock():
        for name, module in {"web": ["gunicorn", *serving.gunicorn(port, folder)], "worker": worker}.items():
            log = stack.enter_context((folder / f"{name}.log").open("w"))
            command = [sys.executable, "-m", *module]
            options = {"env": environment(**known), "cwd": settings.BASE_DIR, "stdout": log, "stderr": log}
            stack.callback(end, subprocess.Popen(command, **options))
        wait_for(lambda: app.control.ping(timeout=0.3), seconds=90)
        wait_for(lambda: answers(f"http://127.0.0.1:{port}"), seconds=90)
        yield f"http://127.0.0.1:{port}"


def answers(address: str) -> bool:
    try:
        return bool(Visitor(address).ask("/healthz"))
    except OSError:
        return False


@pytest.fixture
def visitor(address, cast):
    Member.objects.update(password=make_password(PASSWORD))
    clock.live()
    return Visitor(address)


@pytest.fixture
def said(folder):
    """The lines that a process has written so far, each as what it is: JSON."""

    def said(name: str, **wanted) -> list[dict]:
        lines = [json.loads(line) for line in (folder / f"{name}.log").read_text().splitlines()]
        return [line for line in lines if wanted.items() <= line.items()]

    return said


def test_the_id_of_a_request_follows_it_into_the_worker(visitor, said, alice):
    token = Token.objects.create(user=alice).key
    status, headers, text = visitor.post_json(
        "/api/v1/inmails/", LETTER, Authorization=f"Token {token}", X_Request_ID=REQUEST_ID
    )
    assert (status, headers["X-Request-ID"]) == (201, REQUEST_ID)
    (asked,) = said("web", event="request", request_id=REQUEST_ID)
    assert (asked["route"], asked["status"], asked["member"]) == ("api/v1/inmails/", 201, alice.pk)
    (done,) = wait_for(lambda: said("worker", event="task_done", request_id=REQUEST_ID))
    assert (done["task"], done["duration_ms"] >= 0) == ("inmail.deliver", True)
    assert done["task_id"] and Inmail.objects.get(pk=json.loads(text)["id"]).status == Status.DELIVERED


@pytest.mark.parametrize(
    "claimed", ["", "short", "x" * 200, "a b c d e f g h", "0123456789abcdef0123456789abcdef01234567"]
)
def test_an_id_that_is_none_is_not_believed(visitor, said, claimed):
    given = visitor.ask("/accounts/login/", X_Request_ID=claimed)[1]["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", given)
    assert said("web", event="request", request_id=given)[0]["route"] == "accounts/login/"


def test_what_the_web_counts_adds_up_over_its_processes(visitor, folder):
    name = 'http_request_seconds_count{method="GET",route="accounts/login/",status="200"}'
    before = figure(visitor, name)
    for _ in range(40):
        visitor.ask("/accounts/login/")
    assert {figure(visitor, name) for _ in range(10)} == {before + 40}
    assert len(list((folder / "metrics").glob("histogram_*.db"))) == 2


def figure(visitor, name: str) -> float:
    lines = dict(line.rsplit(" ", 1) for line in visitor.ask("/metrics")[2].splitlines() if line[0] != "#")
    return float(lines.get(name, 0))


@pytest.fixture
def no_drafts(transactional_db):
    """An error that nobody foresaw, in which the database quotes what was to be kept."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inmail_draft ADD CONSTRAINT nothing_is_kept CHECK (subject = '')")
        yield
        cursor.execute("ALTER TABLE inmail_draft DROP CONSTRAINT nothing_is_kept")


def test_nothing_that_is_anybodys_stands_in_any_log(visitor, no_drafts, said, folder, servers, alice):
    visitor.post("/accounts/signup/", username="newcomer", email=ADDRESS, password1=PASSWORD, password2="other")
    visitor.post("/accounts/login/", login=ADDRESS, password=PASSWORD)
    visitor.post("/accounts/login/", login="alice", password=PASSWORD)
    visitor.post("/accounts/password/reset/", email=alice.email or ADDRESS)
    visitor.ask("/accounts/password/reset/key/4-c0ffee-0123456789abcdef/")
    visitor.ask("/search/?" + urlencode({"q": BODY}))
    token = Token.objects.create(user=alice).key
    visitor.post_json("/api/v1/inmails/", LETTER | {"unknown": ADDRESS}, Authorization=f"Token {token}")
    draft = {"draft": "5a3bdc06-0000-4000-8000-000000000001", "subject": SUBJECT, "body": BODY, "category": ""}
    assert visitor.post("/members/carol/inmail/draft/", **draft)[0] == 500
    (failed,) = wait_for(lambda: said("web", event="Internal Server Error"))
    assert failed["exception"][0]["type"].endswith("IntegrityError")
    assert said("web", event="request", status=500, request_id=failed["request_id"])
    secrets = [PASSWORD, BODY, BODY[:20], SUBJECT, ADDRESS, token, "c0ffee", "newcomer", "@example"]
    secrets += [cookie.value for cookie in visitor.cookies if len(cookie.value) > 10]
    everything = [(folder / f"{name}.log").read_text() for name in ("web", "worker")]
    everything.append((servers.folder / "postgres.log").read_text())
    assert "nothing_is_kept" in everything[-1]
    assert [secret for secret in secrets for text in everything if secret in text] == []


JUNK = [
    b'GET /\r\n{"level": "critical", "event": "forged"} HTTP/1.1\r\n\r\n',
    b"\x16\x03\x01\n{}\n\x85\xe2\x80\xa8\r\n\r\n",
    b'GET /forged HTTP/1.1\r\nHost: evil"\x0b{}\r\nX-Request-ID: a\x85{"event":"forged"}\r\n\r\n',
    b"GET /%0a%7b%22event%22%3a%22forged%22%7d HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"BREW\tx /\nforged HTTP/9.9\r\nHost: a\nb: c\r\n\r\n",
]


@pytest.mark.parametrize("junk", JUNK)
def test_what_is_no_request_forges_no_line(visitor, said, junk):
    host, port = visitor.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(junk)
        line.shutdown(socket.SHUT_WR)
        while line.recv(4096):
            pass
    asked = visitor.ask("/accounts/login/")[1]["X-Request-ID"]
    assert said("web", event="request", request_id=asked)
    assert said("web", event="forged") == []


def test_what_the_servers_say_of_themselves_is_json_too(visitor, said):
    assert {"gunicorn.error"} <= {line["logger"] for line in said("web")}
    assert any(line["logger"].startswith("celery") for line in said("worker"))
    assert all({"timestamp", "level", "logger", "event"} <= line.keys() for line in said("web") + said("worker"))


def test_a_task_that_fails_is_told_once_with_its_place(visitor, said):
    app.send_task("inmail.heartbeat", args=["x" * 60], queue="delivery")
    (failed,) = wait_for(lambda: said("worker", event="task_failed"))
    assert (failed["task"], failed["level"]) == ("inmail.heartbeat", "error")
    assert failed["exception"][0]["type"].endswith("DataError") and failed["exception"][0]["at"]

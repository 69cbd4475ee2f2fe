"""The site as `run.py` serves it, two processes behind one socket, and raw HTTP for what no client library says."""

import http.client
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.serving import gunicorn
from tests.processes import begin, end, wait_for

RATES = {"API_RATE_TOKEN": "6/min", "API_RATE_ADDRESS": "1000/min", "ACCOUNT_RATE_LIMITS": "1"}


def pytest_collection_modifyitems(items):
    """Who needs the site needs a database that its processes see too, in one worker of the tests."""
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)) and {"site", "behind_tls"} & set(item.fixturenames):
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """The port of the site on this machine's loopback."""
    with django_db_blocker.unblock(), serving(tmp_path_factory.mktemp("gunicorn"), **RATES) as port:
        yield port


@contextmanager
def serving(folder: Path, **more: str) -> Iterator[int]:
    """The site on a free port, with `more` in its environment."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    served = begin("gunicorn", *gunicorn(port, folder), **more)
    try:
        wait_for(lambda: answers(port), seconds=90)
        yield port
    finally:
        end(served)


def answers(port: int) -> bool:
    try:
        return say(port, "GET /clock/state/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").status > 0
    except OSError:
        return False


class Answer:
    """What came back: `status`, `headers`, `text`, and the `seconds` it took."""

    def __init__(self, answer: http.client.HTTPResponse, seconds: float) -> None:
        self.status, self.headers, self.seconds = answer.status, answer.headers, seconds
        self.text = answer.read().decode("utf-8", "replace")


def say(port: int, raw: str | bytes, *, patience: float = 30.0) -> Answer:
    """Send these very bytes, and read one answer, even where the server hangs up before it has heard them all."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as link:
        try:
            link.sendall(raw.encode() if isinstance(raw, str) else raw)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = http.client.HTTPResponse(link)
        answer.begin()
        return Answer(answer, time.monotonic() - began)


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request as bytes; a header whose name is given with underscores gets hyphens."""
    lines = {"Host": "localhost", "Connection": "close", "Content-Length": str(len(body))}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body

"""A Celery application with two tasks of the test: one kills the process that runs it, one says that it ran."""

import os
import signal
from pathlib import Path

from config.celery import app


@app.task(name="tests.poison")
def poison(path: str) -> None:
    note(path)
    os.kill(os.getpid(), signal.SIGKILL)


@app.task(name="tests.note")
def note(path: str) -> None:
    with Path(path).open("a") as file:
        file.write("x")

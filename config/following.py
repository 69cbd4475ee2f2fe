"""The id of a request follows what it set going: into the headers of a task, and from there into each line of a worker.

What the beat sets going each second is told only when it fails or takes long.
"""

from __future__ import annotations

import logging
import re
import time

import structlog
from celery import signals
from django_structlog.celery.receivers import CeleryReceiver

from config import logs

log = structlog.get_logger(__name__)
SANE = re.compile(r"[A-Za-z0-9-]{8,36}", re.ASCII)  # shorter than a token, with nothing that ends a line
LONG = 1_000  # milliseconds after which even a task of the beat is told


def sane(text) -> str | None:
    """`text` when it can be the id of a request, whoever sent it."""
    return text if isinstance(text, str) and SANE.fullmatch(text) else None


class Follower(CeleryReceiver):
    """django-structlog's, saying less: no arguments, no results, no values of exceptions, nothing of idle beats."""

    def get_task_context(self) -> dict:
        known = structlog.contextvars.get_contextvars()
        context = {"request_id": known.get("request_id"), "parent_task_id": known.get("task_id")}
        return {key: text for key, text in context.items() if text}

    def bind_context(self, context) -> None:
        """Whatever a message claims: only the id of a request, and only if it looks like one."""
        given = context if isinstance(context, dict) else {}
        found = {key: text for key in ("request_id", "parent_task_id") if (text := sane(given.get(key)))}
        structlog.contextvars.bind_contextvars(**found)

    def receiver_after_task_publish(self, **_) -> None:
        pass

    def receiver_task_prerun(self, task_id, task, *args, **kwargs) -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)
        self.bind_context(getattr(task.request, "__django_structlog__", None))
        task.request._django_structlog_started_at = time.monotonic_ns()

    def receiver_task_success(self, sender=None, **_) -> None:
        took: dict = {}
        self.add_duration_ms(sender, took)
        asked = "request_id" in structlog.contextvars.get_contextvars()
        level = logging.INFO if asked or took.get("duration_ms", 0) >= LONG else logging.DEBUG
        log.log(level, "task_done", **took)

    def receiver_task_failure(self, task_id=None, exception=None, sender=None, **_) -> None:
        """Also heard in the main process, about a task whose process was killed: there nothing is bound."""
        took: dict = {}
        self.add_duration_ms(sender, took)
        log.error(
            "task_failed", exc_info=exception, **{"task": getattr(sender, "name", None), "task_id": task_id}, **took
        )

    def receiver_task_retry(self, reason=None, **_) -> None:
        log.warning("task_retried", exc_info=reason if isinstance(reason, BaseException) else None)

    def receiver_task_revoked(self, request=None, expired=None, **_) -> None:
        level = logging.DEBUG if expired else logging.WARNING
        log.log(level, "task_dropped", task=request.task, task_id=request.id, expired=bool(expired))


def forget(**_) -> None:
    structlog.contextvars.clear_contextvars()


follower = Follower()


def connect() -> None:
    """Once in every process, before it says anything."""
    logs.configure()
    signals.setup_logging.connect(logs.configure)
    follower.connect_worker_signals()
    signals.task_postrun.connect(forget)

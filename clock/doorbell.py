"""Telling the workers that there is work. The rows are the truth: a bell nobody hears is made good by a sweep."""

from __future__ import annotations

import logging

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)


def ring(task: str, *args) -> None:
    """Once the transaction commits, send `task`; a broker that is down never becomes the caller's error."""
    transaction.on_commit(lambda: _send(task, args), robust=True)


def _send(task: str, args: tuple) -> None:
    try:
        current_app.send_task(task, args=args, ignore_result=True, retry=False)
    except Exception as error:
        log.warning("doorbell %s not heard (%s); the sweep will find the work", task, error)

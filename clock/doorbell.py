"""Telling the workers that there is work. The rows are the truth: a bell nobody hears is made good by a sweep.

Law: ringing happens after the commit, never raises, and takes at most one broker timeout every five seconds.
"""

from __future__ import annotations

import logging
import time

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)
QUIET = 5.0  # seconds without ringing after a bell that was not heard
_quiet_until = 0.0


def ring(task: str, *args) -> None:
    """Once the transaction commits, send `task`; a broker that is down never becomes the caller's error."""
    transaction.on_commit(lambda: _send(task, args), robust=True)


def _send(task: str, args: tuple) -> None:
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        current_app.send_task(task, args=args, ignore_result=True, retry=False)
    except Exception as error:
        _quiet_until = time.monotonic() + QUIET
        log.warning("doorbell %s not heard (%s); the sweep will find the work", task, error)

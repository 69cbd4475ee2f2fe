"""The one small interface through which higher floors have their work done when it falls due.

Settings name the sources (`CLOCK_SOURCES`); their order is their rank at one instant.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from clock.models import Timeline


class Source(Protocol):
    """Work that falls due on a timeline. Every method returns counts per kind of event."""

    def release(self, timeline: Timeline) -> Counter:
        """Before the clock is advanced: end what waits on wall time, in transactions of its own."""

    def midnight(self, timeline: Timeline, at: datetime) -> Counter:
        """The steps of 00:00; everything earlier has been done."""

    def run(self, timeline: Timeline, after: datetime, until: datetime) -> Counter:
        """Everything due at `after < at <= until`, in order; the span never crosses a midnight."""


@cache
def sources() -> tuple[Source, ...]:
    """One instance of each class named in settings, in their order."""
    return tuple(import_string(path)() for path in settings.CLOCK_SOURCES)

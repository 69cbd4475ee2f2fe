"""Who keeps a log of what staff do to the clock: a verb of an upper floor that settings name; without one, nobody."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string


def tell(request, act: str, **said) -> None:
    """Have it written down, in the transaction of the act. Without a request an operator did it."""
    if path := getattr(settings, "CLOCK_WITNESS", ""):
        _verb(path)(request, act, **said)


_verb = cache(import_string)

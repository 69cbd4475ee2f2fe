"""When the database gives an act up, is away, or keeps it waiting: it is tried again where that is harmless, else 503.

Law: only what was rolled back, or may be done twice (reading, or under an idempotency key), is tried again, and only
while somebody who waits has not waited long.
"""

from __future__ import annotations

import logging
import sys
import time
from contextlib import suppress

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse, JsonResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.template.loader import render_to_string
from django.views.defaults import server_error as broken

from clock import conflicts
from inmail.api.errors import RETRY_AFTER, UNAVAILABLE

log = logging.getLogger(__name__)
READING = ("GET", "HEAD", "OPTIONS")
PATIENCE = 1.2  # seconds of a request after which it is not begun again; a lock may then still take its timeout
AWAY = (OperationalError, InterfaceError)


class Busy:
    """Middleware, the innermost: it does again what a view could not."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.began, request.tries_left = time.monotonic(), conflicts.TRIES - 1
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method not in READING:  # kept, so that it can be read again
            with suppress(RequestDataTooBig, RawPostDataException, UnreadablePostError):
                _ = request.body

    def process_exception(self, request, error):
        while may_repeat(request, error):
            request.tries_left -= 1
            if not conflicts.is_conflict(error):
                connection.close()
            conflicts.pause(conflicts.TRIES - 1 - request.tries_left)
            view = request.resolver_match
            try:
                return view.func(request, *view.args, **view.kwargs)
            except AWAY as again:
                error = again
        return unavailable(request, error) if isinstance(error, AWAY) else None


def may_repeat(request, error: Exception) -> bool:
    """Whether the view may be called once more: after a conflict, or a lost connection where twice is like once."""
    if not request.tries_left or time.monotonic() - request.began > PATIENCE:
        return False
    harmless = request.method in READING or "Idempotency-Key" in request.headers
    return conflicts.may_repeat(error) or (harmless and conflicts.is_lost(error))


def unavailable(request, error: Exception) -> HttpResponse:
    """503: nothing was changed, asking again may help."""
    log.warning("503: %s", error)
    headers = {"Retry-After": RETRY_AFTER}
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": str(UNAVAILABLE)}, status=503, headers=headers)
    # Without the request: what every page is given comes from the database.
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)


def server_error(request) -> HttpResponse:
    """The page for what nobody foresaw; a middleware that found no database is foreseen."""
    error = sys.exc_info()[1]
    return unavailable(request, error) if isinstance(error, AWAY) else broken(request)

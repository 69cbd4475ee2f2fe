"""When the database gives an act up, is away, or keeps it waiting: it is tried again where that is harmless, else 503.

Law: only what was rolled back, or may be done twice (reading, or a call that keeps its idempotency key), is tried
again, and only while somebody who waits has not waited long; what may have been done is never called undone.
"""

from __future__ import annotations

import logging
import sys
import time
from contextlib import suppress

from django.core.exceptions import RequestDataTooBig
from django.db import Error, connection
from django.http import HttpResponse, JsonResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.template.loader import render_to_string
from django.views.defaults import server_error as broken

from clock import conflicts
from inmail.api.errors import RETRY_AFTER, UNAVAILABLE, UNKNOWN

log = logging.getLogger(__name__)
READING = ("GET", "HEAD", "OPTIONS")
PATIENCE = 1.2  # seconds of a request after which it is not begun again; a lock may then still take its timeout


class Busy:
    """Middleware, the innermost: it does again what a view could not."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.began, request.tries_left, request.may_be_done = time.monotonic(), conflicts.TRIES - 1, False
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method not in READING:  # kept, so that it can be read again
            with suppress(RequestDataTooBig, RawPostDataException, UnreadablePostError):
                _ = request.body

    def process_exception(self, request, error):
        while may_repeat(request, error):
            request.tries_left -= 1
            if conflicts.is_lost(error):
                note(request)
                connection.close()
            conflicts.pause(conflicts.TRIES - 1 - request.tries_left)
            try:
                return once_more(request)
            except Error as again:
                if not conflicts.is_away(again):
                    raise
                error = again
        if conflicts.is_lost(error):
            note(request)
        return unavailable(request, error) if conflicts.is_away(error) else None


def may_repeat(request, error: Exception) -> bool:
    """Whether the view may be called once more: after a conflict, or a lost connection where twice is like once."""
    if not request.tries_left or time.monotonic() - request.began > PATIENCE:
        return False
    return conflicts.may_repeat(error) or (conflicts.is_lost(error) and is_harmless(request))


def is_harmless(request) -> bool:
    """Whether twice is like once: for reading, and under a key where the view keeps keys."""
    view = getattr(request.resolver_match.func, "view_class", None)
    return request.method in READING or ("Idempotency-Key" in request.headers and getattr(view, "keeps_keys", False))


def once_more(request) -> HttpResponse:
    """The view's answer, whole: what its template asks of the database belongs to the try."""
    view = request.resolver_match
    response = view.func(request, *view.args, **view.kwargs)
    return response.render() if callable(getattr(response, "render", None)) else response


def note(request) -> None:
    """From now on nobody here can say that nothing was changed."""
    request.may_be_done = request.method not in READING


def unavailable(request, error: Exception) -> HttpResponse:
    """503: nothing was changed, or it is not known; asking again, or looking, may help."""
    log.warning("503: %s", error)
    unknown = getattr(request, "may_be_done", False)
    headers = {"Retry-After": RETRY_AFTER}
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": str(UNKNOWN if unknown else UNAVAILABLE)}, status=503, headers=headers)
    # Without the request: what every page is given comes from the database.
    return HttpResponse(render_to_string("503.html", {"unknown": unknown and UNKNOWN}), status=503, headers=headers)


def server_error(request) -> HttpResponse:
    """The page for what nobody foresaw; a middleware that found no database is foreseen."""
    error = sys.exc_info()[1]
    return unavailable(request, error) if conflicts.is_away(error) else broken(request)

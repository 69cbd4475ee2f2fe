"""Every request has an id, a line when it is answered, and its time in the metrics: by route, never by address.

The outermost middleware, so that whatever else is said meanwhile bears the id.
"""

from __future__ import annotations

import logging
import time
import uuid

import structlog
from django.conf import settings
from django.utils.functional import SimpleLazyObject, empty

from config import metrics
from config.following import sane

log = structlog.get_logger(__name__)
HEADER = "X-Request-ID"
# What pages and watchers ask for every few seconds, and files: told only when it fails.
QUIET = {"healthz", "metrics", "clock/state/", "status/", "static"}


class Requests:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        request_id = sane(request.headers.get(HEADER)) or uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = self.get_response(request)
            response[HEADER] = request_id
            tell(request, response, time.perf_counter() - began)
            return response
        finally:
            structlog.contextvars.clear_contextvars()


def tell(request, response, seconds: float) -> None:
    route, status = route_of(request), response.status_code
    method = request.method if request.method in metrics.METHODS else "other"
    metrics.answered(route, method, status, seconds)
    level = logging.ERROR if status >= 500 else logging.DEBUG if route in QUIET and status < 400 else logging.INFO
    said = {"route": route, "method": method, "status": status, "ms": round(seconds * 1000, 1)}
    log.log(level, "request", **said, member=member_of(request))


def route_of(request) -> str:
    """The pattern that was asked for, so that no name and no secret of an address is kept."""
    match = getattr(request, "resolver_match", None)
    if match:
        return match.route or "/"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


def member_of(request) -> int | None:
    """The number of the row of who asked, if anybody has looked: no query is made for the log's sake."""
    user = getattr(request, "user", None)
    if isinstance(user, SimpleLazyObject) and user._wrapped is empty:
        return None
    return getattr(user, "pk", None)

"""A page whose database is away, or kept it waiting too long for a lock, says so: 503, nothing changed, try again."""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string

log = logging.getLogger(__name__)
RETRY_AFTER = "2"


class Busy:
    """Middleware for pages; the API answers for itself."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        log.warning("503: %s", error)
        # Without the request: what every page is given comes from the database.
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": RETRY_AFTER})

"""Sessions as Django keeps them, but that a late request takes nobody's new cookie away, and that use prolongs them.

A page asks for its news all the time. When a request changes the session's key (signing in, a new password, looking
as a member), another may still come with the old key; to it the session is empty, and Django would have the browser
forget the cookie, which is the new one by then. Only who empties a session, by signing out, takes the cookie away.
"""

import logging

from django.contrib.sessions import middleware
from django.db import Error
from django.utils.cache import patch_vary_headers

from clock import conflicts
from config import busy
from config.requests import QUIET, route_of

log = logging.getLogger(__name__)


class Sessions(middleware.SessionMiddleware):
    def process_response(self, request, response):
        session = request.session
        if not session.modified and session.is_empty():
            patch_vary_headers(response, ("Cookie",))
            return response
        if session.accessed and not session.modified and route_of(request) not in QUIET:
            prolong(session)
        return self.save(request, response)

    def save(self, request, response):
        """A database that does not take what was changed is a 503; what the view has done stays done."""
        try:
            return super().process_response(request, response)
        except Error as error:
            if not conflicts.is_away(error):
                raise
            busy.note(request)
            return busy.unavailable(request, error)


def prolong(session) -> None:
    """Nobody's answer waits for this to succeed: the next request does it."""
    try:
        session.keep()
    except Error as error:
        log.info("A session was not prolonged: %s", error)

"""Sessions as Django keeps them, but that a late request takes nobody's new cookie away.

A page asks for its news all the time. When a request changes the session's key (signing in, a new password, looking
as a member), another may still come with the old key; to it the session is empty, and Django would have the browser
forget the cookie, which is the new one by then. Only who empties a session, by signing out, takes the cookie away.
"""

from django.contrib.sessions import middleware
from django.utils.cache import patch_vary_headers


class Sessions(middleware.SessionMiddleware):
    def process_response(self, request, response):
        if request.session.modified or not request.session.is_empty():
            return super().process_response(request, response)
        patch_vary_headers(response, ("Cookie",))
        return response

"""What every answer says to the browser beside what Django's own middleware says: errors and files included.

The law: what has not said otherwise is kept by nobody.
"""

from __future__ import annotations

from django.conf import settings

UNUSED = ("camera", "microphone", "geolocation", "payment", "usb", "serial", "midi", "display-capture")
ALWAYS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED),
    "X-Permitted-Cross-Domain-Policies": "none",
}
RETRY_AFTER = "60"  # the window of nearly all limits of signing in; who is still too early is told so again


class Headers:
    """The outermost middleware."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", RETRY_AFTER)
        if settings.HTTPS:
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response

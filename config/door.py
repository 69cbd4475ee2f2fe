"""What gunicorn itself refuses, before there is a request that Django could see: no HTTP, headers without end.

Law: who is refused there, too, gets a page with a sentence and all our headers, and nothing of what they sent.
"""

from __future__ import annotations

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

from config.headers import Headers

TOO_LONG, NOT_IMPLEMENTED = 431, 501  # the latter is what gunicorn calls a coding that it does not know


class Worker(ThreadWorker):
    """For gunicorn's --worker-class: threads as ever; only its errors are written by us."""

    def init_process(self):
        util.write_error = write_error
        super().init_process()


def write_error(sock, status: int, reason: str, said: str) -> None:
    """In place of gunicorn's own: `reason` belongs to the status line; what it has `said` stands in the log alone."""
    response = refusal(status)
    head = "".join(f"{name}: {value}\r\n" for name, value in response.items())
    util.write_nonblock(sock, f"HTTP/1.1 {status} {reason}\r\n{head}\r\n".encode("latin-1") + response.content)


def refusal(status: int) -> HttpResponse:
    """The page in the site's first language (which one they want was not heard), passed by all who add headers."""
    template = "500.html" if status >= 500 and status != NOT_IMPLEMENTED else "refused.html"
    with translation.override(settings.LANGUAGE_CODE):
        page = render_to_string(template, {"code": status, "sentence": sentence(status)})
    response = HttpResponse(page, status=status, headers={"Connection": "close", "Content-Length": len(page.encode())})
    request = HttpRequest()
    if settings.SECURE_PROXY_SSL_HEADER:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        request.META[name] = value  # with HTTPS=1 only a proxy with TLS talks to us

    def said(_) -> HttpResponse:
        return response

    for middleware in (SecurityMiddleware, XFrameOptionsMiddleware, CSPMiddleware):
        middleware(said).process_response(request, response)
    return Headers(said)(request)


def sentence(status: int) -> str:
    if status == TOO_LONG:
        return _("What your browser sends along is too long. Remove the cookies of this site and try again.")
    return _("This is no request that can be understood. Nothing was changed.")

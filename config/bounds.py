"""What no view should have to refuse: odd methods, endless addresses, bodies too large, packed or of unknown length.

The law: it is refused before anything is read of it, with a sentence; nothing is changed.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LONGEST_ADDRESS = 131_072  # people may search for 5,000 words


class Bounds:
    """Middleware, after the language is known and before anything is read of the body."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if found := out_of_bounds(request):
            return refuse(request, *found)
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            return refuse(request, 405, wrong_method(), {"Allow": response.get("Allow", "")})
        return response

    def process_view(self, request, view, args, kwargs):
        """A view with `takes_files` reads small ones in memory; nothing of the body has been read yet."""
        if getattr(view, "takes_files", False):
            request.upload_handlers = [MemoryFileUploadHandler(request), *request.upload_handlers]


def out_of_bounds(request: HttpRequest) -> tuple[int, str, dict] | None:
    """The status, the sentence and the headers of the refusal; None when there is nothing to refuse."""
    sent = request.META
    length = sent.get("CONTENT_LENGTH") or ""
    if settings.HTTPS and not request.is_secure() and request.path_info.startswith("/api/v1/"):
        return (
            403,
            _("Ask here over HTTPS, and change what you have just sent in the clear: others may have read it."),
            {},
        )
    if request.method not in METHODS:
        return 405, wrong_method(), {"Allow": ", ".join(METHODS)}
    if len(request.path_info) + len(sent.get("QUERY_STRING", "")) > LONGEST_ADDRESS:
        return 414, _("This address is too long. Shorten what you search for."), {}
    if sent.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() not in ("", "identity"):
        return 415, _("What is sent here must not be packed (Content-Encoding). Nothing was changed."), {}
    if sent.get("HTTP_TRANSFER_ENCODING") and not length:
        return 411, _("Say how long the content is (Content-Length). Nothing was changed."), {}
    if length.isdecimal() and int(length[:20]) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
        return 413, _("This is too large: at most %(most)d MB are taken. Nothing was changed.") % {"most": most}, {}
    return None


def refuse(request: HttpRequest, status: int, sentence: str, headers: dict) -> HttpResponse:
    """JSON under /api/, else a page that needs neither database nor session."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": sentence}, status=status, headers=headers)
    page = render_to_string("refused.html", {"code": status, "sentence": sentence})
    return HttpResponse(page, status=status, headers=headers)


def wrong_method() -> str:
    return _("This cannot be done at this address in this way. Nothing was changed.")


class NoFiles(FileUploadHandler):
    """A file that no view takes, or that is too large for it, is refused before its first byte is kept."""

    def new_file(self, *args, **kwargs):
        raise SuspiciousOperation("A file was sent, and nothing here takes one like it.")

    def receive_data_chunk(self, raw_data, start):
        return None

    def file_complete(self, file_size):
        return None

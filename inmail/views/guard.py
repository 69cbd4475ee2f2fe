"""Who may come in, and what every page of InMail begins with."""

from __future__ import annotations

from functools import wraps
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers

from accounts.models import Member
from inmail import drafts, idempotency
from inmail.refusals import Refusal, Refused

member_only = login_required


def staff_only(view):
    """For staff; other members are refused (403), visitors sign in first."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


def member_or_404(viewer: Member, handle: str) -> Member:
    """The member of that handle whom `viewer` may know of; those who left stay known."""
    if "\0" in handle:
        raise Http404
    return get_object_or_404(Member.objects.visible_to(viewer), handle=handle.lower())


def page_or_part(request, page: str, part: str, context: dict, *, status: int = 200):
    """The whole page, or for htmx only the part that changes."""
    wants_part = request.htmx and not request.htmx.history_restore_request
    response = render(request, part if wants_part else page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def own_path(url: str, fallback: str = "/") -> str:
    """`url` when it stays on this site, without its host; else `fallback`."""
    parts = urlsplit(url or "")
    inside = not parts.scheme and not parts.netloc and url.startswith("/") and "\\" not in url
    return url if inside else fallback


def once(member: Member, token, act) -> dict:
    """What the page's button led to, however often it was pressed. `act` returns that as plain data."""
    return idempotency.once(member, drafts.button(token), "", lambda: (303, act())).body


def refusal_of(error: Refused | idempotency.StillRunning) -> tuple[list[Refusal], int]:
    """The refusals to show, and the HTTP status."""
    if isinstance(error, Refused):
        return error.refusals, 422
    return [Refusal("still_running", str(error))], 409


REFUSED = (Refused, idempotency.StillRunning)

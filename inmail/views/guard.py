"""Who may come in, and what every page of InMail begins with."""

from __future__ import annotations

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy

from accounts.models import Member
from clock.guard import holders_only
from inmail import drafts, idempotency
from inmail.refusals import Refusal, Refused

LONGEST_WAY_BACK = 2_000  # characters


def member_only(view):
    """For members; visitors sign in first, and a part of a page that asks for itself reloads the whole."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.htmx and not request.user.is_authenticated:
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return view(request, *args, **kwargs) if request.user.is_authenticated else redirect_to_login(_here(request))

    return guarded


def _here(request) -> str:
    """Where to come back to after signing in; a search for 5,000 words is too long to be led back to."""
    here = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    return here if len(here) <= LONGEST_WAY_BACK else "/"


def staff_only(view):
    """For staff; other members are refused (403), visitors sign in first."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return member_only(guarded)


def staff_may(permission: str):
    """For staff who hold `permission`, one of the models' own."""
    return lambda view: staff_only(holders_only(permission)(view))


def member_or_404(viewer: Member, handle: str) -> Member:
    """The member of that handle whom `viewer` may know of; those who left stay known."""
    return _named(Member.objects.visible_to(viewer), handle)


def any_member_or_404(handle: str) -> Member:
    """The same for staff, who may look at anybody's entries."""
    return _named(Member.objects.all(), handle)


def _named(members, handle: str) -> Member:
    if "\0" in handle:  # the database would not hear of it
        raise Http404
    return get_object_or_404(members, handle=handle.lower())


def page_or_part(request, page: str, part: str, context: dict, *, status: int = 200):
    """The whole page, or for htmx only the part that changes."""
    wants_part = request.htmx and not request.htmx.history_restore_request
    response = render(request, part if wants_part else page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def own_path(url: str, fallback: str = "/") -> str:
    """`url` when it stays on this site, without its host; else `fallback`."""
    # Browsers go elsewhere at "//", "///", and a backslash; Django knows all of it.
    return url if url and url.startswith("/") and url_has_allowed_host_and_scheme(url, None) else fallback


def once(member: Member, token, act, *, of: str) -> dict:
    """What the page's button led to, however often it was pressed. `act` returns that as plain data.

    `of` is the fingerprint of what was sent: another one under the same token is refused, not lost.
    """
    return idempotency.once(member, drafts.button(token), of, lambda: (303, act())).body


def is_changed(error: Refused | idempotency.StillRunning) -> bool:
    """Whether the page's one sending has been done, with another text (the back button)."""
    return isinstance(error, Refused) and error.codes == [idempotency.REUSED]


def refusal_of(error: Refused | idempotency.StillRunning, *, changed=None) -> tuple[list[Refusal], int]:
    """The refusals to show, and the HTTP status; `changed` is the sentence for what is no text."""
    if is_changed(error):
        return [Refusal(idempotency.REUSED, str(changed or CHANGED))], 422
    if isinstance(error, Refused):
        return error.refusals, 422
    return [Refusal("still_running", str(error))], 409


REFUSED = (Refused, idempotency.StillRunning)
CHANGED = gettext_lazy("This text differs from the one you have already sent; press the button again to send it too.")
USED = gettext_lazy("This button has already done something else; press it again to do this too.")

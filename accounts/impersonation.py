"""Looking at the platform as a member: by permission, with a reason, on record from beginning to end, and read-only.

Law: whoever impersonates changes nothing, reads no private text and comes near no key of the account.
"""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from hijack.middleware import HijackUserMiddleware

from accounts import journal
from accounts.models import Member

PERMISSION = "accounts.impersonate"
LASTS = 3_600  # seconds without a request after which the session ends, that of the impersonator with it
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
STOP, SIGN_OUT = "accounts:stop_impersonating", "account_logout"
KEYS = ("account_", "mfa_", "usersessions_", "inmail:leave")  # how the member signs in, and leaves
REFUSAL = gettext_lazy("While you look at the platform as somebody else, you can change nothing.")
WITHHELD = gettext_lazy("A private text, not shown while impersonating.")


def may(*, hijacker: Member, hijacked: Member) -> bool:
    """Whether one may look at the platform as the other: never as staff, nor as one who has left."""
    return (
        hijacked.is_active
        and hijacker != hijacked
        and not (hijacked.is_staff or hijacked.is_superuser)
        and hijacker.is_staff
        and hijacker.has_perm(PERMISSION)
    )


def is_on(member) -> bool:
    """Whether the `request.user` given is really somebody else."""
    return getattr(member, "is_hijacked", False)


class Impersonation(HijackUserMiddleware):
    """Middleware: knows who is impersonated, and lets them only look. The page's own banner says so."""

    def process_response(self, request, response):
        return response  # instead of a banner put into the finished page

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        name = request.resolver_match.view_name or ""
        if (request.method in SAFE and not name.startswith(KEYS)) or not is_on(request.user):
            return None
        if name == SIGN_OUT:
            if request.method == "POST":
                journal.record(request, journal.Act.IMPERSONATION_ENDED, on=request.user, how="signed out")
            return None
        return None if name == STOP else _refused(request)


def _refused(request) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": str(REFUSAL)}, status=403)
    return render(request, "accounts/only_looking.html", {"sentence": REFUSAL}, status=403)

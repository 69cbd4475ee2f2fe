"""For staff with the permission: begin to look at the platform as a member, and stop."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST
from hijack.views import AcquireUserView, ReleaseUserView

from accounts import impersonation, journal, sessions
from accounts.models import Member
from accounts.reasons import ReasonForm
from clock.guard import staff_only


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def begin(request, handle):
    member = _member_or_refused(request.user, handle)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        request.POST = request.POST.copy()
        request.POST["user_pk"] = str(member.pk)
        with transaction.atomic(), sessions.going_on(request.session):
            journal.record(request, journal.Act.IMPERSONATION_BEGUN, on=member, **form.cleaned_data)
            answer = AcquireUserView.as_view()(request)
        request.session.set_expiry(impersonation.LASTS)
        return answer
    context = {"member": member, "form": form}
    return render(request, "accounts/impersonate.html", context, status=400 if form.is_bound else 200)


def _member_or_refused(staff: Member, handle: str) -> Member:
    if not staff.has_perm(impersonation.PERMISSION):
        raise PermissionDenied
    if "\0" in handle:
        raise Http404
    member = get_object_or_404(Member, handle=handle.lower())
    if not impersonation.may(hijacker=staff, hijacked=member):
        raise PermissionDenied
    return member


@require_POST
def stop(request):
    if not impersonation.is_on(request.user):
        raise PermissionDenied
    with transaction.atomic(), sessions.going_on(request.session):
        journal.record(request, journal.Act.IMPERSONATION_ENDED, on=request.user)
        answer = ReleaseUserView.as_view()(request)
    UserSession.objects.create_from_request(request)  # so that it stands among one's sessions again
    return answer

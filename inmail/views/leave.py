"""Deleting one's own account: what goes and what stays, the password, and no way back."""

from __future__ import annotations

from allauth.account.forms import ReauthenticateForm
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import journal
from accounts.models import Member
from inmail import departure
from inmail.views.guard import member_only


class LeaveForm(ReauthenticateForm):
    sure = forms.BooleanField(label=gettext_lazy("Delete my account; I know that it cannot be brought back."))


@require_http_methods(["GET", "HEAD", "POST"])
@member_only
def leave(request):
    form = LeaveForm(request.POST if request.method == "POST" else None, user=request.user)
    if not form.is_valid():
        return render(request, "inmail/leave.html", {"form": form}, status=400 if form.is_bound else 200)
    member = Member.objects.get(pk=request.user.pk)
    try:
        with departure.standstill() as at:
            counts = departure.depart(member, at=at)
            # Not by the request: who is gone leaves no handle and no address behind.
            journal.record(None, journal.Act.MEMBERS_DELETED, on=member, what="by the member", **counts)
    except departure.MayNotLeave as why:
        form.add_error(None, str(why))
        return render(request, "inmail/leave.html", {"form": form}, status=422)
    logout(request)
    messages.success(request, _("Your account is deleted. Good-bye."))
    return redirect("/")

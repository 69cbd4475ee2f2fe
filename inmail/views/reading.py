"""For staff with the permission: one private text, after a reason has been given and written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Member
from accounts.reasons import ReasonForm
from inmail import reading
from inmail.models import Inmail, Message
from inmail.views.guard import staff_only


@dataclass(frozen=True)
class Text:
    """What is asked for: its envelope, which staff may always see, and what is in it."""

    title: str
    author: Member
    recipient: Member
    at: datetime
    subject: str
    body: str


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_only
def inmail(request, pk):
    _permitted(request.user)
    row = get_object_or_404(Inmail.objects.select_related("sender", "recipient"), pk=pk)
    title = _("InMail %(number)s") % {"number": row.pk}
    text = Text(title, row.sender, row.recipient, row.created_at, row.subject, row.body)
    return _page(request, text, lambda reason: reading.inmail(request, row, reason=reason))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_only
def message(request, pk):
    _permitted(request.user)
    rows = Message.objects.select_related("author", "thread__opener", "thread__other")
    row = get_object_or_404(rows, pk=pk)
    recipient = row.thread.other if row.author_id == row.thread.opener_id else row.thread.opener
    text = Text(_("Message %(number)s") % {"number": row.pk}, row.author, recipient, row.at, "", row.body)
    return _page(request, text, lambda reason: reading.message(request, row, reason=reason))


def _permitted(reader: Member) -> None:
    if not reading.may(reader):
        raise PermissionDenied


def _page(request, text: Text, record):
    form = ReasonForm(request.POST if request.method == "POST" else None)
    told = form.is_valid()
    if told:
        with transaction.atomic():
            record(form.cleaned_data["reason"])
    status = 400 if form.is_bound and not told else 200
    return render(request, "inmail/reading.html", {"text": text, "form": form, "told": told}, status=status)

"""For staff: the log of what staff have done, by kind and by member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts import cursor, journal
from accounts.models import JournalEntry, Member
from clock.guard import staff_may


class LogForm(forms.Form):
    """What to show; all of it stands in the address."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *journal.KINDS.items()])
    member = forms.CharField(
        label=_("Handle"), required=False, max_length=60, help_text=_("What they did, or what was done to them.")
    )

    def clean_member(self) -> Member | None:
        handle = self.cleaned_data["member"].strip().lower()
        if not handle:
            return None
        found = Member.objects.filter(handle=handle).first()
        if found is None:
            raise forms.ValidationError(_("There is no such member."))
        return found


@dataclass(frozen=True)
class Line:
    """One entry, with the people it names as they are called today."""

    at: datetime
    act: str
    actor: str
    member: Member | None
    what: str
    reason: str
    details: list[tuple[str, str]]
    whence: str


@require_safe
@staff_may("accounts.view_journalentry")
def log(request):
    form = LogForm(request.GET)
    if not form.is_valid():
        return render(request, "accounts/journal.html", {"form": form, "page": cursor.Page([])}, status=400)
    page = cursor.page_for(request, journal.entries(**form.cleaned_data), order=("-pk",), name="journal")
    people = Member.objects.filter(number__in={row.member_number for row in page.rows if row.member_number})
    known = {member.number: member for member in people}
    page.rows = [_line(row, known) for row in page.rows]
    return render(request, "accounts/journal.html", {"form": form, "page": page})


def _line(row: JournalEntry, known: dict[int, Member]) -> Line:
    return Line(
        at=row.at,
        act=str(journal.Act(row.act).label) if row.act in journal.Act.values else row.act,
        actor=row.actor_handle,
        member=known.get(row.member_number),
        what=row.what,
        reason=row.reason,
        details=[(name.replace("_", " "), _shown(value)) for name, value in row.details.items()],
        whence=" · ".join(part for part in (row.address, row.request_id) if part),
    )


def _shown(value) -> str:
    """A plain value in a line; a pair is what was and what is."""
    if isinstance(value, list):
        return " → ".join(_shown(part) if not isinstance(part, list) else ", ".join(map(str, part)) for part in value)
    return str(value)

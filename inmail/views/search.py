"""Finding members, each with degree and InMail button or reason."""

from __future__ import annotations

from dataclasses import dataclass

from django.views.decorators.http import require_safe

from accounts import cursor, network, search
from accounts.models import Member
from clock import timeline as clock
from inmail import facts, verdicts
from inmail.forms import SearchForm
from inmail.views.guard import member_only, page_or_part
from privacy import search as declared


@dataclass(frozen=True)
class Result:
    member: Member
    degree: int | None
    verdict: verdicts.Verdict


@require_safe
@member_only
def results(request):
    form = SearchForm(request.GET)
    page = _page(request, form) if form.is_valid() else cursor.Page([])
    context = {"form": form, "page": page, "notice": page.notice or _notice(form)}
    status = 200 if form.is_valid() else 400
    return page_or_part(request, "inmail/search.html", "inmail/_results.html", context, status=status)


def _page(request, form: SearchForm) -> cursor.Page:
    wanted = form.cleaned_data
    found = declared.find(
        wanted["q"],
        viewer=request.user,
        country=wanted["country"],
        industry=wanted["industry"],
        degree=wanted["degree"],
        open_to=wanted["open_to"],
    )
    page = cursor.page_for(request, found)
    page.rows = _described(request.user, page.rows)
    return page


def _described(viewer: Member, members: list[Member]) -> list[Result]:
    live = clock.live()
    degrees = network.degrees(viewer, members)
    pairs = facts.seen_by(live, viewer, members, at=live.now_at)
    return [Result(m, degrees[m.pk], verdicts.of(pairs[m.pk])) for m in members]


def _notice(form: SearchForm) -> str:
    return search.understand(form.cleaned_data["q"]).notice if form.is_valid() else ""

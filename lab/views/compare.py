"""Two runs side by side."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inmail.views.guard import member_only
from lab.models import Run
from lab.telling import beside
from lab.views.finding import done_or_404

NEWEST = 50  # runs that are offered to choose from


@require_safe
@member_only
def compare(request):
    """`?a=…&b=…`, or `?run=…&run=…` as the list asks; without two of them, a choice."""
    ticked = request.GET.getlist("run")
    if len(ticked) == 2:
        return redirect(f"{reverse('lab:compare')}?{urlencode({'a': ticked[0], 'b': ticked[1]})}")
    a, b = request.GET.get("a", ""), request.GET.get("b", "")
    if not (a and b):
        return _choice(request, a or b or next(iter(ticked), ""), asked=bool(ticked))
    first, second = (_run(request, name) for name in (a, b))
    return render(request, "lab/compare.html", {"first": first, "second": second, **beside.beside(first, second)})


def _run(request, name: str) -> Run:
    try:
        return done_or_404(request, uuid.UUID(name))
    except ValueError as problem:
        raise Http404 from problem


def _choice(request, chosen: str, *, asked: bool):
    mine = Run.objects.filter(owner=request.user, status=Run.Status.DONE).for_lists()[:NEWEST]
    notice = _("Choose just two runs.") if asked else ""
    return render(request, "lab/choose.html", {"runs": mine, "chosen": chosen, "notice": notice})

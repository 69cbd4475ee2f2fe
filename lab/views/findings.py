"""What long questions to the lab have found: a live test beside the truth, and the tornado of assumptions.

Law: nothing is computed here; a page shows what a command has kept, with its date, size and version.
"""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inmail.views.guard import member_only
from lab import kept
from lab.telling import figures, live, ready, tornado


@require_safe
@member_only
def live_test(request):
    """How wrong a live A/B test on shared recipients would have been; `?of=quality_rule` chooses the scenario."""
    return _show(request, kept.LIVE_TEST, "lab/live_test.html", live.page)


@require_safe
@member_only
def sensitivity(request):
    """Which unpublished assumptions move a verdict; `?of=…` chooses the scenario."""
    return _show(request, kept.SENSITIVITY, "lab/sensitivity.html", tornado.page)


def _show(request, kind: str, template: str, page):
    names = sorted(kept.names(kind), key=ready.place)
    name = request.GET.get("of", names[0] if names else "")
    if name not in names:
        if name:
            raise Http404
        return render(request, template)
    told = kept.of(kind, name)
    context = {
        "kept": told,
        "title": ready.title(name),
        "others": [(each, ready.title(each)) for each in names],
        "members": figures.whole(told.found["members"]),
        "took": figures.duration(told.seconds),
        **page(told.found),
        "arms": [_(arm) for arm in told.found["arms"]],  # those that are called as a policy is
    }
    return render(request, template, context)

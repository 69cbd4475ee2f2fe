"""The clock for staff: what time it is, how fast it runs, moving it on, what fell due. And its state for all."""

from django.contrib import messages
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from clock import advances, witness
from clock import timeline as clock
from clock.forms import AdvanceForm, SpeedForm, UntilForm
from clock.guard import staff_may
from clock.models import Advance

SHOWN = 10
STOP_POLLING = 286
MIDNIGHTS = pgettext_lazy("count", "midnight")  # the clock's own kind of event; the sources name theirs


@require_safe
def state(request):
    """For clocks on a page: now, speed, and whether it is catching up."""
    timeline = clock.live()
    now = timeline.now_at.isoformat().replace("+00:00", "Z")
    return JsonResponse({"now": now, "speed": timeline.speed, "lagging": clock.is_lagging(timeline)})


@require_safe
@staff_may("clock.change_timeline")
def control(request):
    context = _context()
    if request.htmx:
        status = 200 if context["running"] else STOP_POLLING
        return render(request, "clock/_advances.html", context | {"polled": True}, status=status)
    return render(request, "clock/control.html", context)


@require_POST
@staff_may("clock.change_timeline")
def speed(request):
    form = SpeedForm(request.POST)
    if not form.is_valid():
        return render(request, "clock/control.html", _context(speed_form=form), status=400)
    timeline, wanted = clock.live(), form.cleaned_data["speed"]
    with transaction.atomic():
        witness.tell(request, "clock.speed", what=timeline.name, speed=[timeline.speed, wanted])
        clock.set_speed(timeline, speed=wanted)
    messages.success(request, _("The speed is set."))
    return redirect("clock:control")


@require_POST
@staff_may("clock.change_timeline")
def advance(request):
    form = UntilForm(request.POST) if "until" in request.POST else AdvanceForm(request.POST)
    timeline = clock.live()
    if form.is_valid():
        try:
            wanted = form.wanted(timeline.now_at)
            with transaction.atomic():
                advances.request(timeline, until=wanted, by=request.user)
                witness.tell(request, "clock.advanced", what=timeline.name, until=wanted)
            return redirect("clock:control")
        except clock.BadInstant as error:
            form.add_error("until" if "until" in form.fields else None, str(error))
    context = _context(**{"until_form" if "until" in form.fields else "advance_form": form})
    return render(request, "clock/control.html", context, status=400)


def _context(**forms) -> dict:
    timeline = clock.live()
    shown = list(timeline.advances.all()[:SHOWN])
    for wish in shown:
        wish.counted = [
            (pgettext("count", kind.replace("_", " ")), count) for kind, count in sorted(wish.counts.items())
        ]
        wish.progress = _progress(wish, timeline.now_at)
    return {
        "timeline": timeline,
        "now": timeline.now_at,
        "lagging": clock.is_lagging(timeline),
        "advances": shown,
        "running": any(wish.status in advances.UNFINISHED for wish in shown),
        "speed_form": SpeedForm(initial={"speed": timeline.speed}),
        "until_form": UntilForm(),
        **forms,
    }


def _progress(wish: Advance, now) -> int:
    """Per cent of the way to `until`."""
    whole = (wish.until - wish.started_at).total_seconds()
    return max(0, min(100, int(100 * (now - wish.started_at).total_seconds() / whole))) if whole else 100

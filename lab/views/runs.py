"""One's runs and the ready scenarios; a run while it waits and works, and what it said in the end; its acts."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import transaction
from django.db.models import JSONField
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import cursor
from inmail import idempotency
from inmail.forms import OncePressed
from inmail.views.guard import REFUSED, USED, member_only, once, refusal_of
from lab import runs as lab_runs
from lab import scenario
from lab.models import Run
from lab.telling import pages, ready, verdicts
from lab.views.finding import run_or_404, tell_progress

DIFFERENCES = KeyTransform("differences", Cast("report_json", JSONField()))
TOLD = 2  # arms of one run whose verdicts stand in the list


@require_http_methods(["GET", "HEAD", "POST"])
@member_only
def runs(request):
    """The list; a POST starts a ready scenario."""
    if request.method != "POST":
        return _list(request)
    form, name = OncePressed(request.POST), request.POST.get("ready", "")
    if not form.is_valid() or name not in scenario.ready():
        return _list(request, refused=_("There is no ready scenario of that name."), status=400)
    try:
        return redirect("lab:run", start(request.user, form.cleaned_data["token"], name))
    except lab_runs.Refused as problem:
        return _list(request, refused=problem.sentence, status=422)
    except REFUSED as error:
        refusals, status = refusal_of(error, changed=USED)
        return _list(request, refused=refusals[0].message, status=status)


def start(owner, token: uuid.UUID, text: str) -> str:
    """The id of the run that this press of a button has begun, now or before. Raises what `runs.submit` raises."""
    of = idempotency.fingerprint("lab", text)
    with transaction.atomic():
        return once(owner, token, lambda: {"run": str(lab_runs.submit(owner, text).public_id)}, of=of)["run"]


def _list(request, *, refused: str = "", status: int = 200):
    mine = Run.objects.filter(owner=request.user).with_progress().for_lists().annotate(differences=DIFFERENCES)
    page = cursor.page_for(request, mine, order=("-pk",), name="lab.pages")
    page.rows = [_with_verdict(tell_progress(run), run.differences) for run in page.rows]
    context = {
        "page": page,
        "refused": refused,
        "cards": [(card, uuid.uuid4()) for card in ready.cards()],
        "comparable": sum(run.status == Run.Status.DONE for run in page.rows) > 1,
    }
    return render(request, "lab/runs.html", context, status=status)


def _with_verdict(run: Run, differences: dict | None) -> Run:
    """With `verdicts`, a few words about each of the first arms, and how many `more` there are."""
    found = list((differences or {}).items())
    run.verdicts = [(arm if len(found) > 1 else "", verdicts.counts(by)) for arm, by in found[:TOLD]]
    run.more = len(found) - len(run.verdicts)
    return run


@require_safe
@member_only
def run(request, id):
    """Its course, and its report once it is done; for htmx the part that changes (`?line` as the list has it)."""
    mine = run_or_404(Run.objects.visible_to(request.user).with_progress(), id)
    tell_progress(mine)
    if request.htmx and not request.htmx.history_restore_request:
        return _part(request, mine)
    page, context = "lab/run.html", {}
    if mine.status == Run.Status.DONE:
        page, context = "lab/report.html", pages.report(request, mine)
        mine.replications = context["report"]["replications"]  # fewer than asked for, where a precision was reached
    context |= {"run": mine, "may_act": Run.objects.changeable_by(request.user).filter(pk=mine.pk).exists()}
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _part(request, mine: Run):
    if "line" in request.GET:
        report = mine.report
        _with_verdict(mine, report and report["differences"])
        return render(request, "lab/_line.html", {"run": mine})
    if mine.is_over:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "lab/_course.html", {"run": mine})


@require_POST
@member_only
def cancel(request, id):
    mine = run_or_404(Run.objects.changeable_by(request.user), id)
    if lab_runs.cancel(mine, by=request.user):
        messages.success(request, _("The run is cancelled."))
    return redirect("lab:run", mine.public_id)


@require_POST
@member_only
def retry(request, id):
    mine = run_or_404(Run.objects.changeable_by(request.user), id)
    try:
        lab_runs.try_again(mine)
    except lab_runs.Refused as problem:
        if problem.code != lab_runs.NOT_FAILED or mine.is_over:  # pressed twice: it is at work already
            messages.error(request, problem.sentence)
    return redirect("lab:run", mine.public_id)

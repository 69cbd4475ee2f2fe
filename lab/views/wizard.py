"""The wizard: an experiment as a form and as TOML, either made of the other; an estimate; the start.

Law: what was typed is given back whatever is wrong with it; nothing begins before it is read without a fault.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inmail import policy
from inmail.forms import OncePressed
from inmail.views.guard import REFUSED, USED, member_only, refusal_of
from lab import runs as lab_runs
from lab import scenario, writing
from lab.models import Run
from lab.scenario import Arm, Scenario, ScenarioError
from lab.telling import figures, sentences, steps, typed
from lab.views.finding import run_or_404
from lab.views.runs import start

NAME = re.compile(r"[a-z_]+(\.\d{1,2})?(\.[a-z_0-9]+){0,2}")
LONGEST = 1_000  # characters of one field
PRESSED = re.compile(r"(remove)-(\d{1,2})")


@dataclass
class Page:
    """What the wizard shows: the form or the TOML, what is wrong, what it would take."""

    values: dict[str, str]
    text: str = ""
    is_toml: bool = False
    wrong: str | None = None
    line: int | None = None
    sentence: str = ""
    estimate: dict | None = None
    token: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def status(self) -> int:
        return 400 if self.sentence else 200


@require_http_methods(["GET", "HEAD", "POST"])
@member_only
def new(request):
    if request.method != "POST":
        given = _begun_from(request)
        return _show(request, Page(typed.of_scenario(given), estimate=_estimate(given)))
    page, wanted = _read(request)
    act = request.POST.get("act", "check")
    if request.htmx:
        return render(request, "lab/_estimate.html", {"page": page})
    if act == "start" and wanted:
        return _start(request, page, wanted)
    return _show(
        request, _after(page, act, wanted), status=page.status if act in ("check", "start", "toml", "form") else 200
    )


new.takes_files = True  # one, of a scenario; config.bounds


def _begun_from(request) -> Scenario:
    """The ready scenario or the run that is named, or two arms to begin with."""
    name = request.GET.get("from", "")
    if not name:
        two = ("2014", _("return on silence")), ("2015", _("return on answer"))
        return Scenario(_("My experiment"), tuple(Arm(words, policy.PRESETS[preset]) for preset, words in two))
    if name in scenario.ready():
        return scenario.load(scenario.ready()[name])
    try:
        run = run_or_404(Run.objects.visible_to(request.user), uuid.UUID(name))
        return lab_runs.scenario_of(run)
    except ValueError as problem:  # no id; or a scenario that this version cannot read
        raise Http404 from problem


def _read(request) -> tuple[Page, Scenario | None]:
    """What was sent, as a page that gives it back, and the scenario where nothing is wrong with it."""
    token = OncePressed(request.POST)
    page = Page({}, token=token.cleaned_data["token"] if token.is_valid() else uuid.uuid4())
    if request.POST.get("mode") == "toml":
        wanted = _read_toml(request, page)
    else:
        page.values = {
            name: value[:LONGEST] for name, value in request.POST.items() if NAME.fullmatch(name) and name not in _OWN
        }
        wanted = _told(page, typed.read(page.values))
    if wanted:
        page.estimate = _estimate(wanted)
    return page, wanted


_OWN = {"act", "mode", "token", "csrfmiddlewaretoken", "text", "file"}


def _read_toml(request, page: Page) -> Scenario | None:
    page.is_toml = True
    file = request.FILES.get("file")
    try:
        text = file.read().decode("utf-8-sig") if file else request.POST.get("text", "")
    except UnicodeDecodeError:
        text, page.sentence = request.POST.get("text", ""), _("A scenario is a text file in UTF-8.")
    page.text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(page.text) > lab_runs.MOST_TEXT:
        page.text = page.text[: lab_runs.MOST_TEXT]
        page.sentence = _("A scenario has at most %(most)s characters.") % {"most": figures.whole(lab_runs.MOST_TEXT)}
    if page.sentence:
        return None
    try:
        return _told(page, typed.Read(scenario.read(page.text)))
    except ScenarioError as problem:
        return _told(page, typed.Read(None, problem))


def _told(page: Page, found: typed.Read) -> Scenario | None:
    """With its fault written onto the page."""
    if found.error:
        page.wrong, page.line, page.sentence = found.field, found.error.line, sentences.translated(found.error.sentence)
    return found.scenario


def _after(page: Page, act: str, wanted: Scenario | None) -> Page:
    """The page after a button other than the start's."""
    if act == "toml" and wanted:
        page.is_toml, page.text = True, writing.toml(wanted)
    elif act == "form" and wanted:
        page.is_toml, page.values = False, typed.of_scenario(wanted)
    elif act == "add-arm":
        turn = typed.arms_of(page.values)
        if turn < typed.MOST_ARMS:
            page.values = typed.with_arm(page.values, str(steps.NEW_ARM) % {"n": turn + 1})
        page.wrong, page.sentence = None, ""
    elif found := PRESSED.fullmatch(act):
        page.values, page.wrong, page.sentence = typed.without_arm(page.values, int(found[2])), None, ""
    return page


def _estimate(wanted: Scenario) -> dict:
    """About how long it takes and how much is sent, or why it will not be taken up."""
    found = lab_runs.expected(wanted)
    code = lab_runs.refusal(wanted, found)
    return {
        "time": figures.about(found.seconds),
        "inmails": figures.rough(found.inmails),
        "refused": str(lab_runs.SENTENCES[code]) if code else "",
    }


def _start(request, page: Page, wanted: Scenario):
    text = page.text if page.is_toml else writing.toml(wanted)
    try:
        return redirect("lab:run", start(request.user, page.token, text))
    except lab_runs.Refused as problem:
        page.sentence, status = problem.sentence, 422
    except REFUSED as error:
        refusals, status = refusal_of(error, changed=USED)
        page.sentence, page.token = refusals[0].message, uuid.uuid4()
    return _show(request, page, status=status)


def _show(request, page: Page, *, status: int = 200):
    form = steps.Form(page.values, wrong=page.wrong, sentence=page.sentence)
    context = {"page": page, "wrong_id": (page.wrong or "").replace(".", "-")}
    if not page.is_toml:
        context |= {"name": form.plain("name")[0], "steps": form.steps(), "arms": form.arms(), "last": form.last()}
        context["may_add"] = len(context["arms"]) < typed.MOST_ARMS
    return render(request, "lab/new.html", context, status=status)

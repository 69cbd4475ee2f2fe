"""Experiments over the API: asked for as TOML, followed, cancelled; each sees their own, staff with the right any."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Member
from inmail.api import keyed, paging
from inmail.api.errors import refused
from inmail.api.fields import Nothing, Strict, Text, WholeNumber, read
from inmail.api.schema import IDEMPOTENCY_KEY, describe, page_of
from inmail.refusals import Refusal
from lab import runs
from lab.models import Run
from lab.scenario import DAYS, MEMBERS, REPLICATIONS, ScenarioError

LONGEST_SENTENCE = 500  # it may quote what was given


class Toml(Text):
    """A text whose lines stay where they are, so that a sentence can name one."""

    def to_internal_value(self, data) -> str:
        super().to_internal_value(data)
        if len(data) > 2 * self.limit:  # what `Text` does not count: blanks at both ends
            raise ValidationError([_("At most %(limit)s characters.") % {"limit": self.limit}])
        return data.replace("\r\n", "\n").replace("\r", "\n")


def _between(low: int, high: int, sentence) -> WholeNumber:
    about = "Instead of the scenario's own."
    return WholeNumber(required=False, least=low, most=high, sentence=sentence, help_text=about)


class WishSerializer(Strict):
    scenario = Toml(limit=runs.MOST_TEXT, help_text="A scenario in TOML, or the name of a ready one.")
    seed = _between(0, 2**63 - 1, gettext_lazy("Write a whole number from 0 to 9,223,372,036,854,775,807."))
    members = _between(*MEMBERS, gettext_lazy("Write a whole number from 1,000 to 300,000,000."))
    days = _between(*DAYS, gettext_lazy("Write a whole number from 1 to 1,000."))
    replications = _between(*REPLICATIONS, gettext_lazy("Write a whole number from 1 to 1,000."))


class RunSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(Run.Status.choices)
    progress = serializers.FloatField(help_text="0 to 1: what is done of all the replications there may be.")
    name = serializers.CharField()
    scenario = serializers.CharField(help_text="The scenario's text; what stands beside it here holds instead of it.")
    seed = serializers.IntegerField()
    members = serializers.IntegerField()
    days = serializers.IntegerField()
    replications = serializers.IntegerField(help_text="A limit where the scenario wants a precision.")
    fingerprint = serializers.CharField(help_text="The same for equal scenarios, whatever they are called.")
    version = serializers.CharField(help_text="Of the program: equal versions give equal reports, to the last bit.")
    created_at = serializers.DateTimeField(help_text="Wall time.")
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    expected_seconds = serializers.FloatField(
        allow_null=True, help_text="About how long it takes, as was said before it began; null where it is not known."
    )
    remaining_seconds = serializers.FloatField(
        allow_null=True, help_text="About how long it still takes; null where it is over or not known."
    )
    error = serializers.CharField(help_text="Why it has failed.")
    report = serializers.DictField(
        allow_null=True, help_text="What `manage.py lab` writes; null before it is done, and in lists."
    )


class RunsView(APIView):
    keeps_keys = True

    @describe("lab_runs_list", "One's own experiments, newest first", {200: page_of(RunSerializer)}, also=(400,))
    def get(self, request):
        mine = Run.objects.filter(owner=request.user).with_progress().defer("report_json")
        return paging.answer(
            request, mine, lambda rows: [as_json(row) for row in rows], name="lab.runs", order=("-pk",)
        )

    @describe(
        "lab_runs_create",
        "Ask for an experiment: policies on the same people with the same luck; a worker takes it up",
        {201: RunSerializer},
        asks=WishSerializer,
        also=(409, 422),
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request):
        given = read(WishSerializer, request)
        try:
            with transaction.atomic():
                return keyed.answer(request, "lab/runs", given, lambda: _submit(request.user, given))
        except runs.Refused as problem:
            return refused([Refusal(problem.code, problem.sentence)])
        except ScenarioError as problem:
            raise ValidationError({"scenario": [str(problem)[:LONGEST_SENTENCE]]}) from problem


def _submit(owner: Member, given: dict) -> dict:
    changes = {name: given[name] for name in runs.CHANGES if name in given}
    return as_json(_again(runs.submit(owner, given["scenario"], changes)))


class RunView(APIView):
    @describe(
        "lab_runs_retrieve", "One of one's own experiments, and its report once it is done", {200: RunSerializer},
        also=(404,),
    )  # fmt: skip
    def get(self, request, id: UUID):
        run = Run.objects.visible_to(request.user).with_progress().filter(public_id=id).first()
        if run is None:
            raise Http404
        return Response(as_json(run, told=True))


class ActView(APIView):
    """One act on one run, by its owner or by staff with the right."""

    def run_of(self, request, id: UUID) -> Run:
        read(Nothing, request)
        run = Run.objects.changeable_by(request.user).filter(public_id=id).first()
        if run is None:
            raise Http404
        return run


class CancelView(ActView):
    @describe(
        "lab_runs_cancel", "End an experiment; one that is over stays as it is", {200: RunSerializer}, asks=Nothing,
        also=(404,),
    )  # fmt: skip
    def post(self, request, id: UUID):
        run = self.run_of(request, id)
        runs.cancel(run, by=request.user)
        return Response(as_json(_again(run), told=True))


class RetryView(ActView):
    @describe(
        "lab_runs_retry", "Take up an experiment that has failed, where it was", {200: RunSerializer}, asks=Nothing,
        also=(404, 422),
    )  # fmt: skip
    def post(self, request, id: UUID):
        run = self.run_of(request, id)
        try:
            runs.try_again(run)
        except runs.Refused as problem:
            return refused([Refusal(problem.code, problem.sentence)])
        return Response(as_json(_again(run)))


def _again(run: Run) -> Run:
    return Run.objects.with_progress().get(pk=run.pk)


def as_json(run: Run, *, told: bool = False) -> dict:
    """A run from `with_progress`; its report, which may be long, only when it is to be told."""
    plain = ("name", "seed", "members", "days", "replications", "fingerprint", "version", "status", "error")
    instants = ("created_at", "started_at", "finished_at")
    return {
        "id": str(run.public_id),
        "scenario": run.text,
        "progress": round(run.progress, 4),
        **{name: getattr(run, name) for name in (*plain, *instants)},
        "expected_seconds": _rounded(run.expected_seconds),
        "remaining_seconds": _rounded(run.remaining_seconds),
        "report": run.report if told else None,
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)

"""For staff: the clock, its speed, and wishes to move it, which the worker carries out."""

from __future__ import annotations

import time
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import journal
from clock import advances
from clock import timeline as clock
from clock.models import MAX_SPEED, Advance, Timeline
from inmail.api.auth import staff_may
from inmail.api.fields import Strict, Text, WholeNumber, read
from inmail.api.schema import describe

SHOWN = 20
STEP = 0.1
MAX_DAYS = clock.MAX_ADVANCE.days


class SpeedSerializer(Strict):
    speed = WholeNumber(least=0, most=MAX_SPEED, sentence=gettext_lazy("The speed is a whole number from 0 to 86,400."))


class AdvanceSerializer(Strict):
    days = WholeNumber(
        required=False, least=1, most=MAX_DAYS, sentence=gettext_lazy("Write a whole number of days from 1 to 3,660.")
    )
    hours = WholeNumber(
        required=False,
        least=1,
        most=24 * MAX_DAYS,
        sentence=gettext_lazy("Write a whole number of hours from 1 to 87,840."),
    )
    until = Text(required=False, limit=40, one_line=True, help_text="ISO 8601; without an offset it is UTC.")

    def validate(self, given: dict) -> dict:
        if len(given) != 1:
            raise ValidationError([_("Give exactly one of days, hours and until.")])
        return given


class TaskSerializer(serializers.Serializer):
    task = serializers.IntegerField()
    until = serializers.DateTimeField()
    status = serializers.ChoiceField(Advance.Status.choices)
    counts = serializers.DictField(child=serializers.IntegerField())
    error = serializers.CharField()


class ClockSerializer(serializers.Serializer):
    now = serializers.DateTimeField()
    speed = serializers.IntegerField(help_text="Seconds per second; 0 is paused.")
    lagging = serializers.BooleanField(help_text="Work is being caught up, or no worker is there.")
    tasks = TaskSerializer(many=True, help_text="The latest wishes to move the clock, pending ones among them.")


_COUNTS = {
    "type": "object",
    "properties": {"now": {"type": "string", "format": "date-time"}},
    "additionalProperties": {"type": "integer"},
    "required": ["now"],
    "description": "What fell due, per kind of event: delivered, opened, answered, deadline, returned, grants, …",
}
_TASK = {"type": "object", "properties": {"task": {"type": "integer"}}, "required": ["task"]}


class ClockView(APIView):
    permission_classes = (staff_may("clock.change_timeline"),)

    @describe("clock_retrieve", "Now, speed, and what is under way", {200: ClockSerializer}, also=(403,))
    def get(self, request):
        return Response(as_json(clock.live()))

    @describe("clock_speed", "Set the speed; 0 pauses", {200: ClockSerializer}, asks=SpeedSerializer)
    def post(self, request):
        speed = read(SpeedSerializer, request)["speed"]
        timeline = clock.live()
        with transaction.atomic():
            journal.record(request, journal.Act.CLOCK_SPEED, what=timeline.name, speed=[timeline.speed, speed])
            clock.set_speed(timeline, speed=speed)
        return Response(as_json(clock.live()))


class AdvanceView(APIView):
    permission_classes = (staff_may("clock.change_timeline"),)

    @describe(
        "clock_advance",
        "Move the clock forward; everything due happens in order, each at its own instant",
        {200: _COUNTS, 202: _TASK, 500: _TASK},
        asks=AdvanceSerializer,
    )
    def post(self, request):
        given = read(AdvanceSerializer, request)
        timeline = clock.live()
        with clock.moment(timeline) as at:
            until = _target(at, given)
            wish = advances.request(timeline, until=until, by=request.user)
            journal.record(request, journal.Act.CLOCK_ADVANCED, what=timeline.name, until=until)
        return _answer(_end_of(wish, within=settings.ADVANCE_WAIT))


def _target(at: datetime, given: dict) -> datetime:
    """The instant that is asked for; a 400 at its field when the clock cannot go there."""
    ((name, value),) = given.items()
    try:
        return clock.target(at, **{name: clock.parse_instant(value) if name == "until" else value})
    except clock.BadInstant as error:
        raise ValidationError({name: [str(error)]}) from None


def _end_of(wish: Advance, *, within: float) -> Advance:
    """The wish once it is done or has failed, or as it is after `within` seconds of waiting."""
    give_up = time.monotonic() + within
    while wish.status not in (Advance.Status.DONE, Advance.Status.FAILED) and time.monotonic() < give_up:
        time.sleep(STEP)
        wish.refresh_from_db(fields=["status", "counts", "error"])
    return wish


def _answer(wish: Advance) -> Response:
    if wish.status == Advance.Status.DONE:
        return Response({"now": wish.until, **wish.counts})
    if wish.status == Advance.Status.FAILED:
        detail = _("The clock stopped on the way: %(error)s") % {"error": wish.error}
        return Response({"task": wish.pk, "detail": detail}, status=500)
    return Response({"task": wish.pk}, status=202, headers={"Retry-After": "5"})


def as_json(timeline: Timeline) -> dict:
    latest = timeline.advances.order_by("-pk")[:SHOWN]
    return {
        "now": timeline.now_at,
        "speed": timeline.speed,
        "lagging": clock.is_lagging(timeline),
        "tasks": [
            {"task": w.pk, "until": w.until, "status": w.status, "counts": w.counts, "error": w.error} for w in latest
        ],
    }

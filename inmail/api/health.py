"""`/healthz`: whether the database, the broker and the worker are there. Wall time; each question is bounded."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from redis import Redis, RedisError, ResponseError
from redis.backoff import NoBackoff
from redis.retry import Retry
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from inmail import delivery
from inmail.api.auth import Anyone
from inmail.api.schema import describe
from inmail.models import Heartbeat, Job

BROKER_TIMEOUT = 2
KEEPS = "noeviction"
SILENT = timedelta(seconds=30)
CLOCK_DEAD = timedelta(minutes=10)  # a long advance keeps the clock's worker busy, but hardly so long


class HealthSerializer(serializers.Serializer):
    status = serializers.ChoiceField(["ok", "failing"])
    database = serializers.ChoiceField(["ok", "down"])
    broker = serializers.ChoiceField(["ok", "down"])
    worker_seen_at = serializers.DateTimeField(allow_null=True, help_text="Wall time of the last sign of life.")
    clock_lagging = serializers.BooleanField(
        help_text="Whether the clock's worker is busy or away: no sign of life for more than 30 seconds."
    )
    oldest_due_seconds = serializers.FloatField(
        allow_null=True, help_text="By how much the oldest queued InMail is past its undo window."
    )
    dead_jobs = serializers.IntegerField(
        allow_null=True, help_text="Deliveries given up after five attempts, which wait for staff."
    )
    problems = serializers.ListField(child=serializers.CharField(), help_text="What is wrong, in sentences.")


class HealthView(APIView):
    authentication_classes = ()
    permission_classes = (Anyone,)
    throttle_classes = ()

    @describe("health", "Whether everything is there", {200: HealthSerializer, 503: HealthSerializer}, public=True)
    def get(self, request):
        found = look()
        return Response(found, status=503 if found["problems"] else 200)


def look() -> dict:
    """What there is, and a sentence for all that is not as it should be."""
    problems = []
    now = timezone.now()
    database, seen, overdue, dead = _database()
    seen_at, clock_at = seen.get("worker"), seen.get("clock")
    if not database:
        problems.append(_("The database does not answer."))
    broker, forgets = _broker()
    if forgets:
        problems.append(_("The broker would drop work when its memory is full; set maxmemory-policy to noeviction."))
    if not broker:
        problems.append(_("The broker does not answer; deliveries wait for the sweep."))
    if database and (seen_at is None or now - seen_at > SILENT):
        problems.append(_("No worker has shown a sign of life for more than 30 seconds."))
    if clock_at and now - clock_at > CLOCK_DEAD:
        problems.append(_("The clock's worker has shown no sign of life for more than ten minutes."))
    return {
        "status": "failing" if problems else "ok",
        "database": "ok" if database else "down",
        "broker": "ok" if broker else "down",
        "worker_seen_at": seen_at,
        "clock_lagging": clock_at is None or now - clock_at > SILENT,
        "oldest_due_seconds": overdue,
        "dead_jobs": dead,
        "problems": problems,
    }


def _database() -> tuple[bool, dict[str, datetime], float | None, int | None]:
    """Whether it answers, each worker's last sign of life, how late the oldest queued InMail is, dead deliveries."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '2s'")
            seen = dict(Heartbeat.objects.values_list("name", "seen_at"))
            return True, seen, round(delivery.oldest_due_seconds(), 3), Job.objects.dead().count()
    except (DatabaseError, InterfaceError):
        return False, {}, None, None


def _broker() -> tuple[bool, bool]:
    """Whether it answers, and whether it would drop keys when its memory is full."""
    forgets = False
    try:
        with Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=BROKER_TIMEOUT,
            socket_connect_timeout=BROKER_TIMEOUT,
            retry=Retry(NoBackoff(), 0),
        ) as redis:
            redis.ping()
            with suppress(ResponseError):  # not every broker tells
                forgets = redis.config_get("maxmemory-policy").get("maxmemory-policy", KEEPS) != KEEPS
            return True, forgets
    except (RedisError, OSError):
        return False, False

"""How the platform stands, in numbers read from the rows: cheap ones for every look, dear ones for once in a while."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import Count

from clock import advances
from clock.models import LIVE, Timeline
from inmail import delivery
from inmail.models import Heartbeat, Inmail, Job, Outcome, Status

# One statement, one snapshot: a sending between two questions would look like a lost credit.
RESIDUAL = """
SELECT (SELECT coalesce(sum(amount), 0) FROM inmail_ledgerentry) - (SELECT coalesce(sum(balance), 0) FROM inmail_wallet)
"""


def standing(at: datetime) -> dict:
    """At the wall time `at`; every one of these is answered by a small index or a small table."""
    live = Timeline.objects.filter(name=LIVE).first()
    return {
        "queued": Inmail.objects.queued().count(),
        "oldest_due": delivery.oldest_due_seconds(),
        "dead_jobs": Job.objects.dead().count(),
        "unfinished_advances": len(advances.waiting()),
        "clock_lag": max(0.0, (at - live.moved_at).total_seconds()) if live and live.speed else 0.0,
        "heartbeats": {
            name: (at - seen_at).total_seconds() for name, seen_at in Heartbeat.objects.values_list("name", "seen_at")
        },
    }


def residual() -> int:
    """Credits: the sum of all entries less the sum of all wallets, 0 if the laws hold; `audit` proves the rest.

    It reads every entry once.
    """
    with connection.cursor() as cursor:
        cursor.execute(RESIDUAL)
        return int(cursor.fetchone()[0])


def deliveries() -> int:
    """InMails delivered since the beginning, on all timelines: each has its outcome."""
    return Outcome.objects.count()


def refused_deliveries() -> dict[str, int]:
    """InMails that the rules refused when they were to be delivered, by code."""
    refused = Inmail.objects.filter(status=Status.REFUSED).values_list("refusal").annotate(count=Count("id"))
    return dict(refused.order_by("refusal"))

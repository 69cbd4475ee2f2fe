"""`/metrics` for Prometheus: counts of all web processes together, and figures read from the rows when asked for.

Law: a look costs the database little however often it is taken, and a figure that could not be read is left out, not 0.
"""

from __future__ import annotations

import ipaddress
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector

from inmail import counting, figures
from lab import figures as lab

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
REQUESTS = Histogram(
    "http_request_seconds", "Time to answer a request.", ["route", "method", "status"], buckets=BUCKETS
)
TIMEOUT = "2s"
SHARE = 20  # a figure is read again only after so many times what reading it took


def answered(route: str, method: str, status: int, seconds: float) -> None:
    """Never the request's problem: with a full disk the count is lost."""
    with suppress(OSError, ValueError):
        REQUESTS.labels(route, method, str(status)).observe(seconds)


class Remembered:
    """What `ask` found, asked again after `seconds` at the soonest; None when it could not be found out."""

    def __init__(self, ask: Callable, seconds: float):
        self.ask, self.seconds = ask, seconds
        self.found, self.until, self.lock = None, 0.0, threading.Lock()

    def __call__(self):
        with self.lock:
            began = time.monotonic()
            if began >= self.until:
                self.found = self._look()
                ended = time.monotonic()
                self.until = ended + max(self.seconds, SHARE * (ended - began))
            return self.found

    def _look(self):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = %s", [TIMEOUT])
                return self.ask()
        except (DatabaseError, InterfaceError):
            return None


standing = Remembered(lambda: figures.standing(timezone.now()), 5)
of_lab = Remembered(lab.standing, 5)
DEAR = {
    "residual": Remembered(figures.residual, 60),
    "deliveries": Remembered(figures.deliveries, 5),
    "refused_deliveries": Remembered(figures.refused_deliveries, 30),
}


class Rows:
    """The collector of what the database knows."""

    def collect(self) -> Iterator[Metric]:
        found = standing()
        yield gauge("inmail_database_up", "Whether the database answers.", found is not None)
        if found is None:  # it is away: no second question, which would wait as long again
            return
        yield gauge("inmail_queued", "InMails not delivered yet, in their undo window or due.", found["queued"])
        yield gauge("inmail_oldest_due_seconds", "Lateness of the oldest queued InMail.", found["oldest_due"])
        yield gauge("inmail_dead_jobs", "Deliveries given up, waiting for staff.", found["dead_jobs"])
        yield gauge("inmail_advances_unfinished", "Wishes to move a clock, not done.", found["unfinished_advances"])
        yield gauge("inmail_clock_lag_seconds", "Wall time since the live clock moved.", found["clock_lag"])
        ages = GaugeMetricFamily("inmail_heartbeat_age_seconds", "Since a worker's last sign of life.", labels=["name"])
        for name, age in found["heartbeats"].items():
            ages.add_metric([name], age)
        yield ages
        yield from waiting_in_the_lab(of_lab())
        yield from dear({name: ask() for name, ask in DEAR.items()})


def waiting_in_the_lab(found: dict | None) -> Iterator[Metric]:
    if found is not None:
        yield gauge("inmail_lab_parts_waiting", "Parts of runs that a worker may take up.", found["waiting"])
        yield gauge("inmail_lab_parts_lived", "Parts of runs that a worker is at.", found["lived"])
        yield gauge("inmail_lab_oldest_waiting_seconds", "For how long the oldest of them waits.", found["oldest"])


def dear(found: dict) -> Iterator[Metric]:
    unread = GaugeMetricFamily("inmail_figure_unread", "1 for what could not be read within 2 s.", labels=["figure"])
    for name, value in found.items():
        unread.add_metric([name], value is None)
    yield unread
    if found["residual"] is not None:
        yield gauge("inmail_ledger_residual_credits", "Sum of the entries less that of the wallets.", found["residual"])
    if found["deliveries"] is not None:
        yield CounterMetricFamily("inmail_deliveries", "InMails delivered.", value=found["deliveries"])
    if found["refused_deliveries"] is not None:
        by_code = CounterMetricFamily("inmail_deliveries_refused", "InMails refused at delivery.", labels=["code"])
        for code, count in found["refused_deliveries"].items():
            by_code.add_metric([code], count)
        yield by_code


def gauge(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, said, value=float(value))


def registry() -> CollectorRegistry:
    """The rows, and what all web processes of this machine have counted, or this one where it is alone."""
    everything = CollectorRegistry()
    everything.register(Rows())
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(everything)
    else:
        everything.register(REQUESTS)
        everything.register(counting.REFUSALS)
    return everything


def may_read(request) -> bool:
    """Who bears the token; without a proxy and on this machine, anybody who is on it."""
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        return True
    if not settings.EMBEDDED or any(name in request.META for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def metrics(request) -> HttpResponse:
    if not may_read(request):
        raise Http404
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return HttpResponse(generate_latest(registry()), content_type=CONTENT_TYPE_PLAIN_0_0_4)

"""Runs in the platform: what was asked, how far each part of it has come, and what it said in the end.

Law: these rows are the queue. A part belongs to whoever wrote its `claim` last, and until `free_at` nobody else takes
it up. Instants are wall time, the database's own, so that workers on many machines have one clock.
"""

from __future__ import annotations

import json
import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

MAX_ATTEMPTS = 5
MOST_SHARDS = 64  # parts of one replication


class RunQuerySet(models.QuerySet):
    def unfinished(self) -> RunQuerySet:
        return self.filter(status__in=Run.UNFINISHED)

    def visible_to(self, member) -> RunQuerySet:
        """One's own; staff who may look at runs see all."""
        return self if member.is_staff and member.has_perm("lab.view_run") else self.filter(owner=member)

    def changeable_by(self, member) -> RunQuerySet:
        """Which they may cancel and try again."""
        return self if member.is_staff and member.has_perm("lab.change_run") else self.filter(owner=member)

    def for_lists(self) -> RunQuerySet:
        """Without what is long: the scenario's text and the report."""
        return self.defer("text", "report_json")

    def with_progress(self) -> RunQuerySet:
        """`markets_done` of all replications so far, and `asked_at`, when that was so."""
        return self.annotate(markets_done=models.Sum(F("shards__at") - F("shards__first"), default=0), asked_at=Now())


class Run(models.Model):
    """An experiment that a member asked for. `text` is the scenario as it was given; `seed`, `members`, `days` and
    `replications` are those that hold, whatever the text says."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")

    UNFINISHED = (Status.WAITING, Status.RUNNING)

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lab_runs", verbose_name=_("owner")
    )
    text = models.TextField(_("scenario"))
    name = models.CharField(_("name"), max_length=100)
    seed = models.PositiveBigIntegerField(_("seed"))
    members = models.PositiveIntegerField(_("members"))
    days = models.PositiveSmallIntegerField(_("days"))
    arms = models.PositiveSmallIntegerField(_("arms"))
    replications = models.PositiveSmallIntegerField(_("replications"))  # a limit where a precision is wanted
    shards_each = models.PositiveSmallIntegerField(
        _("parts of a replication"), validators=[MinValueValidator(1), MaxValueValidator(MOST_SHARDS)]
    )
    markets = models.PositiveSmallIntegerField(_("markets of a replication"))
    fingerprint = models.CharField(_("fingerprint"), max_length=16)
    version = models.CharField(_("version of the program"), max_length=32)
    expected_seconds = models.FloatField(_("expected seconds"), null=True)  # as told before it began
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField(_("asked for"), db_default=Now())
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    # As it was written, so that equal runs have equal bytes.
    report_json = models.TextField(_("report as JSON"), null=True)
    error = models.TextField(_("error"), blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("cancelled by"),
    )

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["status", "id"], condition=Q(status__in=["waiting", "running"]), name="run_unfinished")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "running", "done", "cancelled", "failed"]), name="run_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="done", report_json__isnull=False) | ~Q(status="done") & Q(report_json__isnull=True),
                name="run_report_when_done",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "running"], finished_at__isnull=True)
                | Q(status__in=["done", "cancelled", "failed"], finished_at__isnull=False),
                name="run_finished_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["running", "done"]) | Q(started_at__isnull=False), name="run_started_first"
            ),
            models.CheckConstraint(condition=~Q(status="failed") | ~Q(error=""), name="run_failed_for_a_reason"),
            models.CheckConstraint(
                condition=Q(shards_each__gte=1, shards_each__lte=MOST_SHARDS, replications__gte=1, markets__gte=1),
                name="run_of_some_size",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.status}"

    @property
    def report(self) -> dict | None:
        """What `lab.report.report` said; None before the run is done."""
        return None if self.report_json is None else json.loads(self.report_json)

    @property
    def progress(self) -> float:
        """0 to 1, of a run from `with_progress`; what is done of all the replications there may be."""
        return 1.0 if self.status == self.Status.DONE else self.markets_done / (self.markets * self.replications)

    @property
    def remaining_seconds(self) -> float | None:
        """About how long it still takes, of a run from `with_progress`: as quick as so far, or as was expected."""
        if self.is_over:
            return None
        if not self.started_at or not self.markets_done:
            return self.expected_seconds
        return (self.asked_at - self.started_at).total_seconds() * (1 - self.progress) / self.progress

    @property
    def is_over(self) -> bool:
        return self.status not in self.UNFINISHED


class Replication(models.Model):
    """One replication that is complete: the totals of its arms, summed over its parts; gone with the report."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="folded", db_index=False, verbose_name=_("run"))
    number = models.PositiveSmallIntegerField(_("number"))
    sums = models.BinaryField(_("sums"))

    class Meta:
        verbose_name = _("replication")
        verbose_name_plural = _("replications")
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_fold_a_replication")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.number}"


class Shard(models.Model):
    """The markets `first` up to `end` of one replication; `at` is the next to be lived, `sums` what those before gave.

    `attempts` are counted since it last came any further.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="shards", db_index=False, verbose_name=_("run"))
    replication = models.PositiveSmallIntegerField(_("replication"))
    part = models.PositiveSmallIntegerField(_("part"))
    first = models.PositiveSmallIntegerField(_("first market"))
    end = models.PositiveSmallIntegerField(_("market after the last"))
    at = models.PositiveSmallIntegerField(_("next market"))
    sums = models.BinaryField(_("sums"), null=True)
    claim = models.UUIDField(_("name of who has it"), null=True)
    free_at = models.DateTimeField(_("free from"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        verbose_name = _("part of a run")
        verbose_name_plural = _("parts of runs")
        indexes = [models.Index(fields=["run", "free_at"], condition=Q(done_at__isnull=True), name="shard_to_live")]
        constraints = [
            models.UniqueConstraint(fields=["run", "replication", "part"], name="one_shard_a_part"),
            models.CheckConstraint(
                condition=Q(first__lt=F("end"), at__gte=F("first"), at__lte=F("end")), name="shard_within_its_markets"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(at=F("end"), claim__isnull=True), name="shard_done_at_its_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.replication}/{self.part}"


class Pace(models.Model):
    """How quick one process of this machine is, measured by living a market before it took up any work."""

    version = models.CharField(_("version of the program"), max_length=32, unique=True)
    member_seconds = models.FloatField(_("seconds a member"))
    inmail_seconds = models.FloatField(_("seconds an InMail"))
    measured_at = models.DateTimeField(_("measured"), db_default=Now())

    class Meta:
        verbose_name = _("pace")
        verbose_name_plural = _("paces")

    def __str__(self) -> str:
        return self.version

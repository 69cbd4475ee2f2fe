"""The live course of time and others: an instant that only moves forward, a speed and a seed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

MAX_SPEED = 86_400
LIVE = "live"


class Timeline(models.Model):
    """A course of time. `now_at` is a whole second, UTC; a database trigger refuses to move it back."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    began_at = models.DateTimeField(_("began at"))
    now_at = models.DateTimeField(_("now"))
    moved_at = models.DateTimeField(_("moved at"), help_text=_("Wall time up to which `now` has been moved."))
    speed = models.PositiveIntegerField(_("speed"), default=1, help_text=_("Seconds per second; 0 is paused."))
    seed = models.PositiveBigIntegerField(_("seed"))

    class Meta:
        verbose_name = _("timeline")
        verbose_name_plural = _("timelines")
        constraints = [
            models.CheckConstraint(condition=Q(speed__lte=MAX_SPEED), name="timeline_speed_within_limit"),
            models.CheckConstraint(condition=Q(now_at__gte=F("began_at")), name="timeline_not_before_its_beginning"),
        ]

    def __str__(self) -> str:
        return self.name


class Advance(models.Model):
    """A wish to move a timeline's clock, and what fell due on the way; the worker carries it out."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="advances")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    status = models.CharField(max_length=8, choices=Status, default=Status.QUEUED)
    counts = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # since the clock last came any further
    reached_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("advance")
        verbose_name_plural = _("advances")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.timeline}: {self.started_at:%Y-%m-%d %H:%M} → {self.until:%Y-%m-%d %H:%M}"

"""Deliveries under way, failed or dead. A row stands from the first attempt to the delivery that removes it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inmail.models.letters import Inmail


class JobQuerySet(models.QuerySet):
    def of_queued(self) -> JobQuerySet:
        """Those whose InMail still waits: one that was undone meanwhile has nothing left to deliver."""
        return self.filter(inmail__status="queued")

    def dead(self) -> JobQuerySet:
        return self.of_queued().filter(dead_at__isnull=False)


class Job(models.Model):
    """The delivery of one InMail; instants are wall time. `retry_at` is when it may be tried next."""

    inmail = models.OneToOneField(Inmail, on_delete=models.CASCADE, primary_key=True, related_name="job")
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=1)
    retry_at = models.DateTimeField(_("next attempt"))
    dead_at = models.DateTimeField(_("given up"), null=True)
    error = models.TextField(_("error"), blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery job")
        verbose_name_plural = _("delivery jobs")
        indexes = [models.Index(fields=["retry_at"], condition=Q(dead_at__isnull=True), name="job_to_try")]

    def __str__(self) -> str:
        return f"{self.inmail_id}: {self.attempts}"

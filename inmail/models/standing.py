"""How a sender stands: the score, the steps after reports, and the quality rule for bulk (DOMAIN 8)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clock.models import Timeline


class OfSender(models.Model):
    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class SenderScore(OfSender):
    """The mean of the last ten answered InMails, one decimal, out of 5; renewed at 00:00."""

    score = models.DecimalField(_("score"), max_digits=2, decimal_places=1)
    answers = models.PositiveSmallIntegerField(_("answers counted"))
    renewed_at = models.DateTimeField(_("renewed at"))

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [models.UniqueConstraint(fields=["timeline", "member"], name="one_score_a_sender")]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.score}"


class Sanction(OfSender):
    """One step after three reports: a warning (no end), then 24 h, 72 h, one week without new InMails."""

    step = models.PositiveSmallIntegerField(_("step"))
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        constraints = [models.UniqueConstraint(fields=["timeline", "member", "step"], name="one_sanction_a_step")]

    def __str__(self) -> str:
        return f"{self.member_id}: step {self.step}"


class BulkRule(OfSender):
    """Where a sender stands under the quality rule: warned 14 days, grace 7 days, no bulk for 14 days."""

    class Stage(models.TextChoices):
        WARNED = "warned", _("warned")
        GRACE = "grace", _("grace")
        SUSPENDED = "suspended", _("no bulk")

    stage = models.CharField(_("stage"), max_length=9, choices=Stage)
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("bulk rule")
        verbose_name_plural = _("bulk rules")
        constraints = [models.UniqueConstraint(fields=["timeline", "member"], name="one_bulk_rule_a_sender")]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.stage}"

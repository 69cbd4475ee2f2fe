"""What a member accepts and from whom. Every change of reception stays on record with its instant."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Member

MAX_ADVICE = 2_000


class Category(models.TextChoices):
    """What an InMail is about, and so what a recipient can welcome (DOMAIN 4)."""

    CAREER_OPPORTUNITY = "career_opportunity", _("Career opportunity")
    CONSULTING_OFFER = "consulting_offer", _("Consulting offer")
    NEW_VENTURE = "new_venture", _("New venture")
    JOB_INQUIRY = "job_inquiry", _("Job inquiry")
    EXPERTISE_REQUEST = "expertise_request", _("Expertise request")
    BUSINESS_DEAL = "business_deal", _("Business deal")
    REFERENCE_REQUEST = "reference_request", _("Personal reference request")
    GETTING_BACK_IN_TOUCH = "getting_back_in_touch", _("Getting back in touch")


class Messages(models.TextChoices):
    """The kinds of message a member receives besides those of connections and groups (DOMAIN 5)."""

    ALL = "introductions_inmail_open", _("Introductions, InMail and free Open Profile messages")
    NO_FREE = "introductions_inmail", _("Introductions and InMail")
    INTRODUCTIONS_ONLY = "introductions_only", _("Introductions only (InMail off)")


class ReceptionFields(models.Model):
    """The declared facts, in force or on record."""

    messages = models.CharField(_("messages"), max_length=25, choices=Messages, default=Messages.ALL)
    open_profile = models.BooleanField(_("open profile"), default=False)
    interests = ArrayField(
        models.CharField(max_length=24, choices=Category),
        verbose_name=_("interests"),
        default=list,
        blank=True,
    )
    advice = models.TextField(_("advice to people contacting you"), max_length=MAX_ADVICE, blank=True)
    lowest_score = models.DecimalField(
        _("lowest sender score to be notified of"), max_digits=2, decimal_places=1, default=3
    )

    class Meta:
        abstract = True


class Reception(ReceptionFields):
    """What `member` accepts now. A member without a row accepts what the defaults say."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, primary_key=True, related_name="reception")

    class Meta:
        verbose_name = _("reception")
        verbose_name_plural = _("receptions")
        constraints = [
            models.CheckConstraint(condition=Q(lowest_score__gte=0, lowest_score__lte=5), name="lowest_score_0_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.messages}"

    @property
    def inmail_off(self) -> bool:
        return self.messages == Messages.INTRODUCTIONS_ONLY

    @property
    def takes_free_inmail(self) -> bool:
        return self.open_profile and self.messages == Messages.ALL


class ReceptionChange(ReceptionFields):
    """What `member` declared from `at` on; rows are only ever added."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="reception_changes")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("change of reception")
        verbose_name_plural = _("changes of reception")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["member", "-at"], name="reception_change_by_member")]

    def __str__(self) -> str:
        return f"{self.member_id} at {self.at:%Y-%m-%d %H:%M}: {self.messages}"


class Block(models.Model):
    """`blocker` does not want to hear from `blocked`; neither can write to the other."""

    blocker = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="one_block_a_pair"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="no_block_of_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.blocker_id} blocks {self.blocked_id}"

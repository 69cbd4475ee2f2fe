"""The dated rules of credits as rows (the numbers of DOMAIN 7), and who is on which plan."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clock.models import Timeline


class PlanName(models.TextChoices):
    BASIC = "basic", _("Basic")
    CAREER = "career", _("Career")
    BUSINESS = "business", _("Business")
    SALES = "sales", _("Sales")
    RECRUITER_LITE = "recruiter_lite", _("Recruiter Lite")
    RECRUITER_SERVICES = "recruiter_services", _("Recruiter Services")
    RECRUITER = "recruiter", _("Recruiter")


class Policy(models.Model):
    """One row of DOMAIN 7. What it gives back, per way an InMail can end, in credits."""

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    deadline_days = models.PositiveSmallIntegerField(_("deadline, days"))
    expiry_days = models.PositiveSmallIntegerField(_("unread expiry, days"), null=True, blank=True)
    on_silence = models.PositiveSmallIntegerField(_("return on silence"), default=0)
    on_interested = models.PositiveSmallIntegerField(_("return on interested"), default=0)
    on_reply = models.PositiveSmallIntegerField(_("return on reply"), default=0)
    on_not_interested = models.PositiveSmallIntegerField(_("return on not interested"), default=0)
    on_report = models.PositiveSmallIntegerField(_("return on report"), default=0)
    bonus_on_interested = models.PositiveSmallIntegerField(_("further grant on interested"), default=0)
    to_recipient_on_report = models.PositiveSmallIntegerField(_("grant to the recipient on report"), default=0)
    purchase_limit = models.PositiveSmallIntegerField(_("extra credits a calendar month"), default=0)
    credit_price_usd = models.PositiveSmallIntegerField(_("price of an extra credit, USD"), default=10)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    on_silence__lte=1,
                    on_interested__lte=1,
                    on_reply__lte=1,
                    on_not_interested__lte=1,
                    on_report__lte=1,
                ),
                name="at_most_one_return",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """What a plan gives under a policy: credits a month, and the balance up to which it gives them."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="plans")
    name = models.CharField(_("name"), max_length=20, choices=PlanName)
    monthly = models.PositiveSmallIntegerField(_("credits a month"))
    cap = models.PositiveIntegerField(_("cap"))

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["policy", "monthly", "id"]
        constraints = [models.UniqueConstraint(fields=["policy", "name"], name="one_plan_of_a_name")]

    def __str__(self) -> str:
        return f"{self.get_name_display()} ({self.policy_id})"


class PolicyTerm(models.Model):
    """From `from_at` on, `timeline` is under `policy`, until a later term begins."""

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="policy_terms")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT)
    from_at = models.DateTimeField(_("from"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("policy in force")
        verbose_name_plural = _("policies in force")
        ordering = ["-from_at"]
        constraints = [models.UniqueConstraint(fields=["timeline", "from_at"], name="one_policy_at_an_instant")]

    def __str__(self) -> str:
        return f"{self.policy_id} from {self.from_at:%Y-%m-%d}"


class Subscription(models.Model):
    """A member's plan on a timeline; at `next_grant_at`, a midnight, the month's credits are granted."""

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions")
    plan = models.CharField(_("plan"), max_length=20, choices=PlanName, default=PlanName.BASIC)
    next_plan = models.CharField(
        _("plan from the next billing day"), max_length=20, choices=PlanName, null=True, blank=True
    )
    billing_day = models.PositiveSmallIntegerField(
        _("billing day"), validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    since_at = models.DateTimeField(_("since"))
    next_grant_at = models.DateTimeField(_("next grant"))
    granted_this_period = models.PositiveIntegerField(_("granted this period"), default=0)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["timeline", "member"], name="one_subscription_a_member"),
            models.CheckConstraint(condition=models.Q(billing_day__range=(1, 31)), name="billing_day_of_a_month"),
        ]
        indexes = [models.Index(fields=["timeline", "next_grant_at"], name="subscription_due")]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.plan}"

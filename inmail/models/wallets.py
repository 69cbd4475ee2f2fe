"""Credits. The entries are the truth and only ever added; a wallet is a lock and a cache of the last balance."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clock.models import Timeline
from inmail.models.letters import Inmail


class Kind(models.TextChoices):
    GRANT = "grant", _("Granted")
    PURCHASE = "purchase", _("Purchased")
    SPEND = "spend", _("Spent")
    RETURN = "return", _("Returned")
    ADJUSTMENT = "adjustment", _("Adjusted")
    FORFEIT = "forfeit", _("Forfeited")


class Reason(models.TextChoices):
    """Why a balance changed, in a few words; an adjustment's own sentence stands in `note`."""

    OPENING = "opening", _("opening balance")
    MONTHLY = "monthly", _("monthly credits")
    UPGRADE = "upgrade", _("change to a larger plan")
    LEFT_PREMIUM = "left_premium", _("left premium")
    BOUGHT = "bought", _("extra credits")
    SENT = "sent", _("InMail sent")
    UNDONE = "undone", _("sending undone")
    REFUSED = "refused", _("refused at delivery")
    SILENCE = "silence", _("no response by the deadline")
    INTERESTED = "interested", _("answered: interested")
    REPLY = "reply", _("answered: reply")
    NOT_INTERESTED = "not_interested", _("answered: not interested")
    REPORT = "report", _("reported")
    BONUS = "bonus", _("reward for interest")
    COMPENSATION = "compensation", _("compensation for a reported InMail")
    CORRECTION = "correction", _("correction by staff")


class Wallet(models.Model):
    """The row that is locked to change a member's balance on a timeline."""

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="wallets")
    balance = models.IntegerField(_("balance"), default=0)
    entries = models.IntegerField(_("entries"), default=0)

    class Meta:
        verbose_name = _("wallet")
        verbose_name_plural = _("wallets")
        constraints = [
            models.UniqueConstraint(fields=["timeline", "member"], name="one_wallet_a_member"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="wallet_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.balance}"


class LedgerEntry(models.Model):
    """One change of one balance. The database refuses to change, delete, misnumber or miscount it."""

    timeline = models.ForeignKey(Timeline, on_delete=models.PROTECT, related_name="+", db_index=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    amount = models.IntegerField(_("amount"))
    balance = models.IntegerField(_("balance"))
    inmail = models.ForeignKey(Inmail, null=True, on_delete=models.PROTECT, related_name="entries")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.CharField(_("reason"), max_length=14, choices=Reason)
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.UniqueConstraint(fields=["timeline", "member", "number"], name="one_entry_a_number"),
            models.UniqueConstraint(fields=["inmail"], condition=Q(kind="spend"), name="one_spend_an_inmail"),
            models.UniqueConstraint(fields=["inmail"], condition=Q(kind="return"), name="one_return_an_inmail"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="entry_not_negative"),
            models.CheckConstraint(condition=Q(number__gte=1), name="entries_number_from_one"),
            models.CheckConstraint(
                condition=Q(kind__in=["grant", "purchase"], amount__gt=0)
                | Q(kind="return", amount=1, inmail__isnull=False)
                | Q(kind="spend", amount=-1, inmail__isnull=False)
                | Q(kind="forfeit", amount__lt=0)
                | (Q(kind="adjustment", author__isnull=False) & ~Q(amount=0) & ~Q(note="")),
                name="entry_amount_fits_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} #{self.number}: {self.kind} {self.amount:+d} = {self.balance}"

"""Who is on the platform and who knows whom. People and their graph are shared by every timeline."""

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat, Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import countries
from accounts.people import MemberManager, MemberQuerySet

HANDLE = RegexValidator(r"^[a-z0-9][a-z0-9._-]{0,59}\Z", _("Use lower-case letters, digits, hyphens and dots."))


class Fold(Func):
    """Lower case without accents: the SQL function `fold(text)` of the first migration."""

    function = "fold"
    output_field = models.TextField()


class Words(Func):
    """Without the signs that hold words together (C/C++, ada.rossi, front-end), so that each is found."""

    function = "translate"
    template = "%(function)s(%(expressions)s, '/.@_:+-', '       ')"
    output_field = models.TextField()


class SimpleVector(Func):
    """`to_tsvector('simple', …)`: no stemming, so that it serves every language alike."""

    function = "to_tsvector"
    template = "%(function)s('simple'::regconfig, %(expressions)s)"
    output_field = SearchVectorField()


def _joined(*names: str) -> Concat:
    parts: list = []
    for name in names:
        parts += [F(name), Value(" ")]
    return Concat(*parts[:-1])


class Member(AbstractBaseUser, PermissionsMixin):
    """A person on the platform, real or simulated. Chance is drawn from `number`, never from the row id."""

    number = models.PositiveBigIntegerField(
        unique=True,
        editable=False,
        db_default=Func(Value("accounts_member_numbers"), function="nextval", output_field=models.BigIntegerField()),
    )
    handle = models.CharField(_("handle"), max_length=60, unique=True, validators=[HANDLE])
    email = models.EmailField(_("e-mail"), null=True, blank=True, unique=True)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    headline = models.CharField(_("headline"), max_length=220, blank=True)
    industry = models.CharField(_("industry"), max_length=60, blank=True, db_index=True)
    country = models.CharField(_("country"), max_length=2, blank=True, db_index=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    about = models.TextField(_("about"), max_length=2600, blank=True)
    open_to_work = models.BooleanField(_("open to work"), default=False)
    simulated = models.BooleanField(_("simulated"), default=False)
    imported_by = models.ForeignKey(
        "self",
        verbose_name=_("imported by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="imported",
        help_text=_("From that member's own archive: seen by them alone, deleted with them."),
    )
    joined_at = models.DateTimeField(_("joined at"))
    deactivated_at = models.DateTimeField(_("deactivated at"), null=True, blank=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    undo_seconds = models.PositiveSmallIntegerField(_("seconds to undo a sending"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=5, default="en")

    name_key = models.GeneratedField(
        expression=Fold(_joined("last_name", "first_name")), output_field=models.TextField(), db_persist=True
    )
    search = models.GeneratedField(
        expression=SimpleVector(Words(Fold(_joined("first_name", "last_name", "handle", "headline", "industry")))),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = MemberManager.from_queryset(MemberQuerySet)()

    USERNAME_FIELD = "handle"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name"]

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        indexes = [
            GinIndex(fields=["search"], name="member_search", fastupdate=False),
            models.Index(fields=["name_key", "id"], name="member_by_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(undo_seconds__isnull=True) | Q(undo_seconds__lte=30), name="undo_at_most_30_s"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Who has been deleted has no name any more."""
        return f"{self.first_name} {self.last_name}".strip() or gettext("A former member")

    @property
    def initials(self) -> str:
        return (self.first_name[:1] + self.last_name[:1]).upper()

    @property
    def country_name(self) -> str:
        return countries.name(self.country)

    @property
    def is_active(self) -> bool:
        return self.deactivated_at is None

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.first_name

    def get_absolute_url(self) -> str:
        return f"/members/{self.handle}/"


class Connection(models.Model):
    """`member` and `other` are connected. Every edge stands twice: a trigger keeps the mirror row."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="connections", db_index=False)
    other = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        constraints = [
            models.UniqueConstraint(fields=["member", "other"], name="one_connection_a_pair"),
            models.CheckConstraint(condition=~Q(member=F("other")), name="no_connection_to_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} – {self.other_id}"


class Invitation(models.Model):
    """An offer to connect, with a note; at most one pending between two members in one direction."""

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        ACCEPTED = "accepted", _("accepted")
        IGNORED = "ignored", _("ignored")
        WITHDRAWN = "withdrawn", _("withdrawn")

    sender = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="invitations_sent")
    recipient = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="invitations_received")
    note = models.CharField(_("note"), max_length=300, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "recipient"], condition=Q(status="pending"), name="one_pending_invitation"
            ),
            models.CheckConstraint(condition=~Q(sender=F("recipient")), name="no_invitation_to_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.sender_id} → {self.recipient_id}: {self.status}"


class Group(models.Model):
    """A discussion group; two members in the same one may write to each other free of charge."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    about = models.TextField(_("about"), blank=True)
    members = models.ManyToManyField(Member, through="Membership", related_name="discussion_groups")

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/groups/{self.slug}/"


class Membership(models.Model):
    """`member` is in `group`."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, db_index=False, related_name="memberships")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="memberships")
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["group", "member"], name="one_membership_a_group")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.group_id}"


class SentMail(models.Model):
    """A mail the platform sent in the embedded mode, shown on the page *Outbox (demo)*."""

    sent_at = models.DateTimeField(auto_now_add=True)
    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=300)
    body = models.TextField()

    class Meta:
        verbose_name = _("sent mail")
        verbose_name_plural = _("sent mails")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.subject


class WaitingMail(models.Model):
    """A mail that no mail server has taken yet; instants are wall time. `fields` is what makes it an EmailMessage."""

    fields = models.JSONField()
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(_("next attempt"), db_default=Now())
    dead_at = models.DateTimeField(_("given up"), null=True)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("waiting mail")
        verbose_name_plural = _("waiting mails")
        indexes = [models.Index(fields=["retry_at"], condition=Q(dead_at__isnull=True), name="mail_to_send")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.attempts}"


class JournalEntry(models.Model):
    """What staff did, on whom and why, at a wall instant. Only ever added: the database refuses all else.

    People stand by number, staff by their handle of then, never by a foreign key: an entry outlives them.
    """

    act = models.CharField(_("act"), max_length=40)
    actor_number = models.PositiveBigIntegerField(_("number of the actor"), null=True)
    actor_handle = models.CharField(_("actor"), max_length=60, blank=True)
    member_number = models.PositiveBigIntegerField(_("number of the member concerned"), null=True)
    what = models.CharField(_("what"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    details = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("entry of the log")
        verbose_name_plural = _("entries of the log")
        indexes = [
            models.Index(fields=["actor_number", "-id"], name="journal_by_actor"),
            models.Index(fields=["member_number", "-id"], name="journal_by_member"),
        ]
        permissions = [
            ("read_texts", "Can read one private text, with a reason"),
            ("impersonate", "Can look at the platform as a member, with a reason"),
        ]

    def __str__(self) -> str:
        return f"{self.act} by {self.actor_handle or 'an operator'}"

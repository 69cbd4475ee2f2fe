"""What is written: threads, InMails with their outcome, ordinary messages, drafts, and what is scheduled."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Group
from clock.models import Timeline
from inmail.models.sets import InmailQuerySet, ThreadQuerySet
from inmail.models.terms import Policy
from privacy.models import Category

MAX_SUBJECT = 200
MAX_BODY = 1_900

MEMBER = settings.AUTH_USER_MODEL


class Status(models.TextChoices):
    QUEUED = "queued", _("queued")
    DELIVERED = "delivered", _("delivered")
    OPENED = "opened", _("opened")
    ANSWERED = "answered", _("answered")
    CANCELLED = "cancelled", _("undone")
    REFUSED = "refused", _("refused at delivery")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")


class Answer(models.TextChoices):
    INTERESTED = "interested", _("Interested")
    REPLY = "reply", _("Reply")
    NOT_INTERESTED = "not_interested", _("Not interested")
    INAPPROPRIATE = "inappropriate", _("Reported as inappropriate")
    SPAM = "spam", _("Reported as spam")


RESPONSES = (Answer.INTERESTED, Answer.REPLY, Answer.NOT_INTERESTED)
REPORTS = (Answer.INAPPROPRIATE, Answer.SPAM)


class Match(models.TextChoices):
    MATCH = "match", _("match")
    MISMATCH = "mismatch", _("mismatch")
    UNDECLARED = "undeclared", _("undeclared")


class Thread(models.Model):
    """A conversation of two members. Each side has the instant of the last thing it can see, null before that."""

    class Kind(models.TextChoices):
        INMAIL = "inmail", _("InMail")
        DIRECT = "direct", _("message")
        GROUP = "group", _("group message")

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind)
    opener = models.ForeignKey(MEMBER, on_delete=models.CASCADE, related_name="threads_opened", db_index=False)
    other = models.ForeignKey(MEMBER, on_delete=models.CASCADE, related_name="threads_received", db_index=False)
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    subject = models.CharField(_("subject"), max_length=MAX_SUBJECT, blank=True)
    opener_at = models.DateTimeField(null=True)
    other_at = models.DateTimeField(null=True)
    opener_unread = models.BooleanField(default=False)
    other_unread = models.BooleanField(default=False)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        indexes = [
            models.Index(fields=["opener", "timeline", "-opener_at", "-id"], name="thread_of_opener"),
            models.Index(fields=["other", "timeline", "-other_at", "-id"], name="thread_of_other"),
            models.Index(fields=["opener", "timeline"], condition=Q(opener_unread=True), name="thread_opener_unread"),
            models.Index(fields=["other", "timeline"], condition=Q(other_unread=True), name="thread_other_unread"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(opener=F("other")), name="no_thread_with_oneself"),
            models.UniqueConstraint(
                fields=["timeline", "opener", "other"],
                condition=Q(kind="direct"),
                name="one_direct_thread_a_pair",
            ),
            models.UniqueConstraint(
                fields=["timeline", "opener", "other", "group"],
                condition=Q(kind="group"),
                name="one_group_thread_a_pair",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opener_id} – {self.other_id} ({self.pk})"

    def partner_id(self, member_id: int) -> int:
        return self.other_id if member_id == self.opener_id else self.opener_id


class Message(models.Model):
    """A text in a thread, after the InMail that may have opened it."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="texts")
    author = models.ForeignKey(MEMBER, on_delete=models.CASCADE, related_name="+", db_index=False)
    body = models.TextField(_("message"), max_length=MAX_BODY)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.author_id} in thread {self.thread_id}"


class Inmail(models.Model):
    """One paid message and its life. Instants are the timeline's, except `release_at`, wall time of the undo window.

    `n` counts the earlier InMails of the pair that were neither undone nor refused; `awaiting` is true from
    sending to the first of answer, undo, refusal, withdrawal, expiry, deadline; `open_due_at` and
    `answer_due_at` say when a simulated recipient will act.
    """

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="inmail")
    sender = models.ForeignKey(MEMBER, on_delete=models.CASCADE, related_name="inmails_sent", db_index=False)
    recipient = models.ForeignKey(MEMBER, on_delete=models.CASCADE, related_name="inmails_received", db_index=False)
    n = models.PositiveIntegerField(default=0)
    category = models.CharField(_("category"), max_length=24, choices=Category)
    subject = models.CharField(_("subject"), max_length=MAX_SUBJECT)
    body = models.TextField(_("message"), max_length=MAX_BODY)
    cost = models.PositiveSmallIntegerField(_("cost"))
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+", db_index=False)
    bulk = models.BooleanField(default=False)
    sender_score = models.DecimalField(max_digits=2, decimal_places=1, null=True)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.QUEUED)
    awaiting = models.BooleanField(default=True)
    refusal = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(_("sent"))
    release_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    deadline_at = models.DateTimeField(_("deadline"), null=True)
    expires_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(_("opened"), null=True)
    answer = models.CharField(_("answer"), max_length=14, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    returned = models.BooleanField(_("credit returned"), default=False)
    open_due_at = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    answer_due = models.CharField(max_length=14, choices=Answer, blank=True)
    answer_text = models.TextField(blank=True)

    objects = InmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("InMail")
        verbose_name_plural = _("InMails")
        indexes = [
            models.Index(fields=["sender", "timeline", "-id"], name="inmail_of_sender"),
            models.Index(fields=["recipient", "timeline", "-id"], name="inmail_of_recipient"),
            models.Index(fields=["recipient", "timeline", "delivered_at"], name="inmail_load"),
            models.Index(fields=["sender", "recipient", "timeline"], name="inmail_of_pair"),
            models.Index(
                fields=["sender", "timeline", "-answered_at"],
                condition=Q(answered_at__isnull=False),
                name="inmail_answers",
            ),
            models.Index(fields=["timeline", "release_at"], condition=Q(status="queued"), name="inmail_queued"),
            models.Index(
                fields=["timeline", "deadline_at"],
                condition=Q(settled_at__isnull=True),
                name="inmail_unsettled",
            ),
            models.Index(fields=["timeline", "expires_at"], condition=Q(status="delivered"), name="inmail_unread"),
            models.Index(
                fields=["timeline", "open_due_at"],
                condition=Q(status="delivered", open_due_at__isnull=False),
                name="inmail_opening_due",
            ),
            models.Index(
                fields=["timeline", "answer_due_at"],
                condition=Q(answered_at__isnull=True, answer_due_at__isnull=False),
                name="inmail_answer_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["timeline", "sender", "recipient"],
                condition=Q(awaiting=True),
                name="one_open_inmail_a_pair",
            ),
            models.CheckConstraint(condition=~Q(sender=F("recipient")), name="no_inmail_to_oneself"),
            models.CheckConstraint(condition=Q(cost__in=[0, 1]), name="cost_is_0_or_1"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="answer_has_its_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender_id} → {self.recipient_id} ({self.pk})"

    @property
    def is_delivered(self) -> bool:
        return self.delivered_at is not None

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None

    @property
    def can_be_undone(self) -> bool:
        return self.status == Status.QUEUED

    @property
    def can_be_withdrawn(self) -> bool:
        return self.status == Status.DELIVERED


class Outcome(models.Model):
    """What became of a delivered InMail, judged on what its recipient declared when it was delivered."""

    inmail = models.OneToOneField(Inmail, on_delete=models.CASCADE, primary_key=True, related_name="outcome")
    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="+", db_index=False)
    category = models.CharField(max_length=24, choices=Category)
    interests = ArrayField(models.CharField(max_length=24), default=list)
    match = models.CharField(max_length=10, choices=Match)
    degree = models.PositiveSmallIntegerField(null=True)
    shared_groups = models.PositiveSmallIntegerField(default=0)
    sender_score = models.DecimalField(max_digits=2, decimal_places=1, null=True)
    length = models.PositiveSmallIntegerField()
    load = models.PositiveIntegerField(default=0)
    notified = models.BooleanField()
    delivered_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=14, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        indexes = [models.Index(fields=["timeline", "delivered_at"], name="outcome_by_time")]
        constraints = [
            models.CheckConstraint(condition=Q(degree__isnull=True) | Q(degree__in=[1, 2, 3]), name="degree_1_to_3"),
        ]

    def __str__(self) -> str:
        return f"{self.inmail_id}: {self.match}"


class Draft(models.Model):
    """An unsent InMail, saved as one types; its key makes a doubled click one sending."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="+", db_index=False)
    sender = models.ForeignKey(MEMBER, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    recipient = models.ForeignKey(MEMBER, on_delete=models.CASCADE, related_name="+", db_index=False)
    category = models.CharField(max_length=24, choices=Category, blank=True)
    subject = models.TextField(blank=True)
    body = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["sender", "timeline", "recipient"], name="one_draft_a_pair")]

    def __str__(self) -> str:
        return f"{self.sender_id} → {self.recipient_id}"


class ScheduledInmail(models.Model):
    """An InMail to be sent at `send_at`, by one who has no undo window; the credit is spent then."""

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="+", db_index=False)
    sender = models.ForeignKey(MEMBER, on_delete=models.CASCADE, related_name="+", db_index=False)
    recipient = models.ForeignKey(MEMBER, on_delete=models.CASCADE, related_name="+", db_index=False)
    category = models.CharField(max_length=24, choices=Category)
    subject = models.CharField(max_length=MAX_SUBJECT)
    body = models.TextField(max_length=MAX_BODY)
    bulk = models.BooleanField(default=False)
    cost = models.PositiveSmallIntegerField()
    send_at = models.DateTimeField()

    class Meta:
        verbose_name = _("scheduled InMail")
        verbose_name_plural = _("scheduled InMails")
        indexes = [models.Index(fields=["timeline", "send_at"], name="scheduled_by_time")]

    def __str__(self) -> str:
        return f"{self.sender_id} → {self.recipient_id} at {self.send_at:%Y-%m-%d %H:%M}"

"""InMails: sending under an idempotency key, the two boxes, and the acts on one. Visibility is `inmail.sight`'s."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import reasons
from clock import timeline as clock
from inmail import facts, messaging, reading, refusals, sight
from inmail.api import keyed, paging, people
from inmail.api.fields import Choice, Handle, Nothing, Strict, Text, query, read
from inmail.api.schema import IDEMPOTENCY_KEY, RefusalSerializer, describe, page_of
from inmail.models import Answer, Inmail, Match, Status
from inmail.models.letters import MAX_BODY, MAX_SUBJECT, REPORTS
from inmail.text import is_blank
from privacy import reception
from privacy.models import Category, Reception


class LetterSerializer(Strict):
    recipient = Handle()
    category = Choice(Category.choices)
    subject = Text(limit=MAX_SUBJECT, one_line=True)
    body = Text(limit=MAX_BODY)


class SentSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    status = serializers.ChoiceField(Status.choices)
    cost = serializers.IntegerField()
    match = serializers.ChoiceField(Match.choices)
    credits = serializers.IntegerField(help_text="What is left.")
    created_at = serializers.DateTimeField()


class AnswerSerializer(Strict):
    answer = Choice(Answer.choices)
    body = Text(limit=MAX_BODY, blank=True, required=False)

    def validate(self, given: dict) -> dict:
        blank = is_blank(given.get("body", ""))
        if given["answer"] == Answer.REPLY and blank:
            raise ValidationError({"body": [_("A reply needs words of your own.")]})
        return given | {"body": ""} if given["answer"] in REPORTS else given  # a report's text would reach nobody


class InmailSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    sender = serializers.CharField(help_text="Handle.")
    recipient = serializers.CharField(help_text="Handle.")
    category = serializers.ChoiceField(Category.choices)
    subject = serializers.CharField()
    body = serializers.CharField()
    text_withheld = serializers.BooleanField(
        help_text="Subject and body are empty because the caller is not one of the two; see `reason`."
    )
    status = serializers.ChoiceField(Status.choices)
    match = serializers.ChoiceField(
        Match.choices,
        allow_null=True,
        required=False,
        help_text="For the sender and staff; as it is now while queued, null when it ended undelivered.",
    )
    cost = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.ChoiceField([*Answer.choices, ("", "")], help_text="Empty before the first answer.")
    answered_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    returned = serializers.BooleanField(required=False, help_text="For the sender and staff.")
    refusal = RefusalSerializer(
        allow_null=True, required=False, help_text="Why it was not delivered; for the sender and staff."
    )


class BoxQuery(paging.Paged):
    box = serializers.ChoiceField(["received", "sent"], required=False, default="received")


class InmailsView(APIView):
    keeps_keys = True

    @describe(
        "inmails_list",
        "The InMails one has received or sent, newest first",
        {200: page_of(InmailSerializer)},
        query=BoxQuery,
        also=(400,),
    )
    def get(self, request):
        box = query(BoxQuery, request)["box"]
        timeline = clock.live()
        mine = Inmail.objects.on(timeline).select_related("sender", "recipient", "outcome")
        mine = mine.sent_by(request.user) if box == "sent" else mine.received_by(request.user)
        return paging.answer(
            request,
            mine,
            lambda rows: _as_list(rows, request.user, now=timeline.now_at),
            name=f"inmails.{box}",
            order=("-pk",),
        )

    @describe(
        "inmails_create",
        "Send an InMail; it is queued for the undo window, then delivered",
        {201: SentSerializer},
        asks=LetterSerializer,
        also=(409, 422),
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request):
        given = read(LetterSerializer, request)
        timeline = clock.live()
        with clock.moment(timeline) as at:
            return keyed.answer(request, "inmails", given, lambda: _send(timeline, request.user, given, at))


def _send(timeline, sender, given: dict, at: datetime) -> dict:
    recipient = people.named(given["recipient"], viewer=sender, field="recipient")
    letter = messaging.Letter(given["category"], given["subject"], given["body"])
    undo_seconds = settings.UNDO_SECONDS if sender.undo_seconds is None else sender.undo_seconds
    sent = messaging.send(timeline, sender, recipient, letter, at=at, undo_seconds=undo_seconds)
    return {
        "id": sent.inmail_id,
        "status": str(Status.QUEUED),
        "cost": sent.cost,
        "match": str(sent.match),
        "credits": sent.credits,
        "created_at": sent.at,
    }


class ReasonQuery(serializers.Serializer):
    reason = serializers.CharField(
        required=False,
        min_length=reasons.SHORTEST,
        max_length=reasons.LONGEST,
        help_text="Why staff must read this text; written down in the log. Without it the text is withheld.",
    )


class InmailView(APIView):
    @describe(
        "inmails_retrieve",
        "One InMail of one's own; staff see any, and its text only for a reason, which is logged",
        {200: InmailSerializer},
        query=ReasonQuery,
        also=(400, 403, 404),
    )
    def get(self, request, pk: int):
        reason = query(ReasonQuery, request).get("reason", "")
        rows = Inmail.objects.select_related("sender", "recipient", "outcome", "timeline")
        rows = rows if request.user.is_staff else rows.visible_to(request.user)
        row = rows.filter(pk=pk).first()
        if row is None:
            raise Http404
        told = bool(reason) and not sight.may_read(row, request.user)
        if told:
            _write_down(request, row, reason)
        return Response(as_json(row, request.user, now=row.timeline.now_at, told=told))


def _write_down(request, row: Inmail, reason: str) -> None:
    """The reading of another's text is on record, or it is refused."""
    if not reading.may(request.user):
        raise PermissionDenied(_("You may not read what others write to each other."))
    with transaction.atomic():
        reading.inmail(request, row, reason=reason)


def _act(name: str, summary: str, **more):
    more.setdefault("asks", Nothing)
    return describe(name, summary, {200: InmailSerializer}, also=(404, 422), **more)


class ActView(APIView):
    """One act on one InMail: by its recipient once it was delivered, or by its sender."""

    side = "sender"

    def act(self, request, pk: int, verb, **given) -> Response:
        timeline = clock.live()
        with clock.moment(timeline) as at:
            rows = Inmail.objects.on(timeline).filter(pk=pk, **{self.side: request.user})
            row = (rows.delivered() if self.side == "recipient" else rows).first()
            if row is None:
                raise Http404
            return Response(as_json(verb(row, at=at, **given), request.user, now=at))


class OpenView(ActView):
    side = "recipient"

    @_act("inmails_open", "Open an InMail one has received; again changes nothing")
    def post(self, request, pk: int):
        read(Nothing, request)
        return self.act(request, pk, messaging.open)


class AnswerView(ActView):
    side = "recipient"

    @_act("inmails_answer", "Answer an InMail one has received, once", asks=AnswerSerializer)
    def post(self, request, pk: int):
        return self.act(request, pk, messaging.answer, **read(AnswerSerializer, request))


class UndoView(ActView):
    @_act("inmails_undo", "Take back an InMail that is still queued; the credit comes back")
    def post(self, request, pk: int):
        read(Nothing, request)
        return self.act(request, pk, messaging.undo)


class WithdrawView(ActView):
    @_act("inmails_withdraw", "Withdraw a delivered, unread InMail; nothing is credited")
    def post(self, request, pk: int):
        read(Nothing, request)
        return self.act(request, pk, messaging.withdraw)


def _as_list(rows: list[Inmail], viewer, *, now: datetime) -> list[dict]:
    accepts = reception.of_all(row.recipient for row in rows if row.status == Status.QUEUED)
    return [as_json(row, viewer, now=now, accepts=accepts.get(row.recipient_id)) for row in rows]


def as_json(inmail: Inmail, viewer, *, now: datetime, accepts: Reception | None = None, told: bool = False) -> dict:
    """The InMail as `viewer`, one of its two sides or staff, may see it; `accepts` is its recipient's, if at hand.

    Staff are `told` its text when their reason is on record.
    """
    open_to = told or sight.may_read(inmail, viewer)
    seen = sight.of(inmail, viewer)
    is_senders = viewer.pk == inmail.sender_id
    row = {
        "id": inmail.pk,
        "sender": inmail.sender.handle,
        "recipient": inmail.recipient.handle,
        "category": inmail.category,
        "subject": inmail.subject if open_to else "",
        "body": inmail.body if open_to else "",
        "text_withheld": not open_to,
        "status": seen.status,
        "cost": inmail.cost,
        "created_at": inmail.created_at,
        "delivered_at": inmail.delivered_at,
        "opened_at": inmail.opened_at,
        "answer": seen.answer,
        "answered_at": seen.answered_at,
        "settled_at": sight.settled_at(inmail, viewer, now=now),
    }
    if is_senders or viewer.is_staff:
        match = seen.match
        if match is None and inmail.status == Status.QUEUED:  # as the answer to its sending said
            match = facts.match(inmail.category, (accepts or reception.of(inmail.recipient)).interests)
        row |= {"match": match, "returned": seen.returned, "refusal": _refusal(inmail)}
    return row


def _refusal(inmail: Inmail) -> dict | None:
    if not inmail.refusal:
        return None
    (why,) = refusals.explain([inmail.refusal])
    return {"code": why.code, "message": why.message}

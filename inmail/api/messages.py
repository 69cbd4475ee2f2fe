"""Ordinary messages: to a connection, or on in a thread that is open."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from rest_framework import serializers
from rest_framework.views import APIView

from accounts.models import Connection
from clock import timeline as clock
from clock.models import Timeline
from inmail import conversation
from inmail.api import keyed, people
from inmail.api.fields import Handle, Strict, Text, read
from inmail.api.schema import IDEMPOTENCY_KEY, describe
from inmail.models import Message, Thread
from inmail.models.letters import MAX_BODY

RECENT = 50


class WriteSerializer(Strict):
    recipient = Handle()
    body = Text(limit=MAX_BODY)


class MessageSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    thread = serializers.IntegerField()
    sender = serializers.CharField(help_text="Handle.")
    recipient = serializers.CharField(help_text="Handle.")
    body = serializers.CharField()
    at = serializers.DateTimeField()


class MessagesView(APIView):
    keeps_keys = True

    @describe(
        "messages_create",
        "Write to a connection, or on in an open thread; free of charge",
        {201: MessageSerializer},
        asks=WriteSerializer,
        also=(409, 422),
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request):
        given = read(WriteSerializer, request)
        timeline = clock.live()
        with clock.moment(timeline) as at:
            return keyed.answer(request, "messages", given, lambda: _write(timeline, request.user, given, at))


def _write(timeline: Timeline, author, given: dict, at: datetime) -> dict:
    recipient = people.named(given["recipient"], viewer=author, field="recipient")
    message = write(timeline, author, recipient, given["body"], at)
    return {
        "id": message.pk,
        "thread": message.thread_id,
        "sender": author.handle,
        "recipient": recipient.handle,
        "body": message.body,
        "at": message.at,
    }


def write(timeline: Timeline, author, recipient, body: str, at: datetime) -> Message:
    """In the thread of the connection; where there is none, in the newest open thread of the two."""
    if not Connection.objects.filter(member=author, other=recipient).exists():
        for thread in _threads(timeline, author, recipient):
            if conversation.is_open(thread, author.pk):
                return conversation.write_on(thread, author, body=body, at=at)
    return conversation.direct(timeline, author, recipient, body=body, at=at)


def _threads(timeline: Timeline, a, b):
    pair = Q(opener=a, other=b) | Q(opener=b, other=a)
    seen = Thread.objects.on(timeline).visible_to(a).filter(pair).exclude(kind=Thread.Kind.DIRECT)
    return seen.select_related("inmail", "opener", "other", "timeline").order_by("-pk")[:RECENT]

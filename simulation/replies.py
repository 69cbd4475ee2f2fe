"""Simulated members in ordinary life: they accept some invitations and answer what connections and groups write."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from accounts import invitations, pairs
from accounts.models import Invitation
from clock.models import Timeline
from inmail import conversation
from inmail.models import Message, Thread
from inmail.refusals import Refused
from simulation import behaviour, wording
from simulation.draws import hash01
from simulation.models import DueReply
from simulation.recipients import WORDS, character, month_of, world_seed

ORDINARY = (Thread.Kind.DIRECT, Thread.Kind.GROUP)


def decide(timeline: Timeline) -> None:
    """Decide on every invitation and message that reached a simulated member and is not decided yet."""
    for invitation in _open_invitations():
        _decide_invitation(timeline, invitation)
    for thread in _unread_threads(timeline):
        _decide_message(timeline, thread)


def write(timeline: Timeline, *, until: datetime) -> Counter:
    """Accept and answer what is due, each at its own instant."""
    counts: Counter = Counter()
    due = DueReply.objects.filter(timeline=timeline, at__lte=until).select_related("thread__timeline", "author")
    for reply in due.order_by("at", "author__number", "id"):
        counts["accepted" if reply.invitation_id else "replied"] += _act(reply)
        if reply.thread_id:
            reply.delete()
        else:
            DueReply.objects.filter(pk=reply.pk).update(at=None)
    return +counts


def _act(reply: DueReply) -> bool:
    """Do it, unless the other side has changed its mind or the two can no longer write to each other."""
    try:
        if reply.invitation_id:
            invitations.accept(reply.invitation, at=reply.at)
        else:
            conversation.write_on(reply.thread, reply.author, body=reply.body, at=reply.at)
    except (Refused, invitations.Refused):
        return False
    return True


def _open_invitations():
    pending = Invitation.objects.filter(status=Invitation.Status.PENDING, recipient__simulated=True)
    decided = DueReply.objects.filter(invitation=OuterRef("pk"))
    return pending.filter(~Exists(decided)).select_related("sender", "recipient")


def _decide_invitation(timeline: Timeline, invitation: Invitation) -> None:
    pair = {"sender": invitation.sender, "recipient": invitation.recipient}
    n = Invitation.objects.filter(**pair, pk__lt=invitation.pk).count()
    accepted, seconds = behaviour.accepts_invitation(
        character(), timeline.seed, invitation.sender.number, invitation.recipient.number, n
    )
    DueReply.objects.create(
        timeline=timeline,
        invitation=invitation,
        author=invitation.recipient,
        at=invitation.sent_at + timedelta(seconds=seconds) if accepted else None,
    )


def _unread_threads(timeline: Timeline):
    threads = Thread.objects.on(timeline).filter(kind__in=ORDINARY)
    waiting = Q(opener_unread=True, opener__simulated=True) | Q(other_unread=True, other__simulated=True)
    return threads.filter(waiting).select_related("opener", "other")


def _decide_message(timeline: Timeline, thread: Thread) -> None:
    reader = thread.opener if thread.opener_unread else thread.other
    conversation.read(thread, reader)
    texts = list(Message.objects.filter(thread=thread).order_by("at", "id"))
    last = texts[-1]
    if last.author_id == reader.pk:
        return
    writer = thread.other if reader == thread.opener else thread.opener
    reaction = behaviour.react_one(
        character().tables, timeline.seed, _as_inmail(thread, writer, reader, last, len(texts) - 1)
    )
    answer = behaviour.ANSWERS[reaction.answer]
    if answer not in ("interested", "reply", "not_interested"):
        return
    u = hash01(timeline.seed, writer.number, reader.number, len(texts) - 1, WORDS)
    DueReply.objects.create(
        timeline=timeline,
        thread=thread,
        author=reader,
        body=wording.message_answer(writer.language, answer, u, reader.first_name, writer.first_name),
        at=last.at + timedelta(seconds=reaction.answer_delay),
    )


def _as_inmail(thread: Thread, writer, reader, last: Message, n: int) -> behaviour.Inmails:
    (degree,) = pairs.degrees([(writer.pk, reader.pk)])
    b, seed = character(), world_seed()
    return behaviour.Inmails(
        sender=writer.number,
        recipient=reader.number,
        n=n,
        degree=degree or behaviour.OUT_OF_NETWORK,
        length=len(last.body),
        weekday=last.at.weekday(),
        shared_group=thread.kind == Thread.Kind.GROUP,
        former_employer=behaviour.former_colleagues(b, seed, writer.number, reader.number),
        active=behaviour.is_active(b, seed, reader.number, month_of(last.at)),
    )

"""Ordinary writing: to connections, within a group, and on in a thread that an answer has opened. Free of charge."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from accounts.models import Connection, Group, Membership
from clock.models import Timeline
from inmail import eligibility as rules
from inmail import facts
from inmail.models import Message, Thread
from inmail.models.letters import REPORTS
from inmail.refusals import Refused


def direct(timeline: Timeline, author, recipient, *, body: str, at: datetime) -> Message:
    """Write to a connection; anyone else is refused, as are those who are gone or unavailable."""
    _reachable(timeline, author, recipient, at)
    thread = _pair_thread(timeline, author, recipient, kind=Thread.Kind.DIRECT)
    if not is_open(thread, author.pk):
        raise Refused(["not_open"])
    return _add(thread, author.pk, body, at)


def in_group(timeline: Timeline, author, recipient, group: Group, *, body: str, at: datetime) -> Message:
    """Write to a member of a group that both are in: no credit, no score, no outcome."""
    _reachable(timeline, author, recipient, at)
    if Membership.objects.filter(group=group, member__in=[author, recipient]).count() != 2:
        raise Refused(["no_shared_group"])
    return _add(_pair_thread(timeline, author, recipient, kind=Thread.Kind.GROUP, group=group), author.pk, body, at)


def write_on(thread: Thread, author, *, body: str, at: datetime) -> Message:
    """Write on in a thread: free for both once the recipient has answered."""
    _reachable(thread.timeline, author, thread.other if thread.opener_id == author.pk else thread.opener, at)
    if not is_open(thread, author.pk):
        raise Refused(["not_open"])
    return _add(thread, author.pk, body, at)


def is_open(thread: Thread, member_id: int) -> bool:
    """Whether `member_id` may write on in `thread` as far as the thread goes (DOMAIN 3 and 6)."""
    partner = thread.partner_id(member_id)
    if thread.kind == Thread.Kind.INMAIL:
        return thread.inmail.is_answered and thread.inmail.answer not in REPORTS
    if thread.kind == Thread.Kind.GROUP:
        members = Membership.objects.filter(group_id=thread.group_id, member_id__in=[member_id, partner])
        return members.count() == 2
    return Connection.objects.filter(member_id=member_id, other_id=partner).exists()


def read(thread: Thread, member) -> None:
    """`member` has seen what stands in the thread."""
    side = "opener_unread" if thread.opener_id == member.pk else "other_unread"
    Thread.objects.filter(pk=thread.pk, **{side: True}).update(**{side: False})


def unread(timeline: Timeline, member) -> int:
    """How many threads hold something new for `member`."""
    return Thread.objects.on(timeline).unread_by(member).count()


def _reachable(timeline: Timeline, author, recipient, at: datetime) -> None:
    refused = [c for c in facts.of(timeline, author, recipient, at=at).refusals if c in _ALONE]
    if refused:
        raise Refused(refused)


_ALONE = (rules.SELF, rules.GONE, rules.UNAVAILABLE)


def _pair_thread(timeline: Timeline, a, b, *, kind: str, group: Group | None = None) -> Thread:
    first, second = sorted((a, b), key=lambda member: member.pk)
    thread, _ = Thread.objects.get_or_create(
        timeline=timeline, kind=kind, opener=first, other=second, group=group, defaults={"subject": ""}
    )
    return thread


def _add(thread: Thread, author_id: int, body: str, at: datetime) -> Message:
    message = Message.objects.create(thread=thread, author_id=author_id, body=body, at=at)
    unread_side = "other_unread" if author_id == thread.opener_id else "opener_unread"
    Thread.objects.filter(pk=thread.pk).update(opener_at=at, other_at=at, **{unread_side: True})
    return message


def seen_by(timeline: Timeline, member):
    """The member's threads, those with the newest thing first, each with `at` and `unread` as this member sees them."""
    threads = Thread.objects.on(timeline)
    opened = threads.filter(opener=member, opener_at__isnull=False).annotate(
        at=F("opener_at"), is_unread=F("opener_unread")
    )
    received = threads.filter(other=member, other_at__isnull=False).annotate(
        at=F("other_at"), is_unread=F("other_unread")
    )
    return opened, received

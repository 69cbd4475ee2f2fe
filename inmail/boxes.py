"""The boxes of a member's correspondence as sets of rows, newest first. Law: a sender never learns who reported."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Left

from clock.models import Timeline
from inmail.models import Draft, Inmail, Match, Message, Thread
from inmail.models.letters import REPORTS, RESPONSES

PREVIEW = 160
NEWEST = ("-seen_at", "-pk")


@dataclass(frozen=True)
class Counts:
    """What waits in each box: unread threads, and drafts."""

    focused: int
    other: int
    drafts: int


def focused(timeline: Timeline, member) -> QuerySet[Thread]:
    """What others wrote to `member`, without what stands in `other`."""
    return _incoming(timeline, member).exclude(_aside(member))


def other(timeline: Timeline, member) -> QuerySet[Thread]:
    """InMails that are a mismatch, or whose sender's score is below what `member` wants to hear of; unanswered."""
    return _incoming(timeline, member).filter(_aside(member))


def awaiting(timeline: Timeline, member) -> QuerySet[Inmail]:
    """The InMails of `member` that wait for their answer; a report looks like silence until the deadline."""
    reported = Q(answer__in=REPORTS, deadline_at__gt=timeline.now_at)
    return sent(timeline, member).filter(Q(awaiting=True) | reported)


def sent(timeline: Timeline, member) -> QuerySet[Inmail]:
    return Inmail.objects.on(timeline).sent_by(member).select_related("recipient", "outcome")


def drafts(timeline: Timeline, member) -> QuerySet[Draft]:
    return Draft.objects.filter(timeline=timeline, sender=member).select_related("recipient")


def counts(timeline: Timeline, member) -> Counts:
    unread = Thread.objects.on(timeline).unread_by(member)
    found = unread.aggregate(all=Count("pk"), aside=Count("pk", filter=_aside(member)))
    return Counts(found["all"] - found["aside"], found["aside"], drafts(timeline, member).count())


def _incoming(timeline: Timeline, member) -> QuerySet[Thread]:
    """Threads in which the other side has written something that `member` may see."""
    unanswered = Q(kind=Thread.Kind.INMAIL, opener=member) & ~Q(inmail__answer__in=RESPONSES)
    newest = Message.objects.filter(thread=OuterRef("pk")).order_by("-at", "-pk")
    return (
        Thread.objects.on(timeline)
        .visible_to(member)
        .exclude(unanswered)
        .annotate(
            seen_at=Case(When(opener=member, then=F("opener_at")), default=F("other_at")),
            is_unread=Case(When(opener=member, then=F("opener_unread")), default=F("other_unread")),
            last_text=Subquery(newest.values(text=Left("body", PREVIEW))[:1]),
        )
        .select_related("opener", "other", "group", "inmail__outcome")
    )


def _aside(member) -> Q:
    unwelcome = Q(inmail__outcome__match=Match.MISMATCH) | Q(inmail__outcome__notified=False)
    return Q(kind=Thread.Kind.INMAIL, other=member, inmail__answered_at__isnull=True) & unwelcome

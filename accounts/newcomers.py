"""A first network for those who have none: ten simulated members, of their own country first."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import Max, QuerySet

from accounts import network
from accounts.models import Connection, Member

OFFERED = 10


def offer(member: Member) -> list[Member]:
    """The ten whom `member` is offered, the same at every look; nobody once they have a connection."""
    if Connection.objects.filter(member=member).exists():
        return []
    everyone = Member.objects.active().simulated_ones().filter(imported_by__isnull=True).exclude(pk=member.pk)
    start = _somewhere(member)
    near = _from(everyone.filter(country=member.country), start, OFFERED) if member.country else []
    far = _from(everyone.exclude(pk__in=[one.pk for one in near]), start, OFFERED - len(near))
    return near + far


def accept(member: Member, *, at: datetime) -> int:
    """`member` is connected with those they are offered; how many those are."""
    return sum(network.connect(member, one, at=at) for one in offer(member))


def _somewhere(member: Member) -> int:
    """A member number at which to begin, different for each newcomer."""
    last = Member.objects.aggregate(last=Max("number"))["last"] or 1
    return int.from_bytes(hashlib.sha256(str(member.number).encode()).digest()[:8]) % last


def _from(members: QuerySet[Member], start: int, count: int) -> list[Member]:
    """`count` members by number from `start` on, beginning again at the first after the last."""
    after = list(members.filter(number__gte=start).order_by("number")[:count])
    return after + list(members.filter(number__lt=start).order_by("number")[: count - len(after)])

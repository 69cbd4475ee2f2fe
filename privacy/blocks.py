"""Who does not want to hear from whom. A block keeps both from writing and ends what connected them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import invitations, network
from accounts.models import Member
from privacy.models import Block


def block(blocker: Member, blocked: Member, *, at: datetime) -> bool:
    """Neither can reach the other; connection and pending invitations end. False when it stood before."""
    with transaction.atomic():
        network.hold(blocker, blocked)
        _row, made = Block.objects.get_or_create(blocker=blocker, blocked=blocked, defaults={"at": at})
        network.disconnect(blocker, blocked)
        invitations.end_between(blocker, blocked, at=at)
    return made


def unblock(blocker: Member, blocked: Member) -> bool:
    """The block is lifted; what it ended stays ended. False when there was none."""
    deleted, _each = Block.objects.filter(blocker=blocker, blocked=blocked).delete()
    return deleted > 0


def between(a: Member, b: Member) -> bool:
    """Whether either has blocked the other."""
    return Block.objects.filter(Q(blocker=a, blocked=b) | Q(blocker=b, blocked=a)).exists()


def keeps_from(member: Member, viewer: Member) -> bool:
    """Whether `viewer` is shown no more of `member` than the name: they have left, or have blocked `viewer`."""
    return not member.is_active or Block.objects.filter(blocker=member, blocked=viewer).exists()


def blockers_of(member: Member) -> QuerySet:
    """The ids of those who have blocked `member`: invisible to them, not the other way round."""
    return Block.objects.filter(blocked=member).values("blocker_id")

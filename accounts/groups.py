"""Joining and leaving groups. Two members of one group may write to each other free of charge."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Group, Member, Membership


def join(member: Member, group: Group, *, at: datetime) -> bool:
    """`member` is in `group` from `at` on; False when they already were."""
    _row, made = Membership.objects.get_or_create(group=group, member=member, defaults={"since": at})
    return made


def leave(member: Member, group: Group) -> bool:
    """`member` is in `group` no more; False when they were not."""
    deleted, _each = Membership.objects.filter(group=group, member=member).delete()
    return deleted > 0

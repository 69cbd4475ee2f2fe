"""What the privacy floor forgets of members who are deleted: what they accepted, from when on, and blocks."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from privacy.models import Block, Reception, ReceptionChange


def forget(members: Collection[int]) -> None:
    """Their interests and advice are gone; what an outcome was judged on stays with the outcome, without a name."""
    Reception.objects.filter(member__in=members).delete()
    ReceptionChange.objects.filter(member__in=members).delete()
    Block.objects.filter(Q(blocker__in=members) | Q(blocked__in=members)).delete()

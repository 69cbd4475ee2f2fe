"""What the simulation forgets of members who are deleted; named in settings, called by `inmail.departure`."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from simulation.models import DueReply, SwitchOff, Walk


def forget(members: Collection[int]) -> None:
    """Nobody is going to write to them any more, and what was remembered of them is gone."""
    theirs = Q(thread__opener__in=members) | Q(thread__other__in=members)
    DueReply.objects.filter(Q(author__in=members) | theirs).delete()
    SwitchOff.objects.filter(member__in=members).delete()
    Walk.objects.filter(member__in=members).delete()

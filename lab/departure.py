"""What the lab forgets of members who are deleted; named in settings, called by `inmail.departure`."""

from __future__ import annotations

from collections.abc import Collection

from lab.models import Run


def forget(members: Collection[int]) -> None:
    """Their runs are gone, those under way too: their workers find nothing left to write to."""
    Run.objects.filter(owner__in=members).delete()
    Run.objects.filter(cancelled_by__in=members).update(cancelled_by=None)

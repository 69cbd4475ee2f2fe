"""Whether two members are kept apart by a block. Blocks live on an upper floor that settings name:
a module with `between(a, b) -> bool` and `blockers_of(member) -> ids`; without one, nobody is."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.db.models import Q

from accounts.models import Member


def between(a: Member, b: Member) -> bool:
    """Whether either wants nothing of the other."""
    blocks = _blocks()
    return bool(blocks) and blocks.between(a, b)


def visible_to(viewer: Member) -> Q:
    """Those who have not blocked `viewer`, as a condition on members."""
    blocks = _blocks()
    return ~Q(pk__in=blocks.blockers_of(viewer)) if blocks else Q()


def _blocks():
    path = getattr(settings, "ACCOUNTS_BLOCKS", "")
    return import_module(path) if path else None

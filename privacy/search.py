"""Finding members with what they welcome: the search of accounts, narrowed by declared interests."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts import search
from accounts.models import Member
from privacy.models import Category


def find(text: str = "", *, viewer: Member, open_to: str = "", **filters) -> QuerySet[Member]:
    """As `accounts.search.find`; `open_to` is a category that the members have declared they welcome."""
    if open_to and open_to not in Category.values:
        return Member.objects.none()
    also = Q(reception__interests__contains=[open_to]) if open_to else None
    return search.find(text, viewer=viewer, also=also, **filters)

"""What became of delivered InMails, by match, mismatch and undeclared, with 95 % intervals."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db.models import Count, Q

from clock.models import Timeline
from inmail.intervals import wilson
from inmail.models import Match, Outcome


@dataclass(frozen=True)
class Share:
    """`count` of those delivered, as a share in 0-1 with its interval; None when nothing was delivered."""

    count: int
    share: float | None
    low: float
    high: float


@dataclass(frozen=True)
class Row:
    match: str
    delivered: int
    opened: Share
    answered: Share
    interested: Share
    reported: Share


def summary(timeline: Timeline) -> list[Row]:
    """One row each for match, mismatch and undeclared, in that order, also where nothing was delivered."""
    found = {
        row["match"]: row
        for row in Outcome.objects.filter(timeline=timeline)
        .values("match")
        .annotate(
            delivered=Count("pk"),
            opened=Count("pk", filter=Q(opened_at__isnull=False)),
            answered=Count("pk", filter=Q(answer__in=["interested", "reply", "not_interested"])),
            interested=Count("pk", filter=Q(answer="interested")),
            reported=Count("pk", filter=Q(answer__in=["inappropriate", "spam"])),
        )
        .order_by()
    }
    return [_row(match, found.get(match, {})) for match in Match.values]


def as_json(rows: list[Row]) -> list[dict]:
    """The summary as plain data, as API.md's clients read it."""
    return [asdict(row) for row in rows]


def _row(match: str, counts: dict) -> Row:
    delivered = counts.get("delivered", 0)
    kinds = ("opened", "answered", "interested", "reported")
    return Row(match, delivered, *(_share(counts.get(kind, 0), delivered) for kind in kinds))


def _share(count: int, delivered: int) -> Share:
    low, high = wilson(count, delivered)
    return Share(count, count / delivered if delivered else None, low, high)

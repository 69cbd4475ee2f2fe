"""Shares of outcomes as percentages with their intervals: for the table, and for the chart beside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inmail.intervals import wilson
from inmail.models import Match
from inmail.outcomes import Row, Share

SHOWN = ("opened", "answered", "interested")


@dataclass(frozen=True)
class Estimate:
    """In per cent; `percent` is None when nothing was delivered. `low` and `high` bound the 95 % interval."""

    percent: float | None
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Line:
    match: str
    delivered: int
    estimates: list[Estimate]


def table(rows: list[Row]) -> list[Line]:
    return [Line(row.match, row.delivered, [_estimate(getattr(row, end)) for end in SHOWN]) for row in rows]


def total(rows: list[Row]) -> Line | None:
    """All rows together; None when nothing was delivered."""
    delivered = sum(row.delivered for row in rows)
    if not delivered:
        return None
    counts = [sum(getattr(row, end).count for row in rows) for end in SHOWN]
    shares = [Share(count, count / delivered, *wilson(count, delivered)) for count in counts]
    return Line("", delivered, [_estimate(share) for share in shares])


def chart(rows: list[Row]) -> dict:
    labels = [str(Match(row.match).label) for row in rows]
    series = []
    for name, end, tone in (
        (pgettext("share", "Opened"), "opened", "inmail"),
        (pgettext("share", "Answered"), "answered", "accent"),
    ):
        found = [_estimate(getattr(row, end)) for row in rows]
        series.append(
            {
                "name": name,
                "tone": tone,
                "values": [e.percent for e in found],
                "low": [None if e.percent is None else e.low for e in found],
                "high": [None if e.percent is None else e.high for e in found],
            }
        )
    return {
        "kind": "bars",
        "unit": "%",
        "title": _("Opened and answered, by match"),
        "labels": labels,
        "series": series,
    }


def _estimate(share: Share) -> Estimate:
    percent = None if share.share is None else round(100 * share.share, 2)
    low, high = round(100 * share.low, 2), round(100 * share.high, 2)
    return Estimate(percent, low, high, share.count)

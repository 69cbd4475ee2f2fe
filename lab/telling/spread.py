"""How load and scores are spread, and the path over days: bins, bars and lines of the report's whole numbers."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lab.telling import charts, figures
from lab.telling.charts import Line, Lines
from lab.telling.segments import Row, replications

LOADS = (0, 1, 2, 3, 5, 9, 17, 33, 65, 129, 257)  # where each bin of InMails received begins
STARS = tuple(range(0, 50, 5))  # where each bin of tenths of a star begins
NO_SCORE = 51  # the last place of a row of scores
LONG = 28  # days from which a path is told as a mean of seven days
FLOWS = ("sent", "opened", "answered", "returned", "granted", "off")


def load(arms: list[dict]) -> list[Row]:
    """Shares of members by InMails received in the whole run."""
    longest = max(len(arm["received"]) for arm in arms)
    bins = [(low, high) for low, high in zip(LOADS, (*LOADS[1:], longest), strict=True) if low < longest]
    shares = [[sum(arm["received"][low:high]) / sum(arm["received"]) for low, high in bins] for arm in arms]
    most = max(max(row) for row in shares)
    return [
        Row(
            _from_to(low, min(high, longest) - 1),
            [charts.bar(row[at], most, f"{figures.share(row[at])} %") for row in shares],
        )
        for at, (low, high) in enumerate(bins)
    ]


def _from_to(low: int, high: int) -> str:
    return str(low) if high <= low else f"{low}–{high}"


def scores(arms: list[dict]) -> list[Row]:
    """Shares of senders by their stars at the end, of all strategies together."""
    counted = [[sum(column) for column in zip(*arm["scores"].values(), strict=True)] for arm in arms]
    rows = [(_("no score yet"), [row[NO_SCORE] for row in counted])]
    for low in STARS:
        high = 50 if low == STARS[-1] else low + 4
        label = (
            f"{figures.number(low / 10, digits=2)}–{figures.number(high / 10, digits=2)}"
            if low
            else f"0–{figures.number(0.4)}"
        )
        rows.append((label, [sum(row[low : high + 1]) for row in counted]))
    wholes = [sum(row) or 1 for row in counted]
    shares = [(label, [n / whole for n, whole in zip(found, wholes, strict=True)]) for label, found in rows]
    most = max(max(found) for _label, found in shares)
    return [Row(label, [charts.bar(n, most, f"{figures.share(n)} %") for n in found]) for label, found in shares]


def paths(report: dict) -> list[Lines]:
    """What all arms did day by day, in one replication: a line for each arm."""
    titles = {
        "sent": _("InMails sent a day"),
        "answered": _("Answers a day"),
        "opened": _("Openings a day"),
        "balance": _("Credits on all accounts"),
        "returned": _("Credits returned a day"),
        "granted": _("Credits granted a day"),
        "off": _("Switch-offs a day"),
    }
    return [_path(report, what, title) for what, title in titles.items() if _is_there(report, what)]


def _is_there(report: dict, what: str) -> bool:
    return any(any(arm["daily"].get(what, ())) for arm in report["arms"])


def _path(report: dict, what: str, title: str) -> Lines:
    is_smooth = what in FLOWS and report["days"] >= LONG
    rows = []
    for arm in report["arms"]:
        each = [n / replications(arm) for n in arm["daily"][what]]
        rows.append(charts.smooth(each) if is_smooth else each)
    top = charts.top_of(max(max(row) for row in rows))
    start = date.fromisoformat(report["start"])
    end = start + timedelta(days=report["days"] - 1)
    note = (
        _("mean of seven days") if is_smooth else pgettext("path", "day by day") if what in FLOWS else _("at midnight")
    )
    lines = [
        Line(arm["name"], tone, charts.points(row, top), figures.number(row[-1]))
        for tone, (arm, row) in enumerate(zip(report["arms"], rows, strict=True))
    ]
    ticks = [(charts.at(y), figures.compact(top * (1 - y / 100))) for y in (0, 50, 100)]
    return Lines(what, title, note, ticks, date_format(start, _("j M Y")), date_format(end, _("j M Y")), lines)

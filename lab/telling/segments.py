"""The report's counts by segment, two arms side by side: rows of words and numbers for tables and bars.

Law: shares are of the InMails sent in the same segment and arm; counts are those of all replications together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import countries
from inmail.models.terms import PlanName
from lab.telling import charts, figures
from lab.telling.charts import Bar

COUNTRIES_SHOWN = 15
MATCHES = ("match", "mismatch", "undeclared")


class Row(NamedTuple):
    label: str
    cells: list[tuple]  # one of each arm, of texts or a Bar
    match: str = ""


class Table(NamedTuple):
    id: str
    title: str
    rows: list[Row]


def strategy(name: str) -> str:
    return {
        "targeted": pgettext("strategy", "targeted"),
        "bulk": pgettext("strategy", "bulk"),
        "opportunist": pgettext("strategy", "opportunist"),
        "learner": pgettext("strategy", "learner"),
    }[name]


def degree(name: str) -> str:
    return {"1": _("1st"), "2": _("2nd"), "3": _("3rd"), "out": _("out of network")}[name]


def plan(name: str) -> str:
    return str(PlanName(name).label)


def funnel(arms: list[dict]) -> list[tuple[str, list[Row]]]:
    """By match: sent, notified, opened, answered, interested, each with its share of those sent."""
    stages = {
        "sent": pgettext("stage", "Sent"),
        "notified": pgettext("stage", "Notified"),
        "opened": pgettext("stage", "Opened"),
        "answered": pgettext("stage", "Answered"),
        "interested": pgettext("stage", "Interested"),
    }
    told = []
    for match in MATCHES:
        counts = [arm["segments"]["match"].get(match) for arm in arms]
        if any(counts):
            rows = [Row(words, [_share_bar(each or {}, stage) for each in counts]) for stage, words in stages.items()]
            told.append((match, rows))
    return told


def _share_bar(counts: dict, stage: str) -> Bar:
    sent, n = counts.get("sent", 0), counts.get(stage, 0)
    share = n / sent if sent else None
    return charts.bar(n, sent, f"{figures.share(share)} %" if sent else figures.DASH, figures.whole(n))


def credits(arms: list[dict]) -> list[Row]:
    """Where credits came from and went to, in one replication."""
    names = {
        "granted": pgettext("credits", "Granted"),
        "spent": pgettext("credits", "Spent"),
        "returned": pgettext("credits", "Returned"),
        "bonuses": pgettext("credits", "Granted as a bonus"),
        "compensations": pgettext("credits", "Granted to recipients"),
        "forfeited": pgettext("credits", "Forfeited"),
        "balance": pgettext("credits", "Left at the end"),
    }
    values = [{name: arm["ledger"].get(name, 0) / replications(arm) for name in names} for arm in arms]
    most = max((max(each.values()) for each in values), default=0)
    rows = ((words, [each[name] for each in values]) for name, words in names.items())
    return [Row(words, [charts.bar(n, most, figures.whole(n)) for n in found]) for words, found in rows if any(found)]


def replications(arm: dict) -> int:
    """How many there were: a measure has one value for each."""
    return len(next(iter(arm["values"].values())))


def credit_tables(arms: list[dict]) -> list[Table]:
    """Granted, spent, returned and left, a sender: by plan and by strategy."""
    axes = (("plan", _("Plan"), plan), ("strategy", _("Strategy"), strategy))
    return [
        Table(
            axis, title, [Row(words(name), [_a_sender(arm, axis, name) for arm in arms]) for name in _names(arms, axis)]
        )
        for axis, title, words in axes
    ]


def _names(arms: list[dict], axis: str) -> list[str]:
    """Of all arms, in the order of the first."""
    return list(dict.fromkeys(name for arm in arms for name in arm["segments"][axis]))


def _a_sender(arm: dict, axis: str, name: str) -> tuple:
    counts = arm["segments"][axis].get(name)
    if not counts or not counts["senders"]:
        return (figures.DASH,) * 4
    return tuple(figures.number(counts[key] / counts["senders"]) for key in ("granted", "spent", "returned", "balance"))


def tables(arms: list[dict]) -> list[Table]:
    """What became of InMails, by match, plan, strategy, degree and country."""
    axes: tuple[tuple[str, str, Callable[[str], str]], ...] = (
        ("match", _("Match"), str),
        ("plan", _("Plan"), plan),
        ("strategy", _("Strategy"), strategy),
        ("degree", _("Degree"), degree),
    )
    told = [
        Table(
            axis,
            title,
            [
                Row(
                    words(name),
                    [_shares(arm["segments"][axis].get(name)) for arm in arms],
                    name if axis == "match" else "",
                )
                for name in _names(arms, axis)
            ],
        )
        for axis, title, words in axes
    ]
    return [*told, Table("country", _("Country of the sender"), _countries(arms))]


def _shares(counts: dict | None) -> tuple:
    """Sent; opened, answered, interested, reported in per cent of those."""
    if not counts or not counts["sent"]:
        return ("0", *(figures.DASH,) * 4)
    reported = counts.get("reported", counts.get("spam", 0) + counts.get("inappropriate", 0))
    parts = (counts["opened"], counts["answered"], counts["interested"], reported)
    return figures.whole(counts["sent"]), *(figures.share(n / counts["sent"]) for n in parts)


def _countries(arms: list[dict]) -> list[Row]:
    """Those with most InMails in the first arm, and the rest together."""
    names = _names(arms, "country")
    rows = [
        Row(countries.name(name), [_shares(arm["segments"]["country"].get(name)) for arm in arms])
        for name in names[:COUNTRIES_SHOWN]
    ]
    rest = names[COUNTRIES_SHOWN:]
    if rest:
        rows.append(Row(_("%(n)s others") % {"n": len(rest)}, [_shares(_together(arm, rest)) for arm in arms]))
    return rows


def _together(arm: dict, names: list[str]) -> dict:
    found = [arm["segments"]["country"][name] for name in names if name in arm["segments"]["country"]]
    keys = ("sent", "opened", "answered", "interested", "reported")
    return {key: sum(each[key] for each in found) for key in keys}

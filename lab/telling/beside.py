"""Two runs side by side: which settings differ, every measure of every arm, and differences where they mean something.

Law: a difference between runs is told with its interval only where both lived the same people with the same luck; in
all other cases it is said why not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import NamedTuple

from django.utils.translation import gettext as _

from lab import runs, statistics, writing
from lab.measures import MEASURES as KNOWN
from lab.models import Run
from lab.scenario import Scenario, ScenarioError
from lab.telling import figures as told
from lab.telling import pages, parameters
from lab.telling.behaviour import BEHAVIOUR
from lab.telling.measures import MEASURES

NO_MATTER = {"name", "replications", "precision", "measure", "margin"}  # of these, people and luck know nothing
TABLES = {
    "population": parameters.POPULATION,
    "senders": parameters.SENDERS,
    "behaviour": BEHAVIOUR,
    "welfare": parameters.WELFARE,
}


class Setting(NamedTuple):
    label: str
    first: str
    second: str


class Pair(NamedTuple):
    """An arm of the first run and one of the second of the same name, with their differences."""

    name: str
    differences: list[pages.Difference]


def settings_that_differ(first: Scenario, second: Scenario) -> tuple[list[Setting], bool]:
    """Of the scenarios; and whether both live the same people with the same luck."""
    told, same = [], True
    for f in fields(Scenario):
        a, b = getattr(first, f.name), getattr(second, f.name)
        if f.name == "arms" or a == b:
            continue
        same &= f.name in NO_MATTER
        if f.name in writing.TABLES:
            table = TABLES[writing.TABLES[f.name]]
            changed = {**writing.differing(a, b), **writing.differing(b, a)}
            told += [Setting(table[name].label, _plain(getattr(a, name)), _plain(getattr(b, name))) for name in changed]
        else:
            told.append(Setting(parameters.SCENARIO[f.name].label, _plain(a), _plain(b)))
    return told + _arms(first, second), same


def _arms(first: Scenario, second: Scenario) -> list[Setting]:
    """Arms that are not in both, or not alike, as TOML has them."""
    a, b = ({arm.name: writing.of_arm(arm) for arm in each.arms} for each in (first, second))
    names = [name for name in {**a, **b} if a.get(name) != b.get(name)]
    return [
        Setting(
            _("Arm “%(name)s”") % {"name": name}, _terms(a.get(name), b.get(name)), _terms(b.get(name), a.get(name))
        )
        for name in names
    ]


def _terms(said: Mapping | None, other: Mapping | None) -> str:
    if said is None:
        return told.DASH
    shown = {key: value for key, value in said.items() if key != "name" and (other is None or other.get(key) != value)}
    return ", ".join(
        f"{key} = {writing.literal(value)}" for key, value in (shown or {"policy": said["policy"]}).items()
    )


def _plain(value: object) -> str:
    return told.DASH if value is None else value if isinstance(value, str) else writing.literal(value).replace("_", " ")


def beside(first: Run, second: Run) -> dict:
    """The context of the page."""
    reports = (first.report, second.report)
    settings, why = _settings(first, second)
    arms = [(run, arm) for run, report in zip("AB", reports, strict=True) for arm in report["arms"]]
    return {
        "settings": settings,
        "why_not": why,
        "heads": [(run, arm["name"]) for run, arm in arms],
        "measures": [
            (words, [told.of(arm["measures"][name], words.is_share) for _run, arm in arms])
            for name, words in MEASURES.items()
        ],
        "pairs": [] if why else _pairs(*reports),
    }


def _settings(first: Run, second: Run) -> tuple[list[Setting], str]:
    """The settings that differ, and why differences between the runs would mean nothing; empty where they do."""
    try:
        found, same = settings_that_differ(runs.scenario_of(first), runs.scenario_of(second))
    except (ScenarioError, ValueError):
        return [], _("One of them was described for another version of the program, which cannot be read any more.")
    if first.version != second.version:
        return found, _("They were lived by different versions of the program, so their numbers are not comparable.")
    if not same:
        return found, _(
            "They are not comparable number by number: they lived other people, or with other luck. See what differs."
        )
    return found, ""


def _pairs(first: dict, second: dict) -> list[Pair]:
    """Arms of one name, replication by replication; only the replications that both have."""
    others, told = {arm["name"]: arm for arm in second["arms"]}, []
    for arm in first["arms"]:
        if arm["name"] in others:
            told.append(Pair(arm["name"], _differences(arm["values"], others[arm["name"]]["values"], first["margin"])))
    return told


def _differences(a: Mapping, b: Mapping, margin: float) -> list[pages.Difference]:
    common = min(len(next(iter(a.values()))), len(next(iter(b.values()))))
    mine, theirs = ({name: _numbers(row[:common]) for name, row in each.items()} for each in (a, b))
    better = {measure.name: measure.more_is_better for measure in KNOWN}
    found = statistics.compare(mine, theirs, margin=margin, more_is_better=better)
    return pages.differences({name: _told(d) for name, d in found.items()})[0]


def _numbers(row: list) -> list[float]:
    return [float("nan") if value is None else value for value in row]


def _told(d: statistics.Difference) -> dict:
    return {key: None if isinstance(value, float) and value != value else value for key, value in d._asdict().items()}

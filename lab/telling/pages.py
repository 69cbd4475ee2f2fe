"""The report of a run as its page needs it: sentences, pictures, tables of the first arm and one other.

Law: whatever is shown is in the report; nothing is computed anew but shares, means and places on a picture.
"""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse

from lab import runs, writing
from lab.models import Run
from lab.scenario import ScenarioError
from lab.telling import charts, figures, parameters, segments, spread, verdicts
from lab.telling.measures import MEASURES, Words

WELFARE = ("welfare_senders", "welfare_recipients", "welfare_platform")


class Difference(NamedTuple):
    """One measure of an arm against the first, in words, and as a whisker of the relative difference."""

    name: str
    words: Words
    base: str
    other: str
    difference: str
    low: str
    high: str
    relative: str
    whisker: charts.Whisker | None
    verdict: str
    shape: str
    tone: str


class Against(NamedTuple):
    """One of the further arms: its sentence, and where its part of the report is."""

    place: int
    name: str
    sentence: str
    counts: list[verdicts.Count]
    is_shown: bool


def report(request, run: Run) -> dict:
    """The context of the page; `?arm=2` shows the arm of that place (counted from 0) against the first."""
    told = run.report
    place = _place(request.GET.get("arm", ""), len(told["arms"]))
    arms = [told["arms"][0], told["arms"][place]]
    found = told["differences"][arms[1]["name"]]
    rows, limit = differences(found)
    return {
        "report": told,
        "against": against(told, place),
        "base": arms[0],
        "other": arms[1],
        "place": place,
        "two": [(0, arms[0]["name"]), (place, arms[1]["name"])],
        "differences": rows,
        "limit": f"{figures.compact(100 * limit)} %",
        "band": band(told["margin"], limit),
        "margin": figures.compact(100 * told["margin"]),
        "laws_hold": all(arm["laws_hold"] for arm in told["arms"]),
        **parts(told, arms),
        **_reproduce(request, run),
        "welfare": [row for row in rows if row.name in WELFARE],
        "worth": [(words, figures.number(told["welfare"][name])) for name, words in parameters.WELFARE.items()],
    }


def parts(told: dict, arms: list[dict]) -> dict:
    return {
        "funnel": segments.funnel(arms),
        "credits": segments.credits(arms),
        "credit_tables": segments.credit_tables(arms),
        "tables": segments.tables(arms),
        "load": spread.load(arms),
        "load_measures": [_plainly(name, arms) for name in ("load_mean", "load_top_1_percent")],
        "scores": spread.scores(arms),
        "paths": spread.paths(told),
    }


def _place(given: str, count: int) -> int:
    return int(given) if given.isdecimal() and len(given) < 3 and 0 < int(given) < count else 1


def against(told: dict, shown: int) -> list[Against]:
    return [
        Against(
            place,
            arm["name"],
            verdicts.sentence(arm["name"], told["differences"][arm["name"]], told["measure"]),
            verdicts.counts(told["differences"][arm["name"]]),
            place == shown,
        )
        for place, arm in enumerate(told["arms"])
        if place
    ]


def differences(found: dict[str, dict]) -> tuple[list[Difference], float]:
    """Every measure, and how far the axis of the picture reaches."""
    relative = {name: _relative(d) for name, d in found.items()}
    limit = charts.limit_of([(low, high) for low, _middle, high in filter(None, relative.values())])
    return [_difference(name, d, relative[name], limit) for name, d in found.items()], limit


def _relative(d: dict) -> tuple[float, float, float] | None:
    """The difference and its interval, relative to the first arm; None where there is nothing to compare with."""
    values = (d["low"], d["difference"], d["high"])
    if not d["base"] or None in values:
        return None
    return tuple(value / abs(d["base"]) for value in values)


def _difference(name: str, d: dict, relative, limit: float) -> Difference:
    words = MEASURES[name]

    def told(key: str, *, signed: bool = False) -> str:
        return figures.of(d[key], words.is_share, signed=signed)

    return Difference(
        name,
        words,
        told("base"),
        told("other"),
        told("difference", signed=True),
        told("low", signed=True),
        told("high", signed=True),
        f"{figures.number(100 * relative[1], digits=2, signed=True)} %" if relative else figures.DASH,
        charts.whisker(*relative, limit) if relative else None,
        verdicts.word(d["verdict"]),
        verdicts.SHAPES[d["verdict"]],
        verdicts.TONES[d["verdict"]],
    )


def band(margin: float, limit: float) -> tuple[str, str]:
    """Where differences of no relevance lie on the picture: its left edge and its width."""
    half = 49 * min(1.0, margin / limit)
    return charts.at(50 - half), charts.at(2 * half)


def _plainly(name: str, arms: list[dict]) -> tuple[Words, list[str]]:
    return MEASURES[name], [figures.of(arm["measures"][name], MEASURES[name].is_share) for arm in arms]


def _reproduce(request, run: Run) -> dict:
    """What makes the same report again: the scenario as it was lived, and where this page is."""
    try:
        text = writing.toml(runs.scenario_of(run))
    except ScenarioError:  # of another version of the program
        text = run.text
    link = request.build_absolute_uri(reverse("lab:run", args=[run.public_id]))
    return {"toml": text, "permalink": link}

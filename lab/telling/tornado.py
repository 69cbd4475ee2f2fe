"""Which unpublished assumptions move a difference, as its page needs it: a tornado, a table, a sentence.

Law: bars stand around the difference as it is, the longest first; of a difference that is undecided no sign is said to
change.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from lab.telling import assumed, charts, figures, verdicts
from lab.telling.measures import MEASURES, Words
from lab.telling.parameters import SOURCES

HALF = 49.0  # of the picture on either side of the difference as it is


class Side(NamedTuple):
    """One end of an assumption: its value, the difference there, and its bar as left edge and width."""

    value: str
    difference: str
    low: str
    high: str
    verdict: str
    x: str
    width: str


class Row(NamedTuple):
    name: str
    label: str
    tag: str
    source: str
    reason: str
    default: str
    ends: list[Side]  # at the low value, at the high value
    swing: str
    total: str
    total_low: str
    total_high: str
    verdict: str
    shape: str
    tone: str


def page(found: dict) -> dict:
    """The context of the page, of what `lab.sensitivity.sensitivity` has found."""
    words, base, limit = MEASURES[found["measure"]], found["base"], reach(found)
    rows = [row(each, words, base, limit) for each in found["assumptions"]]
    return {
        "words": words,
        "sentence": sentence(found),
        "base": _told(base, words),
        "base_verdict": verdicts.word(base["verdict"]),
        "drawn": _drawn(found, words),
        "same_sign": figures.number(100 * found["drawn"]["same_sign"]),
        "samples": found["samples"],
        "points": figures.whole(found["drawn"]["points"]),
        "rows": rows,
        "axis": [_value(base["difference"] + side * limit, words) for side in (-1, 0, 1)],
        "nought": nought(base["difference"], limit),
    }


def reach(found: dict) -> float:
    """How far the longest bar goes from the difference as it is."""
    ends = (each[end]["difference"] for each in found["assumptions"] for end in ("at_low", "at_high"))
    return max((abs(end - found["base"]["difference"]) for end in ends), default=0.0) or 1.0


def nought(base: float, limit: float) -> str:
    """Where a difference of nought lies, if it is on the picture."""
    return charts.at(50 - HALF * base / limit) if abs(base) <= limit else ""


def sentence(found: dict) -> str:
    flips = [each for each in found["assumptions"] if each["changes_the_sign"]]
    most, words = found["assumptions"][0], MEASURES[found["measure"]]
    said = _(
        "%(measure)s: the difference hangs most on “%(name)s”, %(low)s at its low end and %(high)s at its high."
    ) % {
        "measure": words.label,
        "name": assumed.label(most["name"]),
        "low": _value(most["at_low"]["difference"], words),
        "high": _value(most["at_high"]["difference"], words),
    }
    if not is_decided(found["base"]):
        return f"{said} " + _("As we assume, it is undecided, so there is no sign to change.")
    if not flips:
        return f"{said} " + _("No assumption, one at a time, changes its sign.")
    names = ", ".join(f"“{assumed.label(each['name'])}”" for each in flips)
    return f"{said} " + _("Its sign changes with %(names)s.") % {"names": names}


def is_decided(d: dict) -> bool:
    return d["verdict"] in (verdicts.BETTER, verdicts.WORSE)


def row(each: dict, words: Words, base: dict, limit: float) -> Row:
    """One bar and one line of the table."""
    total = each["total_order"]
    verdict, shape, tone = _judged(each, base)
    return Row(
        each["name"],
        assumed.label(each["name"]),
        each["tag"],
        str(SOURCES[each["tag"]]),
        assumed.reason(each["reason"]),
        _given(each["default"]),
        [_side(each[end], each[f"at_{end}"], words, base["difference"], limit) for end in ("low", "high")],
        figures.of(each["swing"], words.is_share),
        *(figures.number(total[key], digits=2) for key in ("index", "low", "high")),
        verdict,
        shape,
        tone,
    )


def _judged(each: dict, base: dict) -> tuple[str, str, str]:
    """A word, its shape and tone; a sign is said to change only where there is one."""
    if each["changes_the_sign"] and is_decided(base):
        return _("other sign"), "flag", "mismatch"
    if each["moves_the_verdict"]:
        return _("other verdict"), "triangle", "mismatch"
    return _("verdict stays"), "same", "same"


def _side(value: float, at: dict, words: Words, base: float, limit: float) -> Side:
    there = HALF * (at["difference"] - base) / limit
    place = charts.at(50 + min(0.0, there)), charts.at(abs(there))
    return Side(_given(value), *_told(at, words), verdicts.word(at["verdict"]), *place)


def _given(value: float) -> str:
    """What an assumption is set to, without naughts that say nothing."""
    return figures.compact(float(f"{value:.3g}"))


def _told(d: dict, words: Words) -> tuple[str, str, str]:
    return tuple(_value(d[key], words) for key in ("difference", "low", "high"))


def _drawn(found: dict, words: Words) -> tuple[str, str]:
    return tuple(_value(found["drawn"][key], words) for key in ("low", "high"))


def _value(value: float | None, words: Words) -> str:
    return figures.of(value, words.is_share, signed=True)

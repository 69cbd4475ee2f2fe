"""Pictures of numbers as plain geometry, for templates to draw as SVG: bars, whiskers and lines, in per cent of a box.

Law: every coordinate is a text with a point, whatever the language; each picture's numbers also stand in words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
LIMITS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)  # of the axis of relative differences
SHOWN_WHOLE = 0.8  # of the intervals, at least; those that are wider are cut, and say so
HEIGHT = 100.0


def at(value: float) -> str:
    """A coordinate."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Bar(NamedTuple):
    width: str  # of 100
    text: str
    note: str = ""


def bar(value: float, most: float, text: str, note: str = "") -> Bar:
    return Bar(at(100 * max(0.0, value) / most if most else 0.0), text, note)


class Whisker(NamedTuple):
    """A dot with its interval; `cut_low` and `cut_high` where it goes on beyond the picture."""

    low: str
    dot: str
    high: str
    cut_low: bool
    cut_high: bool
    is_dot_shown: bool


def limit_of(intervals: Sequence[tuple[float, float]]) -> float:
    """How far the axis reaches on both sides, so that most intervals are shown whole."""
    widest = sorted(max(abs(low), abs(high)) for low, high in intervals)
    if not widest:
        return LIMITS[0]
    enough = widest[min(len(widest) - 1, math.ceil(SHOWN_WHOLE * len(widest)) - 1)]
    return next((limit for limit in LIMITS if enough <= limit), LIMITS[-1])


def whisker(low: float, middle: float, high: float, limit: float) -> Whisker:
    def place(value: float) -> str:
        return at(50 + 49 * max(-1.0, min(1.0, value / limit)))

    return Whisker(place(low), place(middle), place(high), low < -limit, high > limit, abs(middle) <= limit)


class Line(NamedTuple):
    name: str
    tone: int
    points: str
    last: str  # its value on the last day, in words


class Lines(NamedTuple):
    """A path over days: `ticks` are (y, label) from the top down."""

    id: str
    title: str
    note: str
    ticks: list[tuple[str, str]]
    first: str
    last: str
    lines: list[Line]


def top_of(most: float) -> float:
    """A round number that nothing exceeds."""
    if most <= 0:
        return 1.0
    scale = 10.0 ** math.floor(math.log10(most))
    return next(step * scale for step in NICE if most <= step * scale * (1 + 1e-12))


def points(values: Sequence[float], top: float) -> str:
    """In a box of 100 by 100, the first value at its left edge, the last at its right."""
    wide = max(1, len(values) - 1)
    return " ".join(f"{at(100 * x / wide)},{at(HEIGHT * (1 - value / top))}" for x, value in enumerate(values))


def smooth(values: Sequence[float], days: int = 7) -> list[float]:
    """Each day's mean with the days before it, `days` in all; fewer at the beginning."""
    told, total = [], 0.0
    for day, value in enumerate(values):
        total += value - (values[day - days] if day >= days else 0.0)
        told.append(total / min(day + 1, days))
    return told

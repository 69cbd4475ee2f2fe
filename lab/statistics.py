"""How sure a difference between two arms is: paired by common luck, over replications (DOMAIN 9, *Draws*).

Law: "undecided" is an answer. Nothing is called better that its interval, corrected for the number of measures asked
about, does not show to be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

BETTER, WORSE, SAME, UNDECIDED = "better", "worse", "no relevant difference", "undecided"
LEVEL = 0.95


class Difference(NamedTuple):
    """One measure of one arm less that of the first arm: mean over replications with its interval.

    `p` is that of no difference at all, `p_same` that of a difference beyond the margin; both are corrected.
    """

    base: float
    other: float
    difference: float
    low: float
    high: float
    replications: int
    p: float
    p_same: float
    verdict: str

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


def holm(p: Sequence[float]) -> list[float]:
    """Holm's correction: each p as if it had been one of several asked together (Holm 1979)."""
    order = np.argsort(p, kind="stable")
    corrected, so_far = [1.0] * len(p), 0.0
    for place, which in enumerate(order):
        so_far = max(so_far, min(1.0, (len(p) - place) * float(p[which])))
        corrected[which] = so_far
    return corrected


def compare(
    base: Mapping[str, Sequence[float]],
    other: Mapping[str, Sequence[float]],
    *,
    margin: float,
    more_is_better: Mapping[str, bool],
) -> dict[str, Difference]:
    """Every measure of an arm against the first arm; the n-th values of both come from the n-th replication.

    `margin` is relative to the mean of the first arm. Replications in which a measure has no value (NaN) are left out;
    with fewer than two left the measure is undecided. Raises ValueError where the two were not replicated alike.
    """
    pairs = {name: _pairs(base[name], other[name]) for name in base}
    raw = {name: _tests(first, second, margin) for name, (first, second) in pairs.items()}
    names = list(raw)
    p = dict(zip(names, holm([raw[name][0] for name in names]), strict=True))
    p_same = dict(zip(names, holm([raw[name][1] for name in names]), strict=True))
    return {name: _difference(*pairs[name], p[name], p_same[name], more_is_better.get(name, True)) for name in names}


def _pairs(base: Sequence[float], other: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    first, second = np.asarray(base, dtype=np.float64), np.asarray(other, dtype=np.float64)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"Both arms need the same replications, not {first.shape} and {second.shape}.")
    there = np.isfinite(first) & np.isfinite(second)
    return first[there], second[there]


def _tests(base: np.ndarray, other: np.ndarray, margin: float) -> tuple[float, float]:
    """p of no difference, and p of a difference beyond the margin (two one-sided tests; the larger)."""
    if len(base) < 2:
        return 1.0, 1.0
    d, room = other - base, margin * abs(float(base.mean()))
    mean, error = float(d.mean()), float(d.std(ddof=1)) / len(d) ** 0.5
    if error == 0:
        return float(mean == 0), float(abs(mean) > room)
    t = stats.t(len(d) - 1)
    return 2 * float(t.sf(abs(mean) / error)), float(t.sf((room - abs(mean)) / error))


def _difference(base, other, p: float, p_same: float, more_is_better: bool) -> Difference:
    n = len(base)
    means = (float(base.mean()), float(other.mean())) if n else (float("nan"), float("nan"))
    d = other - base
    mean = float(d.mean()) if n else float("nan")
    half = float("nan")
    if n > 1:
        half = float(stats.t.ppf((1 + LEVEL) / 2, n - 1)) * float(d.std(ddof=1)) / n**0.5
    return Difference(
        *means, mean, mean - half, mean + half, n, p, p_same, _verdict(mean, p, p_same, n, more_is_better)
    )


def _verdict(mean: float, p: float, p_same: float, n: int, more_is_better: bool) -> str:
    if n < 2:
        return UNDECIDED
    if p_same <= 1 - LEVEL:
        return SAME
    if p <= 1 - LEVEL:
        return BETTER if (mean > 0) == more_is_better else WORSE
    return UNDECIDED


def enough(difference: Difference, precision: float) -> bool:
    """Whether the interval is as narrow as wanted: half of it at most `precision` of the first arm's mean."""
    return difference.replications > 1 and difference.half_width <= precision * abs(difference.base)

"""A published fact, what the lab gives for it, and whether the two agree.

Law: a row agrees where its interval reaches the range that the published figure, as it was rounded, stands for; which
way it comes out is printed either way. Whatever a parameter was set from is no evidence and is marked *fitted*.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import stats

Z = float(stats.norm.ppf(0.975))
SURE, PUBLISHED, DERIVED, FREE = "S", "P", "D", "F"
PERCENT, RATIO, COUNT = "percent", "ratio", "count"


class Estimate(NamedTuple):
    """A value with its 95 % interval and the number of cases behind it; the three are equal where nothing is drawn."""

    value: float
    low: float
    high: float
    n: int


class Row(NamedTuple):
    """One line of the page. `low` and `high` are the values that round to what was published."""

    about: str
    fact: str
    published: str
    low: float
    high: float
    source: str  # a tag of DOMAIN
    fitted: bool
    found: Estimate
    unit: str
    raw: float | None = None  # the rate in the run as it was, which strategies confound
    note: str = ""

    @property
    def agrees(self) -> bool:
        return self.found.low <= self.high and self.low <= self.found.high


def share(hits: int, n: int) -> Estimate:
    """A proportion with Wilson's interval."""
    if not n:
        return Estimate(math.nan, math.nan, math.nan, 0)
    p = hits / n
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return Estimate(p, max(0.0, middle - half), min(1.0, middle + half), int(n))


def mean(values: np.ndarray) -> Estimate:
    """A mean with the normal interval of independent values."""
    middle, error = float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values))
    return Estimate(middle, middle - Z * error, middle + Z * error, len(values))


def median(values: np.ndarray) -> Estimate:
    """A median with the interval of its order statistics (binomial)."""
    ordered, n = np.sort(values), len(values)
    low, high = (int(place) for place in stats.binom.interval(0.95, n, 0.5))
    return Estimate(float(np.median(ordered)), float(ordered[max(0, low - 1)]), float(ordered[min(n - 1, high)]), n)


def ratio(other: np.ndarray, base: np.ndarray) -> Estimate:
    """The rate of `other` to that of `base`, the same cases in both; delta method on the paired cases."""
    one, two = float(other.mean()), float(base.mean())
    if not one or not two:
        return Estimate(math.nan, math.nan, math.nan, len(base))
    log, error = math.log(one / two), float((other / one - base / two).std(ddof=1)) / math.sqrt(len(base))
    return Estimate(one / two, *(math.exp(log + way * Z * error) for way in (-1, 1)), len(base))

"""Confidence intervals of shares."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959963984540054


def wilson(successes: int, trials: int, z: float = Z95) -> tuple[float, float]:
    """The 95 % score interval of a share, as (low, high) in 0-1; (0, 1) when nothing was tried. Wilson 1927."""
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    spread = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    middle = share + z * z / (2 * trials)
    low, high = (middle - spread) / (1 + z * z / trials), (middle + spread) / (1 + z * z / trials)
    return (0.0 if successes == 0 else max(0.0, low)), (1.0 if successes == trials else min(1.0, high))

"""Draws as machine code: the fold of `simulation.draws` over whole numbers, and what is picked by it."""

from __future__ import annotations

import numpy as np

from lab.compiled import LEAN, fold, mix
from simulation import draws


@LEAN
def begun(seed):
    return mix(np.uint64(seed) + np.uint64(draws.GOLDEN))


@LEAN
def hashed(h, value):
    return fold(h, np.uint64(value))


@LEAN
def unit(h):
    return np.float64(h >> np.uint64(11)) * draws.UNIT


@LEAN
def picked(edges, luck):
    kind = 0
    while kind < len(edges) - 1 and luck >= edges[kind]:
        kind += 1
    return kind

"""Whom a sender meets on a day, compiled: its walk through the market (`simulation.market`), many steps at once.

Law: the n-th candidate of a sender is the platform's; how many are looked up together changes nothing.
"""

from __future__ import annotations

import numpy as np

from lab.compiled import LEAN, scramble
from lab.layout import AHEAD
from lab.luck import hashed

NOBODY = -1


@LEAN
def candidate(key, place, size, bits):
    """The place of a market that a walk's key sends `place` to."""
    x = scramble(key, np.uint64(place), bits)
    while x >= np.uint64(size):
        x = scramble(key, x, bits)
    return np.int64(x)


@LEAN
def look_up(near, start, key, place, number, size, bits):
    """Candidates at `place` and after, `number` of them, into `near[start:]`."""
    for k in range(number):
        near[start + k] = np.int64(scramble(key, np.uint64(place + k), bits))
    if size != 1 << bits:
        for k in range(start, start + number):
            x = np.uint64(near[k])
            while x >= np.uint64(size):
                x = scramble(key, x, bits)
            near[k] = np.int64(x)


@LEAN
def anyone(near, start, walk, position, intents, size, bits):
    """The next `intents` candidates into `near[start:]`; returns how many were looked at."""
    lap, done = position // size, 0
    place = position - lap * size
    while done < intents:
        number = min(intents - done, size - place)
        look_up(near, start + done, hashed(walk, lap), place, number, size, bits)
        done += number
        place, lap = 0, lap + 1
    return intents


@LEAN
def who_welcomes(near, start, ahead, welcome, category, me, walk, position, intents, most, size, bits):
    """For each intent the first of at most `most` candidates who declares the category, or NOBODY, into `near[start:]`.

    Returns how many candidates were looked at. `ahead` (2, AHEAD) is room for those looked up together, and for what
    they welcome: memory is slow, and so it is asked for all of them at once.
    """
    lap, looked = position // size, 0
    place = position - lap * size
    key, known, taken = hashed(walk, lap), 0, 0
    for turn in range(intents):
        found = NOBODY
        for _ in range(most):
            if taken == known:
                if place == size:
                    place, lap = 0, lap + 1
                    key = hashed(walk, lap)
                known, taken = min(AHEAD, size - place), 0
                look_up(ahead[0], 0, key, place, known, size, bits)
                for k in range(known):
                    ahead[1, k] = welcome[ahead[0, k]]
                place += known
            to = ahead[0, taken]
            looked += 1
            taken += 1
            if ahead[1, taken - 1] >> category & 1 and to != me:
                found = to
                break
        near[start + turn] = found
    return looked

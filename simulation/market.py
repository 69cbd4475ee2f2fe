"""Whom a sender meets next: a seeded walk through its market, everyone once before anyone twice.

Law: a sender's k-th candidate is a pure function of (seed, sender, k): a keyed bijection of the market's places,
walked along its cycles where the market is no power of two.
"""

import numpy as np

from simulation.draws import hash64_array

MARKET = 1 << 20  # consecutive member numbers; numbers are ordered by country
WALK = 1 << 41  # the second value of the hash of a walk's keys
ROUNDS = 3


def market(world: tuple[int, int], sender: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First number and size of a sender's market, in a world of (first number, members); the last may be smaller."""
    first, members = world
    start = first + (np.asarray(sender) - first) // MARKET * MARKET
    return start, np.minimum(MARKET, first + members - start)


def candidates(seed: int, world: tuple[int, int], sender: np.ndarray, position: np.ndarray) -> np.ndarray:
    """Member numbers met at `position` (0, 1, 2 …). After the whole market a new walk begins in another order."""
    start, size = market(world, sender)
    lap, place = np.divmod(position, size)
    keys = hash64_array(seed, WALK, sender, lap)
    keys, place, size = np.broadcast_arrays(keys, place, size)
    where = np.empty(keys.shape, dtype=np.int64)
    for each in np.unique(size):
        here = size == each
        where[here] = permute(keys[here], place[here], int(each))
    return start + where


def permute(keys: np.ndarray, place: np.ndarray, size: int) -> np.ndarray:
    """The place that `place` is sent to by the bijection of [0, size) that each key names."""
    keys, place = np.broadcast_arrays(keys, place)
    bits = max(2, (size - 1).bit_length())
    where = _scramble(keys, place.astype(np.uint64), bits)
    outside = np.nonzero(where >= size)
    while len(outside[0]):  # at most half of the places lie outside, so this ends soon
        again = _scramble(keys[outside], where[outside], bits)
        where[outside] = again
        still = again >= size
        outside = tuple(axis[still] for axis in outside)
    return where.astype(np.int64)


def _scramble(keys: np.ndarray, x: np.ndarray, bits: int) -> np.ndarray:
    """A bijection of `bits`-bit numbers: odd multiples, sums and shifted XORs, each of which can be undone."""
    mask, half = np.uint64((1 << bits) - 1), np.uint64((bits + 1) // 2)
    for turn in range(ROUNDS):
        key = keys >> np.uint64(20 * turn)
        x = (x * ((key << np.uint64(1)) | np.uint64(1)) + (key >> np.uint64(7))) & mask
        x = x ^ (x >> half)
    return x

"""Chance without a random stream: every draw is a hash of whole numbers (splitmix64 finaliser, folded).

Law: the same numbers give the same draw in Python, in NumPy and compiled, in any order, on any machine.

The fold, with GOLDEN = 0x9E3779B97F4A7C15 and all sums modulo 2^64:

    h = mix(seed + GOLDEN);   for each further value v, in order:   h = mix((h ^ v) + GOLDEN)

where mix is the finaliser of splitmix64. GOLDEN keeps 0 from being a fixed point. Values count modulo 2^64.
"""

import numpy as np

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
FIRST = 0xBF58476D1CE4E5B9
SECOND = 0x94D049BB133111EB
UNIT = 1.0 / (1 << 53)

# The same as uint64: where signed and unsigned mix, NumPy and Numba fall back to float64.
_GOLDEN, _FIRST, _SECOND = np.uint64(GOLDEN), np.uint64(FIRST), np.uint64(SECOND)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


def mix(z: int) -> int:
    """The finaliser of splitmix64 on a Python integer of 64 bits."""
    z = ((z ^ (z >> 30)) * FIRST) & MASK
    z = ((z ^ (z >> 27)) * SECOND) & MASK
    return z ^ (z >> 31)


def hash64(seed: int, *values: int) -> int:
    """64 hashed bits of `seed` and `values`, as a Python integer."""
    h = mix((seed + GOLDEN) & MASK)
    for value in values:
        h = mix(((h ^ (value & MASK)) + GOLDEN) & MASK)
    return h


def hash01(seed: int, *values: int) -> float:
    """A draw in [0, 1) with 53 bits."""
    return (hash64(seed, *values) >> 11) * UNIT


def mix_uint64(z):
    """The finaliser on uint64: NumPy arrays, or scalars when compiled by Numba. The same bits as `mix`."""
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    return z ^ (z >> _31)


def fold_uint64(h, value):
    """One step of the fold on uint64."""
    return mix_uint64((h ^ value) + _GOLDEN)


def unit_uint64(h):
    """The draw in [0, 1) of 64 hashed bits in a NumPy array."""
    return (h >> _11).astype(np.float64) * UNIT


def as_uint64(value) -> np.ndarray:
    """Whole numbers (Python or NumPy, signed or not) as an array of uint64, modulo 2^64."""
    if isinstance(value, (int, np.integer)):
        return np.array([int(value) & MASK], dtype=np.uint64)
    return np.atleast_1d(value).astype(np.uint64)


def hash64_array(seed, *values) -> np.ndarray:
    """As `hash64`, element by element over arrays that broadcast; always an array of at least one element."""
    h = mix_uint64(as_uint64(seed) + _GOLDEN)
    for value in values:
        h = fold_uint64(h, as_uint64(value))
    return h


def hash01_array(seed, *values) -> np.ndarray:
    """As `hash01`, element by element."""
    return unit_uint64(hash64_array(seed, *values))


class Trait:
    """What a member is like, or its habits: one number each, so that traits never share luck."""

    ACTIVE = 1  # extra: month index
    STRATEGY = 2
    VOLUME = 3
    CATEGORY = 4
    FORMER_EMPLOYER = 5  # of the lower number; extra: the higher number
    PAIR = 6  # degree and groups where no graph is known; of the lower number; extra: the higher number
    MEMBER = 7  # interests, reception, plan where no member is known; extra: which


def trait01(world_seed: int, number: int, trait: int, *extra: int) -> float:
    """The trait of member `number`: the same on every timeline of a world."""
    return hash01(world_seed, number, trait, *extra)


def trait01_array(world_seed: int, numbers, trait: int, *extra) -> np.ndarray:
    """As `trait01`, for arrays of members."""
    return hash01_array(world_seed, numbers, trait, *extra)

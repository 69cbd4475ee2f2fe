"""Who is connected to whom: heavy-tailed degrees, neighbours from the same country and industry, triangles closed.

Law: a pure function of (seed, numbers of country and industry); whole arrays, never a loop over edges. Small worlds
scale degrees down so that all degrees of separation occur among random pairs (DOMAIN 10).
"""

import numpy as np

from simulation.draws import hash01_array, hash64_array

SIGMA = 1.19  # of the logarithm of degrees [D]
HARD_CAP = 30_000  # connections of one member [P]
WORLDS = (500, 2_000, 20_000, 50_000, 100_000, 300_000_000)
MEDIANS = (4.0, 5.5, 11.5, 11.0, 9.2, 88.0)
HUB_EVERY = 2_500  # members to one open networker, who connects with anyone; the first of them looks for
REACH = 0.20  # this share of a world, the k-th for 1/sqrt(k) of it
CLOSED = 0.60  # share of edges that close a triangle
LEVELS = (0.50, 0.485)  # of the others: same country and industry; same country; the rest anywhere
ROUNDS = 4
ALONE = 6  # in a smaller circle one looks further


def connect(country: np.ndarray, industry: np.ndarray, seed: int, median: float | None = None) -> np.ndarray:
    """The edges, an (E, 2) array of positions a < b, each pair once, sorted. `country` must be sorted."""
    count = len(country)
    if count < 2:
        return np.empty((0, 2), dtype=np.int64)
    wanted = degrees(count, seed, median)
    keys = base_edges(wanted, country, industry, seed)
    for turn in range(ROUNDS):
        keys = close_triangles(keys, wanted, count, seed, turn)
    return np.column_stack(np.divmod(keys, count))


def median_degree(count: int) -> float:
    """Between worlds measured one by one, so that random pairs are 5-20 % 2nd and 30-55 % 3rd degree in each."""
    return float(np.interp(np.log(max(count, 1)), np.log(WORLDS), MEDIANS))


def degrees(count: int, seed: int, median: float | None = None) -> np.ndarray:
    """How many connections each member wants: lognormal, and a few open networkers beside, known to many."""
    numbers = np.arange(count)
    one, other = hash01_array(seed, 101, numbers), hash01_array(seed, 102, numbers)
    normal = np.sqrt(-2 * np.log(1 - one)) * np.cos(2 * np.pi * other)
    wanted = np.rint((median or median_degree(count)) * np.exp(SIGMA * normal))
    hubs = np.argsort(hash01_array(seed, 106, numbers), kind="stable")[: round(count / HUB_EVERY)]
    known = count * REACH / np.sqrt(np.arange(1, len(hubs) + 1))
    wanted[hubs] = np.maximum(wanted[hubs], known)
    return np.clip(wanted, 1, min(HARD_CAP, max(1, count // 5))).astype(np.int64)


def base_edges(wanted: np.ndarray, country: np.ndarray, industry: np.ndarray, seed: int) -> np.ndarray:
    """Edges that close nothing yet: each end looks for the other in its block, its country or the world, by weight."""
    count = len(wanted)
    order = np.lexsort((industry, country))  # blocks lie together
    weights = np.concatenate(([0.0], np.cumsum(wanted[order], dtype=np.float64)))
    open_ends = np.maximum(1, np.rint(wanted * (1 - CLOSED) / 2)).astype(np.int64)
    source = np.repeat(np.arange(count), open_ends)
    ends = np.arange(len(source))
    level, aim = hash01_array(seed, 103, ends), hash01_array(seed, 104, ends)
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count)
    low, high = np.zeros(len(source), dtype=np.int64), np.full(len(source), count)
    block = country[order].astype(np.int64) * 1000 + industry[order]
    for values, chosen in (
        (country[order].astype(np.int64), level < sum(LEVELS)),
        (block, level < LEVELS[0]),
    ):
        mine = values[place[source]]
        first, last = np.searchsorted(values, mine, "left"), np.searchsorted(values, mine, "right")
        chosen = chosen & (last - first >= ALONE)
        low[chosen], high[chosen] = first[chosen], last[chosen]
    target = np.searchsorted(weights, weights[low] + aim * (weights[high] - weights[low]), "right") - 1
    return pair_keys(source, order[np.clip(target, 0, count - 1)], count)


def close_triangles(keys: np.ndarray, wanted: np.ndarray, count: int, seed: int, turn: int) -> np.ndarray:
    """Members short of connections meet a connection's connection."""
    start, neighbours = adjacency(keys, count)
    have = np.diff(start)
    short = np.where(have > 0, np.maximum(0, wanted - have), 0)
    source = np.repeat(np.arange(count), (short + 1) // 2)
    luck = hash64_array(seed, 105, turn, np.arange(len(source)))
    via = neighbours[start[source] + (luck >> np.uint64(33)).astype(np.int64) % have[source]]
    target = neighbours[start[via] + (luck & np.uint64(0x7FFFFFFF)).astype(np.int64) % have[via]]
    return np.union1d(keys, pair_keys(source, target, count))


def pair_keys(one: np.ndarray, other: np.ndarray, count: int) -> np.ndarray:
    """Unordered pairs as sorted unique numbers low × count + high, without self-loops."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    return np.unique((low * count + high)[low != high])


def adjacency(keys: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The neighbours of member i are neighbours[start[i] : start[i + 1]]."""
    low, high = np.divmod(keys, count)
    ends = np.concatenate((low, high))
    order = np.argsort(ends, kind="stable")
    start = np.concatenate(([0], np.cumsum(np.bincount(ends, minlength=count))))
    return start, np.concatenate((high, low))[order]

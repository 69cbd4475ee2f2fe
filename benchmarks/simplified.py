"""The simplified policy of benchmarks/peers as the lab would live it: compiled, by events, market by market.

Built from the lab's own compiled draws and grant, but no mode of the lab: its engine knows opening, categories, load,
scores and sanctions, which the simplified policy leaves out. `run.py bench lab` measures both.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np

from benchmarks.peers import rules as given
from lab.compiled import LEAN, monthly_grant
from lab.luck import begun, hashed, unit
from simulation.market import MARKET

SENT, ACCEPTED, RETURNED, GRANTED, BALANCE = range(5)
NAMES = ("sent", "accepted", "returned", "granted", "balance")
RING = given.DEADLINE + 1
ACCEPT, GRANT, CAP, PERIOD = given.ACCEPT, given.GRANT, given.CAP, given.PERIOD
SKIP = 1.0 / np.log(1.0 - given.SEND)


@LEAN
def settled(word, member, day, totals):
    """The balance of a member's word (the day of its last settlement above it) with the grants since then."""
    balance, last, bills = word & 0xFF, word >> 8, member % PERIOD
    for _ in range((day - bills) // PERIOD - (last - bills) // PERIOD):
        amount = monthly_grant(GRANT, CAP, balance)
        balance += amount
        totals[GRANTED] += amount
    return balance


@LEAN
def walk(luck, size, places):
    """Who sends today, in order: from one to the next as far as luck skips. Returns how many."""
    turn, place = 0, -1
    while True:
        place += 1 + np.int64(np.log(1.0 - unit(hashed(luck, turn))) * SKIP)
        if place >= size:
            return turn
        places[turn] = place
        turn += 1


@LEAN
def gather(wallets, places, number, words):
    """All words of a day together, for memory is slow."""
    for k in range(number):
        words[k] = wallets[places[k]]


@numba.njit(nogil=True, error_model="numpy", _nrt=False)
def live_market(first, days, seed, wallets, received, pending, waiting, places, words, totals):
    """One market: a word for each member, a byte for what it received, a ring of the credits that will come back."""
    size, luck = len(wallets), hashed(begun(seed), first)
    for day in range(days):
        slot, later = day % RING, (day + given.DEADLINE) % RING
        gather(wallets, pending[slot], waiting[slot], words)
        for k in range(waiting[slot]):
            place, before = pending[slot, k], max(day - 1, 0)
            wallets[place] = settled(np.int64(words[k]), first + place, before, totals) + 1 | before << 8
        totals[RETURNED] += waiting[slot]
        waiting[slot] = 0
        today = hashed(luck, day)
        sending = walk(today, size, places)
        gather(wallets, places, sending, words)
        for k in range(sending):
            place = places[k]
            balance = settled(np.int64(words[k]), first + place, day, totals)
            if balance > 0:
                balance -= 1
                totals[SENT] += 1
                h = hashed(hashed(today, k), 1)
                received[np.int64((h >> np.uint64(32)) * np.uint64(size) >> np.uint64(32))] += 1
                if np.float64(h & np.uint64(0xFFFFFFFF)) < ACCEPT * 4294967296.0:
                    totals[ACCEPTED] += 1
                else:
                    pending[later, waiting[later]] = place
                    waiting[later] += 1
            wallets[place] = balance | day << 8
    for place in range(size):
        totals[BALANCE] += settled(np.int64(wallets[place]), first + place, days - 1, totals)
    totals[GRANTED] += GRANT * size


def live(members: int, days: int, seed: int, *, workers: int) -> dict[str, int]:
    """All markets of a world, on so many threads; the totals by name."""

    def one(first: int) -> np.ndarray:
        size = min(MARKET, members - first)
        wallets, totals = np.full(size, GRANT, dtype=np.uint32), np.zeros(len(NAMES), dtype=np.int64)
        room = int(size * given.SEND * 1.5) + 1000
        pending, waiting = np.empty((RING, room), dtype=np.int32), np.zeros(RING, dtype=np.int64)
        places, words = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.uint32)
        received = np.zeros(size, dtype=np.uint8)
        live_market(first, days, seed, wallets, received, pending, waiting, places, words, totals)
        return totals

    with ThreadPoolExecutor(workers) as pool:
        totals = sum(pool.map(one, range(0, members, MARKET)))
    return dict(zip(NAMES, map(int, totals), strict=True))


@numba.njit(nogil=True, error_model="numpy", _nrt=False)
def touch(cells, seed, times):
    """So many random members of a world, one after the other: read, add one, write."""
    size = np.uint64(len(cells))
    for k in range(times):
        cells[np.int64((hashed(seed, k) >> np.uint64(32)) * size >> np.uint64(32))] += 1

"""NumPy as most would write it: every day all members at once."""

import time

import numpy as np
from rules import ACCEPT, CAP, DEADLINE, GRANT, PERIOD, SEND, contest


def live(members, days, seed):
    rng = np.random.default_rng(seed)
    balance = np.full(members, GRANT, dtype=np.int16)
    billing = (np.arange(members) % PERIOD).astype(np.int8)
    received = np.zeros(members, dtype=np.uint8)
    pending = [np.empty(0, dtype=np.int64)] * (DEADLINE + 1)
    sent = accepted = returned = 0
    granted = GRANT * members
    begun = time.perf_counter()
    for day in range(days):
        back = pending[day % (DEADLINE + 1)]
        balance[back] += 1  # nobody sends twice on a day
        returned += len(back)
        if day:
            grant = np.where(billing == day % PERIOD, np.clip(CAP - balance, 0, GRANT), 0).astype(np.int16)
            balance += grant
            granted += int(grant.sum())
        senders = np.flatnonzero((rng.random(members, dtype=np.float32) < SEND) & (balance > 0))
        balance[senders] -= 1
        np.add.at(received, rng.integers(members, size=len(senders)), 1)
        answers = rng.random(len(senders)) < ACCEPT
        pending[(day + DEADLINE) % (DEADLINE + 1)] = senders[~answers]
        sent += len(senders)
        accepted += int(answers.sum())
    return begun, {
        "sent": sent, "accepted": accepted, "returned": returned, "granted": granted,
        "balance": balance.sum(dtype=np.int64),
    }  # fmt: skip


contest(live)

"""NumPy driven by events: only who sends is touched, grants are made up for when a member is."""

import time

import numpy as np
from rules import ACCEPT, CAP, DEADLINE, GRANT, PERIOD, SEND, contest


def live(members, days, seed):
    rng = np.random.default_rng(seed)
    balance = np.full(members, GRANT, dtype=np.int16)
    settled = np.zeros(members, dtype=np.int16)  # the day up to which grants were made
    received = np.zeros(members, dtype=np.uint8)
    pending = [np.empty(0, dtype=np.int64)] * (DEADLINE + 1)
    sent = accepted = returned = granted = 0

    def settle(who, day):
        """Grants since then, one after the other, which from below the cap is the smaller of both; gives their sum."""
        first = who % PERIOD
        due = (day - first) // PERIOD - (settled[who] - first) // PERIOD
        before = balance[who]
        after = np.where(before >= CAP, before, np.minimum(CAP, before + due * GRANT)).astype(np.int16)
        balance[who], settled[who] = after, day
        return int((after - before).sum())

    begun = time.perf_counter()
    for day in range(days):
        back = pending[day % (DEADLINE + 1)]
        granted += settle(back, max(day - 1, 0))
        balance[back] += 1
        returned += len(back)
        gaps = rng.geometric(SEND, size=int(members * SEND * 1.1 + 100 + 5 * (members * SEND) ** 0.5))
        at = np.cumsum(gaps) - 1
        at = at[at < members]
        granted += settle(at, day)
        senders = at[balance[at] > 0]
        balance[senders] -= 1
        np.add.at(received, rng.integers(members, size=len(senders)), 1)
        answers = rng.random(len(senders)) < ACCEPT
        pending[(day + DEADLINE) % (DEADLINE + 1)] = senders[~answers]
        sent += len(senders)
        accepted += int(answers.sum())
    granted += settle(np.arange(members), days - 1) + GRANT * members
    return begun, {
        "sent": sent, "accepted": accepted, "returned": returned, "granted": granted,
        "balance": balance.sum(dtype=np.int64),
    }  # fmt: skip


contest(live)

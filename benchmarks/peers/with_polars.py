"""Polars: every day an expression over the frame of members, on all cores."""

import time

import numpy as np
import polars as pl
from rules import ACCEPT, CAP, DEADLINE, GRANT, PERIOD, SEND, contest


def live(members, days, seed):
    rng = np.random.default_rng(seed)
    frame = pl.DataFrame({
        "balance": np.full(members, GRANT, dtype=np.int16),
        "billing": (np.arange(members) % PERIOD).astype(np.int8),
    })  # fmt: skip
    received = np.zeros(members, dtype=np.uint8)  # nothing that a frame is good at
    pending = [np.empty(0, dtype=np.int64)] * (DEADLINE + 1)
    sent = accepted = returned = 0
    granted = GRANT * members
    begun = time.perf_counter()
    for day in range(days):
        back = pending[day % (DEADLINE + 1)]
        returned += len(back)
        room = (CAP - pl.col("balance")).clip(0, GRANT)
        due = pl.when((pl.col("billing") == day % PERIOD) & pl.lit(day > 0)).then(room).otherwise(0).cast(pl.Int16)
        balance = frame["balance"]
        frame = frame.with_columns(balance.scatter(back, balance.gather(back) + 1))
        frame = frame.with_columns(due.alias("grant")).with_columns(
            balance=pl.col("balance") + pl.col("grant"), luck=pl.Series(rng.random(members, dtype=np.float32))
        )
        frame = frame.with_columns(sends=(pl.col("luck") < SEND) & (pl.col("balance") > 0))
        frame = frame.with_columns(balance=pl.col("balance") - pl.col("sends").cast(pl.Int16))
        granted += frame["grant"].sum()
        senders = frame["sends"].arg_true().to_numpy()
        np.add.at(received, rng.integers(members, size=len(senders)), 1)
        answers = rng.random(len(senders)) < ACCEPT
        pending[(day + DEADLINE) % (DEADLINE + 1)] = senders[~answers]
        sent += len(senders)
        accepted += int(answers.sum())
    return begun, {
        "sent": sent, "accepted": accepted, "returned": returned, "granted": granted,
        "balance": frame["balance"].cast(pl.Int64).sum(),
    }  # fmt: skip


contest(live)

"""The lab and the platform, which is PostgreSQL and the real verbs, live the same days to the second and the credit."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.db import connection

from clock import timeline as clock
from inmail import audit, policy, terms
from inmail.models import Inmail, Wallet
from lab import engine, layout, platform, rules, world
from simulation import behaviour, demo, senders
from simulation.character import Behaviour
from simulation.models import World
from tests.lab.proof import PROOF

pytestmark = pytest.mark.django_db
BEGAN = datetime(2014, 6, 1, tzinfo=UTC)
START = BEGAN + timedelta(days=1)  # the first midnight that the clock passes
SEED = 2014
COLUMNS = ("sender__number", "recipient__number", "n", "cost", "delivered_at", "opened_at", "answered_at", "answer",
           "settled_at", "returned")  # fmt: skip


def simulated_world(monkeypatch, members: int, name: str):
    """Nobody but simulated members, with their plans and first credits under a policy, before the first midnight."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE accounts_member_numbers RESTART")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # the first compiling takes its time
    monkeypatch.setattr(demo, "_acquaint", lambda *given: None)
    live = clock.begin(at=BEGAN, speed=0, seed=SEED)
    terms.put_in_force(live, name=name, from_at=BEGAN)
    demo.add(live, World.objects.create(seed=SEED), members, {})
    return live


def lived_by_the_platform(live, days: int) -> tuple[list[tuple], dict[int, int]]:
    """Every InMail, with instants in seconds of the run, and every balance by member number."""
    clock.advance(live, until=START + timedelta(days=days, seconds=-1))
    rows = Inmail.objects.order_by("delivered_at", "sender__number").values_list(*COLUMNS)
    fates = [
        (*row[:4], *map(seconds, row[4:7]), behaviour.ANSWERS.index(row[7] or "none"), seconds(row[8]), int(row[9]))
        for row in rows
    ]
    return fates, dict(Wallet.objects.filter(balance__gt=0).values_list("member__number", "balance"))


def seconds(at) -> int | None:
    return None if at is None else int((at - START).total_seconds())


def lived_by_the_lab(live, days: int, name: str) -> tuple[list[tuple], dict[int, int]]:
    b, habits = Behaviour(), senders.Habits()
    people, who = platform.export(live, b, habits, SEED)
    book = rules.tabulate(policy.PRESETS[name], opened=BEGAN, start=START, days=days)
    how, span = world.numbers(habits), world.span(int(START.timestamp()) // 86_400, days)
    state, result = engine.begin(people, who, how, book, span, SEED, keeps_pairs=True, traces=True)
    stop = np.zeros(1, dtype=np.int64)
    engine.live(people, who, how, b.tables, book, span, SEED, state, result, 0, days + 1, stop)
    kept = result.trace[: state.now[layout.WRITTEN]].tolist()
    fates = [tuple(None if value == layout.NEVER else value for value in row) for row in kept]
    fates.sort(key=lambda row: (row[4], row[0]))
    balances = result.compensated.copy()
    balances[who.place] = result.balance
    return fates, {int(people.first + place): int(balances[place]) for place in np.flatnonzero(balances)}


@pytest.mark.parametrize("name", policy.PRESETS)
def test_every_fate_and_every_balance_is_the_same_under_every_policy(monkeypatch, name):
    days = 120 if PROOF or name in ("2014", "2015") else 45  # silence gives back after thirty days at most
    live = simulated_world(monkeypatch, 2000 if PROOF else 300, name)
    fates, balances = lived_by_the_lab(live, days, name)
    real_fates, real_balances = lived_by_the_platform(live, days)
    assert len(real_fates) > 200 and audit.ledger().holds
    assert fates == real_fates
    assert balances == real_balances

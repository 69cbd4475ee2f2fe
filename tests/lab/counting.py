"""The engine's totals, counted once more from every InMail that the plain lab kept."""

import numpy as np

from lab import layout, plain, shards, world
from simulation.behaviour import ANSWERS, INTERESTED

REPORTS = [ANSWERS.index(name) for name in ("inappropriate", "spam")]
DAILY = [layout.DAY_SENT, layout.DAY_OPENED, layout.DAY_ANSWERED, layout.DAY_RETURNED, layout.DAY_OFF]


def same(course: plain.Course, found: shards.Totals) -> list[str]:
    """The names of the totals in which the plain lab and the engine differ; the former keeps no grants by day."""
    mine = counted(course)
    theirs = {name: getattr(found, name) for name in mine} | {
        "daily": found.daily[:, DAILY],
        "under_rule": found.under_rule.sum(),
    }
    return [name for name in mine if not np.array_equal(mine[name], theirs[name])]


def counted(course: plain.Course) -> dict[str, np.ndarray]:
    letters, who, end = course.letters, course.who, course.scenario.days * plain.DAY
    plan, strategy = who.plan[letters.row], who.strategy[letters.row]
    opened, heard = ((at != plain.NEVER) & (at < end) for at in (letters.opened_at, letters.answered_at))
    settled = letters.settled_at < end
    amounts = amounts_of(course, letters, opened, heard, settled)
    cells = np.zeros((layout.CELLS, layout.MEASURES), dtype=np.int64)
    cell = ((letters.inmails.match * layout.PLANS + plan) * layout.STRATEGIES + strategy) * layout.DEGREES
    for kind, amount in amounts.items():
        np.add.at(cells[:, kind], cell + letters.inmails.degree, amount)
    return {
        "cells": cells,
        "ledger": ledger_of(course, letters, plan, strategy, amounts),
        "daily": days_of(course, letters, opened, heard, amounts),
        "countries": countries_of(course, letters, opened, heard),
        "under_rule": course.under_rule.sum(),
        "scores": _table((layout.STRATEGIES, layout.SCORES), (who.strategy, course.stars), 1),
        "received": np.bincount(np.bincount(letters.to, minlength=len(course.words)), minlength=1025),
        "senders": _table((layout.PLANS, layout.STRATEGIES), (who.plan, who.strategy), 1),
        "members": np.array([len(course.words)]),
    }


def amounts_of(course, letters, opened, heard, settled) -> dict[int, np.ndarray]:
    took = letters.answered_at - letters.sent_at
    expiry = course.by_arm("expiry")[course.which[letters.row]]
    unread = (letters.opened_at == plain.NEVER) & (expiry > 0)
    in_time = (letters.answer > 0) & (letters.settled_at == letters.answered_at)
    counts = {
        layout.SENT: 1, layout.FREE: letters.cost == 0, layout.NOTIFIED: letters.inmails.notified,
        layout.OPENED: opened, layout.ANSWERED: heard, layout.SWITCHED_OFF: letters.leaves,
        layout.EXPIRED: unread & (letters.sent_at + expiry < course.scenario.days * plain.DAY),
        layout.RETURNED: settled * letters.returned, layout.BONUS: settled * letters.bonus,
        layout.COMPENSATED: settled * letters.to_recipient, layout.SECONDS: heard * took,
        layout.WITHIN_DAY: heard & (took < plain.DAY), layout.WITHIN_WEEK: heard & (took < 7 * plain.DAY),
        layout.KINDS: settled & ~in_time,
    }  # fmt: skip
    counts |= {layout.KINDS + kind: heard & (letters.answer == kind) for kind in range(1, len(ANSWERS))}
    return {kind: np.broadcast_to(count, letters.row.shape).astype(np.int64) for kind, count in counts.items()}


def ledger_of(course, letters, plan, strategy, amounts) -> np.ndarray:
    ledger = np.zeros((layout.PLANS, layout.STRATEGIES, layout.ENTRIES), dtype=np.int64)
    received = np.bincount(letters.to, amounts[layout.COMPENSATED], len(course.words)).astype(np.int64)
    of_inmails = {
        layout.SPENT: letters.cost,
        layout.GIVEN_BACK: amounts[layout.RETURNED],
        layout.BONUSES: amounts[layout.BONUS],
    }
    of_senders = {
        layout.GRANTED: course.granted,
        layout.BALANCE: course.balance,
        layout.COMPENSATIONS: received[course.who.place],
    }
    for kind, amount in of_inmails.items():
        np.add.at(ledger[..., kind], (plan, strategy), amount)
    for kind, amount in of_senders.items():
        np.add.at(ledger[..., kind], (course.who.plan, course.who.strategy), amount)
    return ledger


def days_of(course, letters, opened, heard, amounts) -> np.ndarray:
    """Day by day, in the order of DAILY."""
    days = course.scenario.days
    given = amounts[layout.RETURNED] > 0
    columns = [
        (letters.day, 1),
        (letters.opened_at[opened] // plain.DAY, 1),
        (letters.answered_at[heard] // plain.DAY, 1),
        (letters.settled_at[given] // plain.DAY, amounts[layout.RETURNED][given]),
        (letters.day[letters.leaves], 1),
    ]
    return np.stack([_table((days,), (on,), amount) for on, amount in columns], axis=1)


def countries_of(course, letters, opened, heard) -> np.ndarray:
    here = world.country_of(course.people, course.who, course.scenario.members)[letters.row]
    kinds = (True, opened, heard, heard & (letters.answer == INTERESTED), heard & np.isin(letters.answer, REPORTS))
    columns = [np.broadcast_to(kind, here.shape).astype(np.int64) for kind in kinds]
    return np.stack([_table((len(world.COUNTRIES),), (here,), column) for column in columns], axis=1)


def _table(shape, places, amount) -> np.ndarray:
    table = np.zeros(shape, dtype=np.int64)
    np.add.at(table, places, amount)
    return table

"""A world of the platform as the lab sees it: its members, and what each sender is to each of them.

Law: nothing is drawn here. What the platform knows of a pair is exported; chance stays with the engine.
"""

from __future__ import annotations

import numpy as np
from django.db import connection
from scipy import sparse

from clock.models import Timeline
from inmail.policy import PLAN_NAMES
from lab import layout
from simulation import behaviour, senders
from simulation.character import Behaviour
from simulation.population import CATEGORIES

MEMBERS = """
SELECT m.id, m.number, m.open_to_work, coalesce(r.messages, ''), coalesce(r.open_profile, false),
    coalesce(r.interests, '{}'), coalesce(r.lowest_score, 3), coalesce(s.plan, 'basic'), coalesce(s.billing_day, 1)
FROM accounts_member m LEFT JOIN privacy_reception r ON r.member_id = m.id
LEFT JOIN inmail_subscription s ON s.member_id = m.id AND s.timeline_id = %s
WHERE m.imported_by_id IS NULL ORDER BY m.number
"""
TOGETHER = """
SELECT a.member_id, b.member_id FROM accounts_membership a JOIN accounts_membership b ON b.group_id = a.group_id
WHERE a.member_id = ANY(%s)
"""


class Gaps(ValueError):
    """Member numbers that do not follow each other: the lab knows members by their place."""


def export(
    timeline: Timeline, b: Behaviour, habits: senders.Habits, world_seed: int
) -> tuple[layout.World, layout.Senders]:
    """The members of a world and its senders, who are its premium members."""
    with connection.cursor() as cursor:
        cursor.execute(MEMBERS, [timeline.pk])
        rows = cursor.fetchall()
    ids = [row[0] for row in rows]
    first = rows[0][1]
    if rows[-1][1] - first + 1 != len(rows):
        raise Gaps("The members of this world are not numbered one after the other.")
    words = np.array([_word(*row[2:]) for row in rows], dtype=np.uint32)
    plan = words >> layout.PLAN_SHIFT & 7
    place = np.flatnonzero(plan)
    world = layout.World(
        first=first,
        words=words,
        pairs=_pairs(ids, place),
        seed=world_seed,
        degrees=np.ones(4),
        groups=0.0,
        former=b.former_colleagues,
        active=b.active,
    )
    character = senders.characters(habits, world_seed, first + place)
    billing = words[place] >> layout.BILLING_SHIFT & 31
    columns = (plan[place], billing, character.strategy, character.category)
    where = np.zeros(len(place), dtype=np.int64)
    return world, layout.Senders(place, *(column.astype(np.int64) for column in columns), character.monthly, where)


def _word(to_work, messages, profile, interests, lowest, plan, billing_day) -> int:
    word = sum(1 << CATEGORIES.index(name) for name in interests)
    word |= layout.OFF_BIT * (messages == "introductions_only")
    word |= layout.FREE_BIT * (profile and messages == "introductions_inmail_open")
    word |= layout.WORK_BIT * to_work
    word |= int(lowest * 10) << layout.THRESHOLD_SHIFT
    return word | PLAN_NAMES.index(plan) << layout.PLAN_SHIFT | billing_day << layout.BILLING_SHIFT


def _degrees(connections: list[tuple[int, int]], size: int, place: np.ndarray) -> np.ndarray:
    """(senders, members) the degree of each pair, by steps along connections, which are given both ways."""
    ends = np.array(connections, dtype=np.int64).reshape(-1, 2).T
    near = sparse.csr_array((np.ones(ends.shape[1], dtype=np.int64), tuple(ends)), shape=(size, size))
    codes = np.full((len(place), size), behaviour.OUT_OF_NETWORK, dtype=np.uint8)
    reached = [near[place]]
    for _ in range(2):
        reached.append((reached[-1] @ near).astype(bool).astype(np.int64))
    degrees = (behaviour.FIRST_DEGREE, behaviour.SECOND_DEGREE, behaviour.THIRD_DEGREE)
    for degree, those in reversed(list(zip(degrees, reached, strict=True))):
        codes[those.nonzero()] = degree
    return codes


def _pairs(ids: list[int], place: np.ndarray) -> np.ndarray:
    """(senders, members) the engine's code of each pair."""
    at = {pk: i for i, pk in enumerate(ids)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT member_id, other_id FROM accounts_connection")
        codes = _degrees([(at[a], at[b]) for a, b in cursor.fetchall() if a in at and b in at], len(ids), place)
        cursor.execute(TOGETHER, [[ids[i] for i in place]])
        row_of = {ids[i]: row for row, i in enumerate(place)}
        for sender, other in cursor.fetchall():
            if other in at:
                codes[row_of[sender], at[other]] |= layout.GROUP_BIT
        cursor.execute("SELECT blocker_id, blocked_id FROM privacy_block")
        for one, other in cursor.fetchall():
            for sender, recipient in ((one, other), (other, one)):
                if sender in row_of and recipient in at:
                    codes[row_of[sender], at[recipient]] |= layout.BLOCK_BIT
    return codes

"""What simulated senders will send on a day, planned at its midnight from balance, score and reception (DOMAIN 9).

Law: refused intents are dropped; the others go, in order, while the balance is above 0 or the InMail is free.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
from django.db import connection

from clock.models import Timeline
from inmail import facts, outbox
from inmail.models import ScheduledInmail
from simulation import senders, wording
from simulation.draws import hash01
from simulation.models import Walk
from simulation.population import CATEGORIES
from simulation.recipients import WORDS, habits, world_seed

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

SENDERS = """
SELECT m.id, m.number, m.language, coalesce(b.balance, 0), s.score, coalesce(w.position, 0),
    m.first_name, m.last_name, m.place, m.industry
FROM inmail_subscription p JOIN accounts_member m ON m.id = p.member_id
LEFT JOIN inmail_senderscore s ON s.timeline_id = p.timeline_id AND s.member_id = m.id
LEFT JOIN simulation_walk w ON w.timeline_id = p.timeline_id AND w.member_id = m.id
LEFT JOIN inmail_wallet b ON b.timeline_id = p.timeline_id AND b.member_id = m.id
WHERE p.timeline_id = %s AND p.plan <> 'basic' AND m.simulated AND m.deactivated_at IS NULL
ORDER BY m.number
"""

PEOPLE = """
SELECT m.number, m.id, {bits}
FROM accounts_member m LEFT JOIN privacy_reception r ON r.member_id = m.id
WHERE m.imported_by_id IS NULL
ORDER BY m.number
""".format(
    bits=" + ".join(
        f"CASE WHEN '{name}' = ANY(r.interests) THEN {1 << bit} ELSE 0 END" for bit, name in enumerate(CATEGORIES)
    )
)


WHO = "SELECT id, first_name, last_name, place, industry FROM accounts_member WHERE id = ANY(%s)"


class Person(NamedTuple):
    """What the wording says of someone."""

    first_name: str
    last_name: str
    place: str
    industry: str


@dataclass(slots=True)
class Sender:
    pk: int
    number: int
    language: str
    balance: int
    person: Person


def plan(timeline: Timeline, *, at: datetime) -> int:
    """Schedule what the day beginning at the midnight `at` brings; returns how many InMails are scheduled."""
    people, scores, positions = _senders(timeline)
    if not people:
        return 0
    first, ids, interests = _everybody()
    intents = senders.plan_day(
        habits(),
        world_seed(),
        timeline.seed,
        (at - EPOCH).days,
        np.array([p.number for p in people], dtype=np.int64),
        scores,
        positions,
        interests,
        first,
    )
    _keep_positions(timeline, people, positions, intents.positions)
    return _schedule(timeline, people, ids[intents.recipient - first], intents, at)


def _senders(timeline: Timeline) -> tuple[list[Sender], np.ndarray, np.ndarray]:
    with connection.cursor() as cursor:
        cursor.execute(SENDERS, [timeline.pk])
        rows = cursor.fetchall()
    people = [Sender(*row[:4], Person(*row[6:])) for row in rows]
    scores = np.array([np.nan if row[4] is None else float(row[4]) for row in rows])
    return people, scores, np.array([row[5] for row in rows], dtype=np.int64)


def _everybody() -> tuple[int, np.ndarray, np.ndarray]:
    """The first member number, and by number from there on: row ids (0 for a gap) and declared interests as bits."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE)
        rows = np.array(cursor.fetchall(), dtype=np.int64)
    first = int(rows[0, 0])
    ids = np.zeros(int(rows[-1, 0]) - first + 1, dtype=np.int64)
    interests = np.zeros(len(ids), dtype=np.uint8)
    ids[rows[:, 0] - first] = rows[:, 1]
    interests[rows[:, 0] - first] = rows[:, 2]
    return first, ids, interests


def _keep_positions(timeline: Timeline, people: list[Sender], before: np.ndarray, after: np.ndarray) -> None:
    Walk.objects.bulk_create(
        [
            Walk(timeline=timeline, member_id=people[i].pk, position=int(after[i]))
            for i in np.flatnonzero(after != before)
        ],
        update_conflicts=True,
        unique_fields=["timeline", "member"],
        update_fields=["position"],
    )


def _schedule(timeline: Timeline, people: list[Sender], ids: np.ndarray, intents: senders.Plan, at: datetime) -> int:
    there = np.flatnonzero(ids)
    pairs = [(people[intents.row[i]].pk, int(ids[i])) for i in there]
    known = facts.of_pairs(timeline, pairs, at=at) if pairs else []
    letters, seen = [], set()
    for i, pair, fact in zip(there, pairs, known, strict=True):
        sender = people[intents.row[i]]
        fact = facts.in_bulk(fact) if intents.bulk[i] else fact
        if fact.refusals or pair in seen or sender.balance < fact.cost:
            continue
        seen.add(pair)
        sender.balance -= fact.cost
        letters.append(_letter(timeline, sender, pair[1], fact, intents, i, at))
    _address(letters)
    outbox.schedule(timeline, letters)
    return len(letters)


def _letter(timeline, sender: Sender, recipient_id: int, fact: facts.Pair, intents, i, at: datetime) -> ScheduledInmail:
    letter = ScheduledInmail(
        timeline=timeline,
        sender_id=sender.pk,
        recipient_id=recipient_id,
        category=CATEGORIES[intents.declared[i]],
        bulk=bool(intents.bulk[i]),
        cost=fact.cost,
        send_at=at + timedelta(seconds=int(intents.second[i])),
    )
    luck = hash01(timeline.seed, sender.number, int(intents.recipient[i]), fact.n, WORDS)
    letter.wanted = (sender, CATEGORIES[intents.category[i]], int(intents.length[i]), luck)
    return letter


def _address(letters: list[ScheduledInmail]) -> None:
    """Write subject and body, once it is known who the recipients are."""
    with connection.cursor() as cursor:
        cursor.execute(WHO, [[letter.recipient_id for letter in letters]])
        who = {pk: Person(*row) for pk, *row in cursor.fetchall()}
    for letter in letters:
        sender, topic, length, luck = letter.wanted
        letter.subject, letter.body = wording.inmail_text(
            sender.language, topic, length, luck, sender.person, who[letter.recipient_id]
        )

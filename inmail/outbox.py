"""InMails sent at a set instant, by senders without an undo window: spent and delivered at that instant, in sets.

Law: a scheduled InMail whose sender has no credit left at its instant is dropped, never owed; credits and answers
that come back during a day count from the next midnight on (DOMAIN 9), however the day is cut into windows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from clock.models import Timeline
from inmail import delivery, ledger, policy
from inmail.models import Kind, Reason, ScheduledInmail

SEND_RANK = 1

TAKE = """
DELETE FROM inmail_scheduledinmail s WHERE s.timeline_id = %(timeline)s AND s.send_at <= %(until)s
    AND NOT EXISTS (SELECT FROM inmail_inmail i WHERE i.timeline_id = s.timeline_id AND i.sender_id = s.sender_id
        AND i.recipient_id = s.recipient_id AND (i.awaiting OR %(midnight)s <= least(i.answered_at, i.settled_at,
            CASE WHEN i.status = 'expired' THEN i.expires_at END)))
RETURNING s.id, s.sender_id, s.recipient_id, s.category, s.subject, s.body, s.bulk, s.cost, s.send_at
"""
DROP = "DELETE FROM inmail_scheduledinmail WHERE timeline_id = %(timeline)s AND send_at <= %(until)s"

USABLE = """
SELECT w.member_id, w.balance - (SELECT coalesce(sum(e.amount), 0) FROM inmail_ledgerentry e
    WHERE e.timeline_id = w.timeline_id AND e.member_id = w.member_id
        AND e.at >= %(midnight)s AND e.amount > 0 AND e.inmail_id IS NOT NULL)
FROM inmail_wallet w WHERE w.timeline_id = %(timeline)s AND w.member_id = ANY(%(senders)s)
ORDER BY w.member_id FOR UPDATE OF w
"""

QUEUE = """
WITH given AS (
    SELECT g.*, nextval(pg_get_serial_sequence('inmail_thread', 'id')) AS thread_id
    FROM unnest(%(sender)s::bigint[], %(recipient)s::bigint[], %(category)s::text[], %(subject)s::text[],
        %(body)s::text[], %(bulk)s::boolean[], %(cost)s::smallint[], %(at)s::timestamptz[]) WITH ORDINALITY
        AS g(sender_id, recipient_id, category, subject, body, bulk, cost, at, place)
), thread AS (
    INSERT INTO inmail_thread
        (id, timeline_id, kind, opener_id, other_id, subject, opener_at, opener_unread, other_unread)
    SELECT thread_id, %(timeline)s, 'inmail', sender_id, recipient_id, subject, at, false, false
    FROM given ORDER BY place
)
INSERT INTO inmail_inmail
    (timeline_id, thread_id, sender_id, recipient_id, n, category, subject, body, cost, policy_id, bulk, sender_score,
     status, awaiting, refusal, created_at, answer, returned, answer_due, answer_text)
SELECT %(timeline)s, g.thread_id, g.sender_id, g.recipient_id,
    (SELECT count(*) FROM inmail_inmail e WHERE e.timeline_id = %(timeline)s AND e.sender_id = g.sender_id
        AND e.recipient_id = g.recipient_id AND e.status NOT IN ('cancelled', 'refused')),
    g.category, g.subject, g.body, g.cost, coalesce((SELECT p.policy_id FROM inmail_policyterm p
        WHERE p.timeline_id = %(timeline)s AND p.from_at <= g.at ORDER BY p.from_at DESC LIMIT 1), %(policy)s),
    g.bulk, s.score, 'queued', true, '', g.at, '', false, '', ''
FROM given g LEFT JOIN inmail_senderscore s ON s.timeline_id = %(timeline)s AND s.member_id = g.sender_id
ORDER BY g.place
RETURNING id, sender_id, created_at, cost
"""


def schedule(timeline: Timeline, letters: Sequence[ScheduledInmail]) -> None:
    """Have `letters` sent at their instants."""
    ScheduledInmail.objects.bulk_create(letters, batch_size=5_000)


def send_scheduled(timeline: Timeline, *, until: datetime, drafts: list[tuple[datetime, int, ledger.Draft]]) -> Counter:
    """Send and deliver all that is scheduled up to `until`; appends (instant, rank, draft) of the entries to post."""
    day = {"timeline": timeline.pk, "until": until, "midnight": until.replace(hour=0, minute=0, second=0)}
    taken = _affordable(_take(day), day)
    if not taken:
        return Counter()
    queued = _queue(timeline, taken)
    spends = [
        (at, SEND_RANK, ledger.Draft(sender, Kind.SPEND, -1, Reason.SENT, at, inmail_id=pk))
        for pk, sender, at, cost in queued
        if cost
    ]
    batch = delivery.deliver(timeline, [(pk, at) for pk, _, at, _ in queued])
    drafts += spends + [(draft.at, SEND_RANK, draft) for draft in batch.drafts]
    return Counter(sent=len(queued)) + batch.counts


def _take(day: dict) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, day)
        rows = cursor.fetchall()
        cursor.execute(DROP, day)
    rows.sort(key=lambda row: (row[8], row[1], row[2], row[0]))
    return rows


def _affordable(rows: list[tuple], day: dict) -> list[tuple]:
    """Those that the day's usable balances cover, in order; one a pair."""
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(USABLE, day | {"senders": [row[1] for row in rows]})
        left = dict(cursor.fetchall())
    kept, pairs = [], set()
    for row in rows:
        sender, recipient, cost = row[1], row[2], row[7]
        if (sender, recipient) in pairs or (cost and left.get(sender, 0) < cost):
            continue
        pairs.add((sender, recipient))
        left[sender] = left.get(sender, 0) - cost
        kept.append(row)
    return kept


def _queue(timeline: Timeline, rows: list[tuple]) -> list[tuple]:
    _, sender, recipient, category, subject, body, bulk, cost, at = (list(column) for column in zip(*rows, strict=True))
    values = {
        "timeline": timeline.pk,
        "policy": policy.DEFAULT,
        "sender": sender,
        "recipient": recipient,
        "category": category,
        "subject": subject,
        "body": body,
        "bulk": bulk,
        "cost": cost,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, values)
        return cursor.fetchall()

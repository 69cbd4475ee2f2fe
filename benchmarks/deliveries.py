"""InMails delivered a second by a real worker that empties a full outbox, beside set-based SQL by hand.

The sweep is rung each second, as the beat does it. By hand: chunks of as many rows, claimed with the rules of delivery
checked again, degrees by the same query, one statement that writes; no reactions of simulated recipients, no loads.
Then one InMail at a time: wall time from its sending to its delivery by an idle worker that was rung for.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg2
from django.conf import settings
from django.db import connection

from accounts import pairs as network_pairs
from benchmarks import crowd
from benchmarks.measuring import Figure, in_turns, percentile, ratio, record, scaled
from clock import timeline as clock
from config.celery import app
from inmail import audit, delivery, ledger, messaging
from inmail.models import Inmail, Kind, Outcome, Reason

AT = datetime(2014, 6, 3, 12, tzinfo=UTC)
SENDERS = 50
FULL = scaled(20_000)
ROUNDS = 5
ONE_BY_ONE = 100
DEGREE = 12  # mean connections of a recipient

FILL = """
WITH pair AS (
    SELECT s.id AS sender, r.id AS recipient, nextval(pg_get_serial_sequence('inmail_thread', 'id')) AS thread
    FROM unnest(%(senders)s::bigint[]) AS s(id), unnest(%(recipients)s::bigint[]) AS r(id)
), thread AS (
    INSERT INTO inmail_thread
        (id, timeline_id, kind, opener_id, other_id, subject, opener_at, opener_unread, other_unread)
    SELECT thread, %(timeline)s, 'inmail', sender, recipient, 'A question', %(at)s, false, false FROM pair
)
INSERT INTO inmail_inmail (timeline_id, thread_id, sender_id, recipient_id, n, category, subject, body, cost, policy_id,
    bulk, status, awaiting, refusal, created_at, release_at, answer, returned, answer_due, answer_text)
SELECT %(timeline)s, thread, sender, recipient, 0, 'consulting_offer', 'A question', repeat('A week of advice? ', 30),
    1, '2014', false, 'queued', true, '', %(at)s, now(), '', false, '', ''
FROM pair RETURNING id, sender_id
"""

CLAIM = """
SELECT i.id, i.sender_id, i.recipient_id, CASE WHEN c.interests = '{}' OR c.interests IS NULL THEN 'undeclared'
    WHEN i.category = ANY(c.interests) THEN 'match' ELSE 'mismatch' END
FROM inmail_inmail i JOIN accounts_member r ON r.id = i.recipient_id
LEFT JOIN privacy_reception c ON c.member_id = i.recipient_id
WHERE i.timeline_id = %s AND i.status = 'queued' AND i.release_at <= now() AND r.deactivated_at IS NULL
    AND coalesce(c.messages, '') <> 'introductions_only' AND NOT EXISTS (SELECT FROM privacy_block b
        WHERE (b.blocker_id, b.blocked_id) IN ((i.sender_id, i.recipient_id), (i.recipient_id, i.sender_id)))
ORDER BY i.release_at, i.id LIMIT %s FOR UPDATE OF i SKIP LOCKED
"""


def main() -> None:
    timeline = clock.begin(at=AT, speed=0, seed=7)
    senders = [m.pk for m in crowd.members("sender", SENDERS, at=AT)]
    each = FULL // SENDERS
    recipients = [m.pk for m in crowd.members("recipient", each * 2 * ROUNDS + ONE_BY_ONE, at=AT, simulated=True)]
    crowd.connect(senders + recipients[:-ONE_BY_ONE], degree=DEGREE, at=AT)
    ledger.post(timeline, [ledger.Draft(pk, Kind.GRANT, 1_000_000, Reason.OPENING, AT) for pk in senders])
    crowd.analyse()
    lots = (recipients[place : place + each] for place in range(0, len(recipients), each))

    def fill() -> None:
        queue(timeline, senders, next(lots))

    with worker():
        ways = {"worker, sweep": lambda: swept(fill), "set-based SQL by hand": lambda: by_hand(timeline, fill)}
        found = in_turns(ways, rounds=ROUNDS)
        waits = one_by_one(timeline, senders[0], recipients[-ONE_BY_ONE:])
    proof = audit.ledger()
    assert proof.holds and Outcome.objects.count() == Inmail.objects.count(), proof.violations
    peer = "set-based SQL by hand"
    figures = [
        Figure(name, "InMails/s", FULL, values, peer, ratio(values, found[peer])) for name, values in found.items()
    ]
    figures.append(Figure("bell to delivery, idle worker", "s", 1, waits, facts={"p95": percentile(waits, 0.95)}))
    print(f"bell to delivery: 95 of 100 within {percentile(waits, 0.95):.3f} s")
    record("deliveries", figures, facts={"mean_degree": DEGREE, "audit_holds": True}, notes=[__doc__.strip()])


@contextmanager
def worker() -> Iterator[None]:
    """The delivery worker as `run.py` starts it, ready to take tasks."""
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--loglevel", "ERROR", "-Q", "delivery"]
    quiet = ["--concurrency", "2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    process = subprocess.Popen([*command, *quiet], env=os.environ, stdout=subprocess.DEVNULL)
    try:
        while not app.control.ping(timeout=0.5):
            assert process.poll() is None, "the worker did not start"
        yield
    finally:
        process.terminate()
        process.wait(30)


def queue(timeline, senders: list[int], recipients: list[int]) -> None:
    """Every sender has an InMail in the outbox for each of `recipients`, paid for."""
    with connection.cursor() as cursor:
        given = {"timeline": timeline.pk, "senders": senders, "recipients": recipients, "at": AT}
        cursor.execute(FILL, given)
        rows = cursor.fetchall()
    ledger.post(timeline, [ledger.Draft(s, Kind.SPEND, -1, Reason.SENT, AT, inmail_id=pk) for pk, s in rows])


def swept(fill) -> float:
    """InMails a second from the first ring to the empty outbox."""
    fill()
    n, begun, rung = Inmail.objects.queued().count(), time.perf_counter(), 0.0
    while Inmail.objects.queued().exists():
        if time.perf_counter() - rung > 1:
            rung = time.perf_counter()
            app.send_task("inmail.sweep", expires=5, ignore_result=True)
        time.sleep(0.01)
    return n / (time.perf_counter() - begun)


def by_hand(timeline, fill) -> float:
    fill()
    link = psycopg2.connect(settings.DATABASE_URL)
    done, begun = 0, time.perf_counter()
    with link.cursor() as cursor:
        while count := _chunk(cursor, timeline):
            link.commit()
            done += count
    rate = done / (time.perf_counter() - begun)
    link.close()
    return rate


def _chunk(cursor, timeline) -> int:
    cursor.execute(CLAIM, [timeline.pk, delivery.CHUNK])
    rows = cursor.fetchall()
    if not rows:
        return 0
    ids, senders, recipients, matches = (list(column) for column in zip(*rows, strict=True))
    cursor.execute(network_pairs.DEGREES, [senders, recipients])
    nothing, n = [None] * len(rows), len(rows)
    columns = {"id": ids, "at": [AT] * n, "deadline": [AT + timedelta(days=7)] * n, "match": matches}
    columns |= {"expiry": [AT + timedelta(days=15)] * n, "degree": [d for (d,) in cursor.fetchall()]}
    columns |= {"groups": [0] * n, "load": [0] * n, "notified": [True] * n, "open_at": nothing}
    cursor.execute(delivery.WRITE, columns | {"answer_at": nothing, "answer": [""] * n, "answer_text": [""] * n})
    return n


def one_by_one(timeline, sender_id: int, recipients: list[int]) -> list[float]:
    """Wall seconds from each sending to its delivery."""
    members = crowd.by_id([sender_id, *recipients])
    letter = messaging.Letter("consulting_offer", "A question", "A week of advice?")
    waits = []
    for recipient in recipients:
        begun = time.perf_counter()
        with clock.moment(timeline) as at:
            sent = messaging.send(timeline, members[sender_id], members[recipient], letter, at=at)
        while Inmail.objects.queued().filter(pk=sent.inmail_id).exists():
            time.sleep(0.002)
        waits.append(time.perf_counter() - begun)
    return waits


if __name__ == "__main__":
    main()

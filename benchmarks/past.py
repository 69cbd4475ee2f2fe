"""A large past for the pages: 100,000 members of the demo's kind, 1,000,000 InMails, their outcomes and their ledger.

All by set-based SQL through the same tables, constraints and triggers as always; none is dropped, disabled or bypassed.
Some write and receive far more than others: the k busiest of n together have a share of about sqrt(k / n).
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction

from accounts.models import Member
from benchmarks import crowd
from clock import timeline as clock
from clock.models import Timeline
from inmail import cast, ledger
from inmail.models import Kind, Reason
from simulation import demo
from simulation.models import World

DAYS = 60

DRAW = """
CREATE TABLE bench_past AS
WITH luck AS (
    SELECT j, %(began)s::timestamptz + j * (interval '1 day' * %(days)s / %(inmails)s) AS at,
        (hashint8extended(j, 1) & 281474976710655) / 2.0 ^ 48 AS a,
        (hashint8extended(j, 2) & 281474976710655) / 2.0 ^ 48 AS b,
        (hashint8extended(j, 3) & 281474976710655) / 2.0 ^ 48 AS c,
        (hashint8extended(j, 4) & 281474976710655) / 2.0 ^ 48 AS d
    FROM generate_series(1::bigint, %(inmails)s) AS j
), pair AS (
    SELECT j, date_trunc('second', at) AS at, c, d,
        (%(senders)s::bigint[])[1 + floor(a * a * %(n_senders)s)::int] AS sender,
        (%(recipients)s::bigint[])[1 + floor(b * b * %(n_recipients)s)::int] AS recipient
    FROM luck
), fate AS (
    SELECT *, at + interval '7 days' AS deadline, at + interval '15 days' AS expiry,
        CASE WHEN c < 0.64 THEN date_trunc('second', at + d * d * interval '3 days') + interval '1 second' END AS opens,
        CASE WHEN c < 0.19 THEN date_trunc('second', at + d * interval '4 days') + interval '2 days' END AS answers,
        CASE WHEN c < 0.095 THEN 'interested' WHEN c < 0.133 THEN 'reply' ELSE 'not_interested' END AS kind,
        row_number() OVER (PARTITION BY sender, recipient ORDER BY j DESC) = 1 AS is_last
    FROM pair WHERE sender <> recipient
), happened AS (
    SELECT *, CASE WHEN opens <= %(now)s THEN opens END AS opened_at,
        CASE WHEN answers <= %(now)s AND opens <= answers THEN answers END AS answered_at
    FROM fate WHERE is_last OR deadline <= %(now)s
)
SELECT row_number() OVER (ORDER BY j) AS place, sender, recipient, at, deadline, expiry, opened_at, answered_at,
    CASE WHEN answered_at IS NULL THEN '' ELSE kind END AS answer,
    CASE WHEN answered_at IS NOT NULL THEN answered_at WHEN deadline <= %(now)s THEN deadline END AS settled_at,
    answered_at IS NULL AND deadline <= %(now)s AS returned,
    CASE WHEN answered_at IS NOT NULL THEN 'answered' WHEN opened_at IS NOT NULL THEN 'opened'
        WHEN expiry <= %(now)s THEN 'expired' ELSE 'delivered' END AS status,
    (ARRAY['match', 'mismatch', 'undeclared'])[1 + mod(j, 3)] AS match
FROM happened
"""

THREADS = """
INSERT INTO inmail_thread (id, timeline_id, kind, opener_id, other_id, subject, opener_at, other_at, opener_unread,
    other_unread)
SELECT %(base)s + place, %(timeline)s, 'inmail', sender, recipient, 'A question of ' || place,
    coalesce(answered_at, at), coalesce(answered_at, at), answered_at > %(now)s - interval '1 day' IS TRUE,
    status = 'delivered'
FROM bench_past WHERE place BETWEEN %(first)s AND %(last)s
"""

INMAILS = """
INSERT INTO inmail_inmail (id, timeline_id, thread_id, sender_id, recipient_id, n, category, subject, body, cost,
    policy_id, bulk, status, awaiting, refusal, created_at, release_at, delivered_at, deadline_at, expires_at,
    opened_at, answer, answered_at, settled_at, returned, answer_due, answer_text)
SELECT %(base)s + place, %(timeline)s, %(base)s + place, sender, recipient, 0, 'consulting_offer',
    'A question of ' || place, repeat('We need a week of your advice. ', 6), 1, '2014', false, status,
    settled_at IS NULL, '', at, at, at, deadline, expiry, opened_at, answer, answered_at, settled_at, returned, '', ''
FROM bench_past WHERE place BETWEEN %(first)s AND %(last)s
"""

OUTCOMES = """
INSERT INTO inmail_outcome (inmail_id, timeline_id, category, interests, match, degree, shared_groups, length, load,
    notified, delivered_at, opened_at, answer, answered_at, settled_at)
SELECT %(base)s + place, %(timeline)s, 'consulting_offer', '{}', match, 3, 0, 186, 0, true, at, opened_at, answer,
    answered_at, settled_at
FROM bench_past WHERE place BETWEEN %(first)s AND %(last)s
"""

GRANTS = "SELECT sender, count(*) FROM bench_past GROUP BY sender ORDER BY sender"

NUMBER = """
CREATE TABLE bench_entry AS
WITH drawn AS (
    SELECT sender, at, 0 AS turn, place, 'spend' AS kind, -1 AS amount, 'sent' AS reason FROM bench_past
    UNION ALL
    SELECT sender, settled_at, 1, place, 'return', 1, 'silence' FROM bench_past WHERE returned
)
SELECT d.sender, d.kind, d.amount, d.reason, d.at, d.place,
    row_number() OVER (ORDER BY d.sender, d.at, d.turn, d.place) AS row,
    w.entries + row_number() OVER own AS number, w.balance + sum(d.amount) OVER own AS balance
FROM drawn d JOIN inmail_wallet w ON w.timeline_id = %(timeline)s AND w.member_id = d.sender
WINDOW own AS (PARTITION BY d.sender ORDER BY d.at, d.turn, d.place)
"""

ENTRIES = """
INSERT INTO inmail_ledgerentry (timeline_id, member_id, number, kind, amount, balance, inmail_id, reason, note, at)
SELECT %(timeline)s, sender, number, kind, amount, balance, %(base)s + place, reason, '', at
FROM bench_entry WHERE row BETWEEN %(first)s AND %(last)s
"""

WALLETS = """
UPDATE inmail_wallet w SET balance = l.balance, entries = l.number
FROM (SELECT DISTINCT ON (sender) sender, balance, number FROM bench_entry ORDER BY sender, number DESC) AS l
WHERE w.timeline_id = %(timeline)s AND w.member_id = l.sender
"""
LOT = 100_000


def build(*, members: int, inmails: int) -> tuple[Timeline, list[Member], list[Member]]:
    """The live timeline, the senders and the recipients, the busiest first; the first is both."""
    live = clock.begin(at=demo.PRESENT - timedelta(days=DAYS), speed=0, seed=2014)
    world, _ = World.objects.get_or_create(defaults={"seed": 2014})
    with transaction.atomic():
        demo.add(live, world, members, cast.assemble(live, live.now_at))
    crowd.analyse()
    simulated = Member.objects.simulated_ones()
    senders = list(simulated.filter(wallets__timeline=live).order_by("number"))
    recipients = [senders[0], *simulated.exclude(pk=senders[0].pk).order_by("-number")]
    _write(live, senders, recipients, inmails)
    crowd.analyse()
    return live, senders, recipients


def _write(live: Timeline, senders: list[Member], recipients: list[Member], inmails: int) -> None:
    given = {"timeline": live.pk, "began": live.now_at, "days": DAYS, "now": demo.PRESENT, "inmails": inmails}
    given |= {"senders": [m.pk for m in senders], "n_senders": len(senders)}
    given |= {"recipients": [m.pk for m in recipients], "n_recipients": len(recipients)}
    with connection.cursor() as cursor:
        cursor.execute(DRAW, given)
        cursor.execute(GRANTS)
        drafts = [ledger.Draft(pk, Kind.GRANT, count, Reason.OPENING, live.now_at) for pk, count in cursor.fetchall()]
        ledger.post(live, drafts)
        given |= {"base": _reserve(cursor)}
        for table, statements in (("bench_past", (THREADS, INMAILS, OUTCOMES)), ("bench_entry", (ENTRIES,))):
            if table == "bench_entry":
                cursor.execute(NUMBER, given)
            _in_lots(cursor, table, statements, given)
        cursor.execute(WALLETS, given)
        cursor.execute("DROP TABLE bench_past, bench_entry")
    Timeline.objects.filter(pk=live.pk).update(now_at=demo.PRESENT)
    live.refresh_from_db()


def _reserve(cursor) -> int:
    """A number after which the ids of threads and InMails are free."""
    cursor.execute("SELECT count(*) FROM bench_past")
    (count,) = cursor.fetchone()
    base = 1_000
    for table in ("inmail_thread", "inmail_inmail"):
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, base + count])
    return base


def _in_lots(cursor, table: str, statements: tuple[str, ...], given: dict) -> None:
    cursor.execute(f"SELECT count(*) FROM {table}")
    (count,) = cursor.fetchone()
    column = "place" if table == "bench_past" else "row"
    cursor.execute(f'CREATE INDEX ON {table} ("{column}")')
    for first in range(1, count + 1, LOT):
        with transaction.atomic():
            for statement in statements:
                cursor.execute(statement, given | {"first": first, "last": first + LOT - 1})

"""InMails sent a second through the service layer, beside the same minimal SQL by hand, with 1 and with 16 threads.

By hand: the facts of the pair in one query, then one data-modifying statement, then commit; no rules, no clock.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg2
from django.conf import settings
from django.db import connection
from django.utils import timezone

from benchmarks import crowd
from benchmarks.measuring import Figure, in_turns, ratio, record, scaled, seconds
from clock import timeline as clock
from inmail import audit, facts, ledger, messaging
from inmail.models import Kind, Reason

AT = datetime(2014, 6, 3, 12, tzinfo=UTC)
SENDERS, RECIPIENTS, CREDITS = 16, 25_000, 1_000_000
A_ROUND = {1: scaled(1_000), 16: scaled(3_200)}
ROUNDS = 7
LETTER = messaging.Letter("consulting_offer", "A question on your work", "We need a week of your advice. " * 20)


def main() -> None:
    timeline = clock.begin(at=AT, speed=0, seed=7)
    senders = crowd.members("sender", SENDERS, at=AT)
    recipients = crowd.members("recipient", RECIPIENTS, at=AT)
    ledger.post(timeline, [ledger.Draft(pk, Kind.GRANT, CREDITS, Reason.OPENING, AT) for pk in ids(senders)])
    crowd.analyse()
    fresh = {sender.pk: iter(recipients) for sender in senders}
    figures = []
    for threads, n in A_ROUND.items():
        figures += compare(timeline, senders[:threads], fresh, n)
    proof = audit.ledger()
    assert proof.holds, proof.violations
    record("sends", figures, facts={"entries": proof.entries, "audit_holds": proof.holds}, notes=[__doc__.strip()])


def compare(timeline, senders: list, fresh: dict[int, Iterator], n: int) -> list[Figure]:
    """The three ways in turns, each thread with a sender of its own."""
    threads = len(senders)
    ways = {
        "service layer": lambda s, r: through_the_service(timeline, s, r, undo_seconds=10),
        "service layer, bell rung": lambda s, r: through_the_service(timeline, s, r, undo_seconds=0),
        "SQL by hand": lambda s, r: by_hand(timeline, s, r),
    }
    found = in_turns(
        {name: lambda way=way: per_second(way, senders, fresh, n) for name, way in ways.items()}, rounds=ROUNDS
    )
    word = "thread" if threads == 1 else "threads"
    peer = f"SQL by hand, {threads} {word}"
    return [
        Figure(f"{name}, {threads} {word}", "InMails/s", n, values, peer, ratio(values, found["SQL by hand"]))
        for name, values in found.items()
    ]


def per_second(way: Callable, senders: list, fresh: dict[int, Iterator], n: int) -> float:
    each = n // len(senders)
    shares = [(sender, list(itertools.islice(fresh[sender.pk], each))) for sender in senders]
    assert all(len(share) == each for _, share in shares), "the recipients are used up"
    with ThreadPoolExecutor(len(senders)) as pool:
        return n / seconds(lambda: list(pool.map(lambda share: way(*share), shares)))


def through_the_service(timeline, sender, recipients: list, *, undo_seconds: int) -> None:
    for recipient in recipients:
        with clock.moment(timeline) as at:
            messaging.send(timeline, sender, recipient, LETTER, at=at, undo_seconds=undo_seconds)
    connection.close()


def by_hand(timeline, sender, recipients: list) -> None:
    link = psycopg2.connect(settings.DATABASE_URL)
    values = {"timeline": timeline.pk, "sender": sender.pk, "n": 0, "cost": 1, "policy": "2014", "bulk": False}
    values |= {"score": None, "balance": 0, "at": AT, "release_at": timezone.now() + timedelta(seconds=10)}
    values |= {"category": LETTER.category, "subject": LETTER.subject, "body": LETTER.body}
    with link.cursor() as cursor:
        for recipient in recipients:
            pair = {"senders": [sender.pk], "recipients": [recipient.pk], "timeline": timeline.pk, "at": AT}
            cursor.execute(facts.GATHER, pair)
            cursor.fetchone()
            cursor.execute(messaging.SEND, values | {"recipient": recipient.pk})
            cursor.fetchone()
            link.commit()
    link.close()


def ids(members: list) -> list[int]:
    return [member.pk for member in members]


if __name__ == "__main__":
    main()

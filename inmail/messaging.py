"""The verbs of people: send, undo, withdraw, open, answer, write on. Each is one act at one instant.

Law: an accepted sending has spent its credit and stands in the outbox, or nothing has happened at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from clock import doorbell
from clock.models import Timeline
from inmail import eligibility as rules
from inmail import facts, ledger, settlement, terms
from inmail.models import Inmail, Message, Outcome, Reason, Status, Thread
from inmail.models.letters import REPORTS
from inmail.refusals import Refused

SEND = """
WITH wallet AS (
    UPDATE inmail_wallet SET balance = balance - 1, entries = entries + 1
    WHERE %(cost)s = 1 AND timeline_id = %(timeline)s AND member_id = %(sender)s AND balance >= 1
    RETURNING balance, entries
), paid AS (
    SELECT balance, entries FROM wallet UNION ALL SELECT %(balance)s, NULL WHERE %(cost)s = 0
), thread AS (
    INSERT INTO inmail_thread
        (timeline_id, kind, opener_id, other_id, subject, opener_at, opener_unread, other_unread)
    SELECT %(timeline)s, 'inmail', %(sender)s, %(recipient)s, %(subject)s, %(at)s, false, false FROM paid
    RETURNING id
), letter AS (
    INSERT INTO inmail_inmail
        (timeline_id, thread_id, sender_id, recipient_id, n, category, subject, body, cost, policy_id, bulk,
         sender_score, status, awaiting, refusal, created_at, release_at, answer, returned, answer_due, answer_text)
    SELECT %(timeline)s, id, %(sender)s, %(recipient)s, %(n)s, %(category)s, %(subject)s, %(body)s, %(cost)s,
        %(policy)s, %(bulk)s, %(score)s, 'queued', true, '', %(at)s, %(release_at)s, '', false, '', ''
    FROM thread RETURNING id, thread_id
), entry AS (
    INSERT INTO inmail_ledgerentry
        (timeline_id, member_id, number, kind, amount, balance, inmail_id, reason, note, at)
    SELECT %(timeline)s, %(sender)s, wallet.entries, 'spend', -1, wallet.balance, letter.id, 'sent', '', %(at)s
    FROM wallet, letter
)
SELECT letter.id, letter.thread_id, paid.balance FROM letter, paid
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be sent: `category` of DOMAIN 4, texts already cleaned by `inmail.text`."""

    category: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Sent:
    """An accepted sending: its ids, what it cost, how the category fits, and the credits left."""

    inmail_id: int
    thread_id: int
    cost: int
    match: str
    credits: int
    at: datetime


class TooLate(Exception):
    """The rules allowed it, the database did not any more: `code` says why."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


def send(
    timeline: Timeline, sender, recipient, letter: Letter, *, at: datetime, undo_seconds: int = 0, bulk: bool = False
) -> Sent:
    """Send `letter`: spends its cost and queues it, to be delivered after `undo_seconds` of wall time.

    Raises `Refused` with every code that applies; then nothing was spent or written.
    """
    pair = facts.of(timeline, sender, recipient, at=at, bulk=bulk)
    if pair.refusals:
        raise Refused(pair.refusals)
    release_at = timezone.now() + timedelta(seconds=undo_seconds)
    values = {
        "timeline": timeline.pk,
        "sender": sender.pk,
        "recipient": recipient.pk,
        "n": pair.n,
        "category": letter.category,
        "subject": letter.subject,
        "body": letter.body,
        "cost": pair.cost,
        "policy": pair.policy,
        "bulk": bulk,
        "score": pair.score,
        "balance": pair.facts.balance,
        "at": at,
        "release_at": release_at,
    }
    try:
        inmail_id, thread_id, credits = _insert(values)
    except TooLate as late:  # another act came first; whatever applies since then is said
        raise Refused(facts.of(timeline, sender, recipient, at=at, bulk=bulk).refusals or [late.code]) from late
    if not undo_seconds:
        doorbell.ring("inmail.deliver", inmail_id)
    return Sent(inmail_id, thread_id, pair.cost, pair.match(letter.category), credits, at)


def _insert(values: dict) -> tuple[int, int, int]:
    """The one statement of a sending. What the rules saw may have changed since: the database has the last word."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SEND, values)
            row = cursor.fetchone()
    except IntegrityError as error:
        if ledger.constraint_of(error) == "one_open_inmail_a_pair":
            raise TooLate(rules.AWAITING) from error
        raise
    if row is None:
        raise TooLate(rules.NO_CREDITS)
    return row


def _locked(inmail: Inmail) -> Inmail:
    return Inmail.objects.select_for_update(of=("self",)).select_related("timeline", "thread").get(pk=inmail.pk)


def undo(inmail: Inmail, *, at: datetime) -> Inmail:
    """Cancel a queued InMail; the credit comes back."""
    row = _locked(inmail)
    if row.status != Status.QUEUED:
        raise Refused(["not_undoable"])
    row.status, row.awaiting, row.settled_at, row.returned = Status.CANCELLED, False, at, bool(row.cost)
    row.save(update_fields=["status", "awaiting", "settled_at", "returned"])
    Thread.objects.filter(pk=row.thread_id).update(opener_at=None)
    if row.cost:
        ledger.post(row.timeline, [settlement.give_back(row.pk, row.sender_id, reason=Reason.UNDONE, at=at)])
    return row


def withdraw(inmail: Inmail, *, at: datetime) -> Inmail:
    """Take back a delivered, unread InMail; nothing is credited."""
    row = _locked(inmail)
    if row.status != Status.DELIVERED:
        raise Refused(["not_withdrawable"])
    if row.settled_at is None:
        settlement.mark([row.pk], [at], [False])
    Inmail.objects.filter(pk=row.pk).update(
        status=Status.WITHDRAWN, awaiting=False, open_due_at=None, answer_due_at=None
    )
    Thread.objects.filter(pk=row.thread_id).update(other_at=None, other_unread=False)
    row.refresh_from_db()
    return row


def open(inmail: Inmail, *, at: datetime) -> Inmail:
    """The recipient opens it; a second opening changes nothing."""
    row = _locked(inmail)
    _still_there(row, at)
    if row.status == Status.DELIVERED:
        row.status, row.opened_at = Status.OPENED, at
        row.save(update_fields=["status", "opened_at"])
        Outcome.objects.filter(pk=row.pk).update(opened_at=at)
    Thread.objects.filter(pk=row.thread_id, other_unread=True).update(other_unread=False)
    return row


def _still_there(row: Inmail, at: datetime) -> None:
    if row.status == Status.WITHDRAWN:
        raise Refused(["withdrawn"])
    if row.status == Status.EXPIRED or (row.status == Status.DELIVERED and row.expires_at and row.expires_at <= at):
        raise Refused(["expired"])


def answer(inmail: Inmail, *, answer: str, body: str = "", at: datetime) -> Inmail:
    """The recipient's first answer: it settles the credit if nothing has yet; a report stays between us."""
    row = _locked(inmail)
    if row.is_answered:
        raise Refused(["already_answered"])
    row = open(row, at=at)
    row.status, row.answer, row.answered_at, row.awaiting = Status.ANSWERED, answer, at, False
    row.save(update_fields=["status", "answer", "answered_at", "awaiting"])
    Outcome.objects.filter(pk=row.pk).update(answer=answer, answered_at=at)
    if answer not in REPORTS:
        if body:
            Message.objects.create(thread_id=row.thread_id, author_id=row.recipient_id, body=body, at=at)
        Thread.objects.filter(pk=row.thread_id).update(opener_at=at, other_at=at, opener_unread=True)
    if row.settled_at is None:
        _settle(row, answer, at)
    row.refresh_from_db()
    return row


def _settle(row: Inmail, answer: str, at: datetime) -> None:
    """An answer at the deadline or after it is late: the credit had already met its end, in silence."""
    late = at >= row.deadline_at
    end = settlement.End(
        inmail_id=row.pk,
        sender_id=row.sender_id,
        recipient_id=row.recipient_id,
        cost=row.cost,
        policy_name=row.policy_id,
        answer=None if late else answer,
        at=row.deadline_at if late else at,
    )
    drafts = settlement.settle([end], {row.policy_id: terms.read(row.policy_id)})
    ledger.post(row.timeline, drafts)

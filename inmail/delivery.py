"""Delivery: claim what is queued, check the rules of delivery again, write the outcome, return what is refused.

Law: the row is the outbox. Whoever claims it writes effect and status in one transaction; twice has one effect.
Order of locks: the clock, InMails by id, members by id, wallets by member.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts import pairs as network_pairs
from clock import conflicts, doorbell
from clock import timeline as clock
from clock.models import Timeline
from inmail import eligibility as rules
from inmail import facts, jobs, ledger, policy, settlement, terms
from inmail.models import Inmail, Reason, Status
from inmail.refusals import Refused

log = logging.getLogger(__name__)
CHUNK = 500
LOAD_DAYS = 30
BRIEFLY = "200ms"

LOADS = """
SELECT p.place, count(i.id) FROM unnest(%s::bigint[], %s::timestamptz[]) WITH ORDINALITY AS p(member_id, day, place)
LEFT JOIN inmail_inmail i ON i.recipient_id = p.member_id AND i.timeline_id = %s
    AND i.delivered_at >= p.day - make_interval(days => %s) AND i.delivered_at < p.day
GROUP BY p.place ORDER BY p.place
"""

HOLD = """
SELECT set_config('lock_timeout', %s, true);
SELECT FROM accounts_member WHERE id IN (SELECT sender_id FROM inmail_inmail WHERE id = ANY(%s)
    UNION SELECT recipient_id FROM inmail_inmail WHERE id = ANY(%s)) ORDER BY id FOR SHARE
"""

WRITE = """
WITH given AS (
    SELECT * FROM unnest(%(id)s::bigint[], %(at)s::timestamptz[], %(deadline)s::timestamptz[],
        %(expiry)s::timestamptz[], %(match)s::text[], %(degree)s::smallint[], %(groups)s::smallint[],
        %(load)s::int[], %(notified)s::boolean[], %(open_at)s::timestamptz[], %(answer_at)s::timestamptz[],
        %(answer)s::text[], %(answer_text)s::text[])
        AS g(id, at, deadline, expiry, match, degree, groups, load, notified, open_at, answer_at, answer, answer_text)
), letter AS (
    UPDATE inmail_inmail i SET status = 'delivered', delivered_at = g.at, deadline_at = g.deadline,
        expires_at = g.expiry, open_due_at = g.open_at, answer_due_at = g.answer_at,
        answer_due = g.answer, answer_text = g.answer_text
    FROM given g WHERE i.id = g.id
    RETURNING i.id, i.thread_id, i.timeline_id, i.category, i.sender_score, i.body, i.recipient_id
), seen AS (
    UPDATE inmail_thread t SET other_at = g.at, other_unread = g.notified
    FROM letter l JOIN given g ON g.id = l.id WHERE t.id = l.thread_id
)
INSERT INTO inmail_outcome (inmail_id, timeline_id, category, interests, match, degree, shared_groups, sender_score,
    length, load, notified, delivered_at, answer)
SELECT l.id, l.timeline_id, l.category, coalesce(c.interests, '{}'), g.match, g.degree, g.groups, l.sender_score,
    char_length(l.body), g.load, g.notified, g.at, ''
FROM letter l JOIN given g ON g.id = l.id LEFT JOIN privacy_reception c ON c.member_id = l.recipient_id
"""


@dataclass(slots=True)
class Delivery:
    """One InMail as it reaches its recipient: all that behaviour may look at (DOMAIN 9)."""

    inmail: Inmail
    at: datetime
    match: str
    degree: int | None
    shared_groups: int
    load: int
    notified: bool


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a simulated recipient will do: instants or None; `answer` of DOMAIN 6 with its words."""

    open_at: datetime | None = None
    answer_at: datetime | None = None
    answer: str = ""
    text: str = ""


@dataclass(slots=True)
class Batch:
    """What a delivery did: counts per kind of event, and the entries still to be posted, in order."""

    counts: Counter = field(default_factory=Counter)
    drafts: list[ledger.Draft] = field(default_factory=list)


Reactor = Callable[[Timeline, Sequence[Delivery]], dict[int, Reaction]]


@cache
def reactor() -> Reactor:
    """Who answers for simulated recipients, as named in settings."""
    return import_string(settings.INMAIL_REACTIONS)


def deliver_due(timeline: Timeline, *, limit: int = CHUNK) -> int:
    """Deliver what is queued and past its undo window, up to `limit`; returns how many attempts were made.

    At idle that is one InMail, under load hundreds; a full chunk says that there is more, and rings for another worker.
    """
    with clock.stand_still(timeline):
        ids = jobs.take(timeline, limit=limit)
        if len(ids) == CHUNK:
            doorbell.ring("inmail.deliver", ids[-1])
        _attempt(timeline, ids)
    return len(ids)


def deliver_tried(timeline: Timeline) -> int:
    """Try once more what failed before and has waited its pause, a score and a single one; returns how many."""
    tried = 0
    with clock.stand_still(timeline):
        for take in (jobs.take_once_tried, jobs.take_often_tried):
            ids = take(timeline)
            _attempt(timeline, ids)
            tried += len(ids)
    return tried


def deliver_one(inmail_id: int) -> bool:
    """Deliver one InMail if it is due and nobody else is at it."""
    timeline = of_inmail(inmail_id)
    if timeline is None:
        return False
    with clock.stand_still(timeline):
        return bool(_attempt(timeline, jobs.take_these([inmail_id])))


def of_inmail(inmail_id: int) -> Timeline | None:
    """The timeline of an InMail, if there is such an InMail."""
    return Timeline.objects.filter(pk__in=Inmail.objects.filter(pk=inmail_id).values("timeline_id")).first()


def release(timeline: Timeline) -> Counter:
    """End every undo window of the timeline: what is queued is delivered now, except what is dead."""
    counts: Counter = Counter()
    with clock.stand_still(timeline):
        tried = jobs.waiting(timeline)
        while ids := jobs.take(timeline, limit=CHUNK, until=jobs.FOREVER):
            counts += _attempt(timeline, ids)
        for inmail_id in tried:
            counts += _attempt(timeline, jobs.take_these([inmail_id], until=jobs.FOREVER))
    return counts


def give_up(inmail: Inmail, *, at: datetime) -> None:
    """Staff ends a dead job: the InMail is not delivered, its credit comes back, and its sender reads why."""
    row = Inmail.objects.queued().select_for_update().filter(pk=inmail.pk, job__dead_at__isnull=False).first()
    if row is None:
        raise Refused(["not_dead"])
    batch = Batch()
    _refuse(row, rules.UNDELIVERABLE, at, batch)
    ledger.post(row.timeline, batch.drafts)
    jobs.done([row.pk])


def _attempt(timeline: Timeline, ids: list[int], *, patience: str = "1s") -> Counter:
    """Deliver what was taken; where one of many fails, each is tried alone, so that the others arrive.

    `patience` is how long a lock that somebody holds is waited for.
    """
    if not ids:
        return Counter()
    try:
        return conflicts.again(lambda: _work(timeline, ids, patience))
    except Exception as error:
        if conflicts.is_transient(error) and not conflicts.is_locked(error):
            jobs.put_back(ids)
            raise
        if len(ids) > 1:
            return sum((_attempt(timeline, [pk], patience=BRIEFLY) for pk in ids), Counter())
        if conflicts.is_locked(error):
            jobs.put_back(ids)
        else:
            log.exception("InMail %s could not be delivered", ids[0])
            jobs.failed(ids[0], error)
        return Counter()


def _work(timeline: Timeline, ids: list[int], patience: str) -> Counter:
    with clock.moment(timeline) as at:
        queued = Inmail.objects.queued().filter(pk__in=ids).select_for_update(skip_locked=True)
        mine = list(queued.order_by("id").values_list("id", flat=True))
        _hold_members(mine, patience)
        counts = _deliver_and_post(timeline, mine, at)
        jobs.done(mine)
    return counts


def _hold_members(ids: list[int], patience: str) -> None:
    """Until the transaction ends neither side changes what it accepts, blocks or leaves: theirs is the last word."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [patience, ids, ids])


def _deliver_and_post(timeline: Timeline, ids: list[int], at: datetime) -> Counter:
    batch = deliver(timeline, [(pk, at) for pk in ids])
    ledger.post(timeline, batch.drafts)
    return batch.counts


def deliver(timeline: Timeline, due: Sequence[tuple[int, datetime]]) -> Batch:
    """Deliver the queued InMails (id, instant) that the caller has locked; their entries are still to be posted."""
    batch = Batch()
    if not due:
        return batch
    at = dict(due)
    rows = _rows(at)
    pairs = facts.of_pairs(timeline, [(r.sender_id, r.recipient_id) for r in rows], at=due[0][1])
    policies = terms.read_all()
    accepted: list[tuple[Inmail, facts.Pair]] = []
    for row, pair in zip(rows, pairs, strict=True):
        if code := rules.at_delivery(pair.facts):
            _refuse(row, code, at[row.pk], batch)
        else:
            accepted.append((row, pair))
    deliveries = _deliveries(timeline, accepted, at)
    _write(timeline, deliveries, policies)
    batch.counts["delivered"] += len(deliveries)
    return batch


def _rows(ids: Iterable[int]) -> list[Inmail]:
    """The InMails with what behaviour looks at in their two sides, and no more."""
    sides = ("number", "simulated", "first_name", "last_name", "language", "open_to_work")
    wanted = ("timeline", "n", "category", "body", "cost", "policy", "bulk", "sender_score", "status")
    rows = Inmail.objects.filter(pk__in=list(ids)).select_related("sender", "recipient").order_by("pk")
    return list(rows.only(*wanted, *(f"{side}__{name}" for side in ("sender", "recipient") for name in sides)))


def _refuse(row: Inmail, code: str, at: datetime, batch: Batch) -> None:
    Inmail.objects.filter(pk=row.pk).update(
        status=Status.REFUSED, refusal=code, awaiting=False, settled_at=at, returned=bool(row.cost)
    )
    if row.cost:
        batch.drafts.append(settlement.give_back(row.pk, row.sender_id, reason=Reason.REFUSED, at=at))
    batch.counts["refused"] += 1


def _deliveries(timeline: Timeline, accepted, at: dict[int, datetime]) -> list[Delivery]:
    degrees = network_pairs.degrees([(row.sender_id, row.recipient_id) for row, _ in accepted])
    loads = _loads(timeline, [(row.recipient_id, at[row.pk]) for row, _ in accepted])
    return [
        Delivery(row, at[row.pk], pair.match(row.category), degree, pair.facts.shared_groups, load, pair.notifies)
        for (row, pair), degree, load in zip(accepted, degrees, loads, strict=True)
    ]


def _loads(timeline: Timeline, recipients: Sequence[tuple[int, datetime]]) -> list[int]:
    """InMails delivered to each recipient on the thirty whole days before the day of the instant given."""
    if not recipients:
        return []
    days = [at.replace(hour=0, minute=0, second=0, microsecond=0) for _, at in recipients]
    with connection.cursor() as cursor:
        cursor.execute(LOADS, [[member for member, _ in recipients], days, timeline.pk, LOAD_DAYS])
        return [count for _, count in cursor.fetchall()]


def _write(timeline: Timeline, deliveries: list[Delivery], policies: dict[str, policy.Policy]) -> None:
    if not deliveries:
        return
    simulated = [d for d in deliveries if d.inmail.recipient.simulated]
    reactions = reactor()(timeline, simulated) if simulated else {}
    nothing = Reaction()
    each = [(d, policies[d.inmail.policy_id], reactions.get(d.inmail.pk, nothing)) for d in deliveries]
    columns = {
        "id": [d.inmail.pk for d, _, _ in each],
        "at": [d.at for d, _, _ in each],
        "deadline": [policy.deadline(p, d.at) for d, p, _ in each],
        "expiry": [policy.expiry(p, d.at) for d, p, _ in each],
        "match": [str(d.match) for d, _, _ in each],
        "degree": [d.degree for d, _, _ in each],
        "groups": [d.shared_groups for d, _, _ in each],
        "load": [d.load for d, _, _ in each],
        "notified": [d.notified for d, _, _ in each],
        "open_at": [r.open_at for _, _, r in each],
        "answer_at": [r.answer_at for _, _, r in each],
        "answer": [str(r.answer) for _, _, r in each],
        "answer_text": [r.text for _, _, r in each],
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, columns)


def oldest_due_seconds() -> float:
    """Wall seconds by which the oldest queued InMail is past its undo window; 0 when none is. The dead are not due."""
    alive = Inmail.objects.queued().exclude(job__dead_at__isnull=False)
    oldest = alive.order_by("release_at").values_list("release_at", flat=True).first()
    waited = timezone.now() - oldest if oldest else timedelta()
    return max(0.0, waited.total_seconds())

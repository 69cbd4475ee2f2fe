"""InMail's work as it falls due: a window is done in sets, and its entries are posted in the order of their instants.

At one instant: midnight steps, deadlines and expiry, deliveries, openings, answers (DOMAIN 9, *Order*).
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import connection
from django.utils.translation import pgettext_lazy

from clock.models import Timeline
from inmail import delivery, ledger, outbox, settlement, standing, subscriptions, terms

DEADLINE_RANK, ANSWER_RANK = 0, 2
# The kinds of event as the clock's page counts them.
KINDS = (
    pgettext_lazy("count", "sent"),
    pgettext_lazy("count", "delivered"),
    pgettext_lazy("count", "refused"),
    pgettext_lazy("count", "opened"),
    pgettext_lazy("count", "answered"),
    pgettext_lazy("count", "deadline"),
    pgettext_lazy("count", "expired"),
    pgettext_lazy("count", "returned"),
    pgettext_lazy("count", "scores"),
    pgettext_lazy("count", "sanctions"),
    pgettext_lazy("count", "quality"),
    pgettext_lazy("count", "grants"),
)

OPEN = """
WITH opened AS (
    UPDATE inmail_inmail SET status = 'opened', opened_at = open_due_at
    WHERE timeline_id = %(timeline)s AND status = 'delivered' AND open_due_at <= %(until)s
        AND (expires_at IS NULL OR open_due_at < expires_at)
    RETURNING id, thread_id, opened_at
), read AS (
    UPDATE inmail_thread t SET other_unread = false FROM opened o WHERE t.id = o.thread_id AND t.other_unread
)
UPDATE inmail_outcome x SET opened_at = o.opened_at FROM opened o WHERE x.inmail_id = o.id
"""

ANSWER = """
WITH answered AS (
    UPDATE inmail_inmail SET status = 'answered', answered_at = answer_due_at, answer = answer_due, awaiting = false
    WHERE timeline_id = %(timeline)s AND answered_at IS NULL AND answer_due_at <= %(until)s AND status = 'opened'
    RETURNING id, thread_id, sender_id, recipient_id, cost, policy_id, answer, answered_at, answer_text,
        settled_at, deadline_at
), outcome AS (
    UPDATE inmail_outcome o SET answer = a.answer, answered_at = a.answered_at
    FROM answered a WHERE o.inmail_id = a.id
), told AS (
    UPDATE inmail_thread t SET opener_at = a.answered_at, other_at = a.answered_at, opener_unread = true
    FROM answered a WHERE t.id = a.thread_id AND a.answer NOT IN ('inappropriate', 'spam')
), words AS (
    INSERT INTO inmail_message (thread_id, author_id, body, at)
    SELECT thread_id, recipient_id, answer_text, answered_at FROM answered WHERE answer_text <> ''
)
SELECT id, sender_id, recipient_id, cost, policy_id, answer, answered_at, settled_at, deadline_at FROM answered
"""

SILENCE = """
UPDATE inmail_inmail SET awaiting = false
WHERE timeline_id = %(timeline)s AND settled_at IS NULL AND deadline_at <= %(until)s
RETURNING id, sender_id, recipient_id, cost, policy_id, deadline_at
"""

EXPIRE = """
UPDATE inmail_inmail SET status = 'expired', awaiting = false, open_due_at = NULL, answer_due_at = NULL
WHERE timeline_id = %(timeline)s AND status = 'delivered' AND expires_at <= %(until)s
"""


class InmailWork:
    """The clock's source for everything InMail (see `clock.due`)."""

    def release(self, timeline: Timeline) -> Counter:
        return delivery.release(timeline)

    def midnight(self, timeline: Timeline, at: datetime) -> Counter:
        counts = Counter(scores=standing.renew(timeline, at=at))
        counts["sanctions"] = standing.sanction(timeline, at=at)
        counts["quality"] = standing.judge_bulk(timeline, at=at)
        counts["grants"] = subscriptions.bill(timeline, at=at)
        return +counts

    def run(self, timeline: Timeline, after: datetime, until: datetime) -> Counter:
        span = {"timeline": timeline.pk, "until": until}
        drafts: list[tuple[datetime, int, ledger.Draft]] = []
        counts = outbox.send_scheduled(timeline, until=until, drafts=drafts)
        with connection.cursor() as cursor:
            cursor.execute(OPEN, span)
            counts["opened"] += cursor.rowcount
            cursor.execute(ANSWER, span)
            answered = cursor.fetchall()
            cursor.execute(SILENCE, span)
            silent = cursor.fetchall()
            cursor.execute(EXPIRE, span)
            counts["expired"] += cursor.rowcount
        counts["answered"] += len(answered)
        counts["deadline"] += len(silent)
        drafts += _settle(answered, silent)
        drafts.sort(key=lambda due: due[:2])
        ledger.post(timeline, [draft for _, _, draft in drafts])
        counts["returned"] += sum(draft.kind == ledger.Kind.RETURN for _, _, draft in drafts)
        return +counts


def _settle(answered: list[tuple], silent: list[tuple]) -> list[tuple[datetime, int, ledger.Draft]]:
    """Settle what was answered before its deadline, and what reached it in silence; drafts with instant and rank."""
    ends = [(ANSWER_RANK, _end(row[:5], row[5], row[6])) for row in answered if row[7] is None and row[6] < row[8]]
    in_time = {end.inmail_id for _, end in ends}
    ends += [(DEADLINE_RANK, _end(row[:5], None, row[5])) for row in silent if row[0] not in in_time]
    if not ends:
        return []
    ends.sort(key=lambda e: (e[1].at, e[0], e[1].sender_id, e[1].recipient_id, e[1].inmail_id))
    rank = {end.inmail_id: rank for rank, end in ends}
    drafts = settlement.settle([end for _, end in ends], terms.read_all())
    return [(draft.at, rank[draft.inmail_id], draft) for draft in drafts]


def _end(ids: tuple, answer: str | None, at: datetime) -> settlement.End:
    inmail_id, sender_id, recipient_id, cost, policy_name = ids
    return settlement.End(inmail_id, sender_id, recipient_id, cost, policy_name, answer, at)

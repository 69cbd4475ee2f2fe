"""The facts of senders and recipients, gathered in one statement, for one pair or for thousands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import connection

from clock.models import Timeline
from inmail import eligibility, policy
from inmail.models.letters import Match

GATHER = """
SELECT p.sender_id = p.recipient_id, r.deactivated_at IS NOT NULL,
    EXISTS (SELECT FROM privacy_block b WHERE b.blocker_id = p.sender_id AND b.blocked_id = p.recipient_id)
        OR EXISTS (SELECT FROM privacy_block b WHERE b.blocker_id = p.recipient_id AND b.blocked_id = p.sender_id),
    EXISTS (SELECT FROM accounts_connection c WHERE c.member_id = p.sender_id AND c.other_id = p.recipient_id),
    (SELECT count(*) FROM accounts_membership a JOIN accounts_membership b ON b.group_id = a.group_id
        WHERE a.member_id = p.sender_id AND b.member_id = p.recipient_id),
    coalesce(c.messages = 'introductions_only', false),
    coalesce(c.open_profile AND c.messages = 'introductions_inmail_open', false),
    coalesce(w.balance, 0),
    EXISTS (SELECT FROM inmail_inmail i WHERE i.timeline_id = t.id AND i.sender_id = p.sender_id
        AND i.recipient_id = p.recipient_id AND i.awaiting),
    EXISTS (SELECT FROM inmail_sanction x WHERE x.timeline_id = t.id AND x.member_id = p.sender_id
        AND x.from_at <= t.at AND t.at < x.until_at),
    EXISTS (SELECT FROM inmail_bulkrule q WHERE q.timeline_id = t.id AND q.member_id = p.sender_id
        AND q.stage = 'suspended' AND t.at < q.until_at),
    coalesce(c.interests, '{}'), s.score, coalesce(c.lowest_score, 3),
    (SELECT count(*) FROM inmail_inmail i WHERE i.timeline_id = t.id AND i.sender_id = p.sender_id
        AND i.recipient_id = p.recipient_id AND i.status NOT IN ('cancelled', 'refused')),
    t.policy
FROM unnest(%(senders)s::bigint[], %(recipients)s::bigint[]) WITH ORDINALITY AS p(sender_id, recipient_id, place)
CROSS JOIN (SELECT %(timeline)s::bigint AS id, %(at)s::timestamptz AS at, (SELECT policy_id FROM inmail_policyterm
    WHERE timeline_id = %(timeline)s AND from_at <= %(at)s ORDER BY from_at DESC LIMIT 1) AS policy) AS t
JOIN accounts_member r ON r.id = p.recipient_id
LEFT JOIN privacy_reception c ON c.member_id = p.recipient_id
LEFT JOIN inmail_wallet w ON w.timeline_id = t.id AND w.member_id = p.sender_id
LEFT JOIN inmail_senderscore s ON s.timeline_id = t.id AND s.member_id = p.sender_id
ORDER BY p.place
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """A sender's view of a recipient: the facts of the rules, and what else a sending takes along.

    `score` is the sender's, in stars or None; `n` counts the pair's earlier InMails (DOMAIN 9); `policy` is the
    name of the one in force.
    """

    facts: eligibility.Facts
    interests: tuple[str, ...]
    score: Decimal | None
    lowest_score: Decimal
    n: int
    policy: str

    @property
    def refusals(self) -> list[str]:
        return eligibility.refusals(self.facts)

    @property
    def cost(self) -> int | None:
        return eligibility.cost(self.facts)

    @property
    def notifies(self) -> bool:
        """A sender without a score yet is notified of (DOMAIN 8)."""
        return self.score is None or self.score >= self.lowest_score

    def match(self, category: str) -> str:
        return match(category, self.interests)


def match(category: str, interests: Sequence[str]) -> str:
    """Whether `category` is among the declared `interests`; undeclared when there are none."""
    if not interests:
        return Match.UNDECLARED
    return Match.MATCH if category in interests else Match.MISMATCH


def of_pairs(timeline: Timeline, pairs: Sequence[tuple[int, int]], *, at: datetime, bulk: bool = False) -> list[Pair]:
    """The facts of each (sender id, recipient id), in the order given. The members must exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            GATHER,
            {
                "senders": [sender for sender, _ in pairs],
                "recipients": [recipient for _, recipient in pairs],
                "timeline": timeline.pk,
                "at": at,
            },
        )
        return [
            Pair(eligibility.Facts(*row[:11], bulk=bulk), tuple(row[11]), *row[12:15], row[15] or policy.DEFAULT)
            for row in cursor.fetchall()
        ]


def of(timeline: Timeline, sender, recipient, *, at: datetime, bulk: bool = False) -> Pair:
    """The facts of one pair of members."""
    (pair,) = of_pairs(timeline, [(sender.pk, recipient.pk)], at=at, bulk=bulk)
    return pair


def seen_by(timeline: Timeline, viewer, recipients: Sequence, *, at: datetime) -> dict[int, Pair]:
    """What `viewer` may do with each of a page of members, by member id."""
    pairs = of_pairs(timeline, [(viewer.pk, r.pk) for r in recipients], at=at)
    return {recipient.pk: pair for recipient, pair in zip(recipients, pairs, strict=True)}


def in_bulk(pair: Pair) -> Pair:
    """The same pair, when the InMail is one of several sent in one act."""
    return replace(pair, facts=replace(pair.facts, bulk=True))

"""Credits change here and nowhere else: entries are drafted, then posted together, each numbered with its balance.

Law: the five laws of DOMAIN 7; the database refuses what would break them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from clock.models import Timeline
from inmail.models import Kind, LedgerEntry, Reason, Wallet


class Insufficient(Exception):
    """The balance does not cover what was asked; nothing was posted."""


class BadAmount(ValueError):
    """An amount or a reason that cannot be posted; the text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be: `amount` in credits, signed; drafts are posted in the order given."""

    member_id: int
    kind: str
    amount: int
    reason: str
    at: datetime
    inmail_id: int | None = None
    author_id: int | None = None
    note: str = ""


OPEN_WALLETS = """
INSERT INTO inmail_wallet (timeline_id, member_id, balance, entries)
SELECT %s, m, 0, 0 FROM (SELECT DISTINCT m FROM unnest(%s::bigint[]) AS m ORDER BY m) AS members
ON CONFLICT DO NOTHING
"""

POST = """
WITH draft AS (
    SELECT * FROM unnest(%(member)s::bigint[], %(kind)s::text[], %(amount)s::int[], %(reason)s::text[],
        %(at)s::timestamptz[], %(inmail)s::bigint[], %(author)s::bigint[], %(note)s::text[]) WITH ORDINALITY
        AS d(member_id, kind, amount, reason, at, inmail_id, author_id, note, place)
), locked AS (
    SELECT member_id, balance, entries FROM inmail_wallet
    WHERE timeline_id = %(timeline)s AND member_id IN (SELECT member_id FROM draft)
    ORDER BY member_id FOR UPDATE
), numbered AS (
    SELECT d.*, l.entries + row_number() OVER w AS number, l.balance + sum(d.amount) OVER w AS balance
    FROM draft d JOIN locked l USING (member_id)
    WINDOW w AS (PARTITION BY d.member_id ORDER BY d.place)
), posted AS (
    INSERT INTO inmail_ledgerentry
        (timeline_id, member_id, number, kind, amount, balance, inmail_id, author_id, reason, note, at)
    SELECT %(timeline)s, member_id, number, kind, amount, balance, inmail_id, author_id, reason, note, at
    FROM numbered ORDER BY place
    RETURNING id, member_id, number, balance
), last AS (
    SELECT DISTINCT ON (member_id) member_id, number, balance FROM posted ORDER BY member_id, number DESC
), kept AS (
    UPDATE inmail_wallet w SET balance = last.balance, entries = last.number
    FROM last WHERE w.timeline_id = %(timeline)s AND w.member_id = last.member_id
)
SELECT id FROM posted ORDER BY id
"""


def post(timeline: Timeline, drafts: Sequence[Draft]) -> list[int]:
    """Post `drafts` in their order; returns the ids of the entries. Raises `Insufficient`, then nothing was posted."""
    if not drafts:
        return []
    columns = {
        "member": [d.member_id for d in drafts],
        "kind": [str(d.kind) for d in drafts],
        "amount": [d.amount for d in drafts],
        "reason": [str(d.reason) for d in drafts],
        "at": [d.at for d in drafts],
        "inmail": [d.inmail_id for d in drafts],
        "author": [d.author_id for d in drafts],
        "note": [d.note for d in drafts],
    }
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(OPEN_WALLETS, [timeline.pk, columns["member"]])
            cursor.execute(POST, columns | {"timeline": timeline.pk})
            return [pk for (pk,) in cursor.fetchall()]
    except IntegrityError as error:
        if constraint_of(error) in ("entry_not_negative", "wallet_not_negative"):
            raise Insufficient from error
        raise


def lock(timeline: Timeline, member) -> None:
    """Until the transaction ends nobody else changes the member's balance."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_WALLETS, [timeline.pk, [member.pk]])
    list(Wallet.objects.select_for_update().filter(timeline=timeline, member=member))


def constraint_of(error: IntegrityError) -> str | None:
    """The name of the constraint that refused."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)


def balance(timeline: Timeline, member) -> int:
    """The member's credits now; none before the first entry."""
    return Wallet.objects.filter(timeline=timeline, member=member).values_list("balance", flat=True).first() or 0


def entries(timeline: Timeline, member):
    """The member's entries, newest first."""
    return LedgerEntry.objects.filter(timeline=timeline, member=member).order_by("-number")


def adjust(timeline: Timeline, member, *, amount: int, reason: str, author, at: datetime) -> LedgerEntry:
    """Staff corrects a balance by `amount` credits, signed, with a sentence why."""
    if not isinstance(amount, int) or isinstance(amount, bool) or amount == 0 or abs(amount) > 10_000:
        raise BadAmount(_("An adjustment is a whole number of credits, not 0, at most 10,000 either way."))
    if not reason.strip() or len(reason) > 300:
        raise BadAmount(_("Say why in at most 300 characters."))
    draft = Draft(member.pk, Kind.ADJUSTMENT, amount, Reason.CORRECTION, at, author_id=author.pk, note=reason.strip())
    (pk,) = post(timeline, [draft])
    return LedgerEntry.objects.get(pk=pk)

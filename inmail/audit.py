"""Proves the laws of the ledger from the entries themselves; wallets are only compared with them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from django.db import connection, transaction
from django.utils.translation import gettext_noop

NUMBERING = """
SELECT timeline_id, member_id, number FROM (
    SELECT timeline_id, member_id, number, amount, balance, at,
        row_number() OVER w AS place, coalesce(lag(balance) OVER w, 0) AS before, lag(at) OVER w AS earlier
    FROM inmail_ledgerentry WINDOW w AS (PARTITION BY timeline_id, member_id ORDER BY number)
) AS e WHERE {broken} LIMIT 20
"""

LAWS: tuple[tuple[str, str], ...] = (
    (gettext_noop("entries are numbered from one without gaps"), NUMBERING.format(broken="number <> place")),
    (
        gettext_noop("each balance is the one before plus the amount"),
        NUMBERING.format(broken="balance <> before + amount"),
    ),
    (gettext_noop("entries of a member follow in time"), NUMBERING.format(broken="at < earlier")),
    (
        gettext_noop("no balance is negative"),
        "SELECT timeline_id, member_id, number FROM inmail_ledgerentry WHERE balance < 0 LIMIT 20",
    ),
    (
        gettext_noop("an InMail is spent and returned at most once"),
        "SELECT inmail_id, kind, count(*) FROM inmail_ledgerentry WHERE kind IN ('spend', 'return')"
        " GROUP BY inmail_id, kind HAVING count(*) > 1 LIMIT 20",
    ),
    (
        gettext_noop("nothing is returned that was not spent"),
        "SELECT r.timeline_id, r.member_id, r.number FROM inmail_ledgerentry r WHERE r.kind = 'return' AND NOT EXISTS"
        " (SELECT FROM inmail_ledgerentry s WHERE s.kind = 'spend' AND s.inmail_id = r.inmail_id"
        " AND s.member_id = r.member_id AND s.timeline_id = r.timeline_id) LIMIT 20",
    ),
    (
        gettext_noop("a spend and its return are the sender's own"),
        "SELECT e.timeline_id, e.member_id, e.number FROM inmail_ledgerentry e JOIN inmail_inmail i"
        " ON i.id = e.inmail_id WHERE e.kind IN ('spend', 'return')"
        " AND (e.member_id, e.timeline_id) <> (i.sender_id, i.timeline_id) LIMIT 20",
    ),
    (
        gettext_noop("every InMail that costs a credit was spent, and no other"),
        "SELECT i.id, i.cost, e.id FROM inmail_inmail i LEFT JOIN inmail_ledgerentry e ON e.inmail_id = i.id"
        " AND e.kind = 'spend' WHERE (i.cost = 1) <> (e.id IS NOT NULL) LIMIT 20",
    ),
    (
        gettext_noop("an InMail marked as returned has its return, and no other"),
        "SELECT i.id, i.returned, e.id FROM inmail_inmail i LEFT JOIN inmail_ledgerentry e ON e.inmail_id = i.id"
        " AND e.kind = 'return' WHERE i.returned <> (e.id IS NOT NULL) LIMIT 20",
    ),
    (
        gettext_noop("every wallet equals the last entry of its member"),
        "SELECT coalesce(w.timeline_id, e.timeline_id), coalesce(w.member_id, e.member_id), w.balance"
        " FROM inmail_wallet w FULL JOIN (SELECT DISTINCT ON (timeline_id, member_id) timeline_id, member_id,"
        " number, balance FROM inmail_ledgerentry ORDER BY timeline_id, member_id, number DESC) AS e"
        " ON e.timeline_id = w.timeline_id AND e.member_id = w.member_id"
        " WHERE coalesce(w.balance, -1) <> coalesce(e.balance, 0) OR coalesce(w.entries, -1) <> coalesce(e.number, 0)"
        " LIMIT 20",
    ),
)

SUMS = """
SELECT count(*), coalesce(sum(amount), 0), {kinds} FROM inmail_ledgerentry
""".format(
    kinds=", ".join(
        f"{sign}coalesce(sum(amount) FILTER (WHERE kind = '{kind}'), 0)"
        for kind, sign in {
            "grant": "",
            "purchase": "",
            "return": "",
            "adjustment": "",
            "spend": "-",
            "forfeit": "-",
        }.items()
    )
)
BALANCES = """
SELECT count(*), coalesce(sum(balance), 0) FROM (
    SELECT DISTINCT ON (timeline_id, member_id) balance FROM inmail_ledgerentry
    ORDER BY timeline_id, member_id, number DESC) AS last
"""


@dataclass(frozen=True)
class Violation:
    law: str
    rows: list[list]


@dataclass(frozen=True)
class Audit:
    """The proof: sums in credits; `residual` is the sum of all amounts less the sum of the last balances."""

    holds: bool
    entries: int
    balances: int
    residual: int
    sums: dict[str, int] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    laws: list[str] = field(default_factory=list)

    def as_json(self) -> dict:
        return asdict(self)


def ledger() -> Audit:
    """Prove laws 1-5 over all timelines, on one snapshot of the database."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.in_atomic_block or len(connection.savepoint_ids) == 0:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL statement_timeout = 0")
        violations = []
        for law, broken in LAWS:
            cursor.execute(broken)
            if rows := cursor.fetchall():
                violations.append(Violation(law, [list(row) for row in rows]))
        cursor.execute(SUMS)
        entries, total, *by_kind = (int(value) for value in cursor.fetchone())
        cursor.execute(BALANCES)
        _members, balances = (int(value) for value in cursor.fetchone())
    kinds = ("grants", "purchases", "returns", "adjustments", "spends", "forfeits")
    return Audit(
        holds=not violations and total == balances,
        entries=entries,
        balances=balances,
        residual=total - balances,
        sums=dict(zip(kinds, by_kind, strict=True)),
        violations=violations,
        laws=[law for law, _ in LAWS],
    )

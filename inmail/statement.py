"""A member's entries as people read them, and their balance over time as a chart draws it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clock.models import Timeline
from inmail import ledger
from inmail.models import LedgerEntry

DAYS = 60
COLUMNS = ("number", "at", "kind", "reason", "note", "amount", "balance", "inmail", "author")


@dataclass(frozen=True)
class Line:
    number: int
    at: datetime
    kind: str
    reason: str
    note: str
    partner: str
    url: str
    signed: str
    gain: bool
    balance: int


def entries(timeline: Timeline, member):
    """The member's entries with the InMail that caused each, newest first."""
    return ledger.entries(timeline, member).select_related("inmail__sender", "inmail__recipient")


def line(entry: LedgerEntry, *, with_links: bool = True) -> Line:
    partner = _partner(entry)
    return Line(
        number=entry.number,
        at=entry.at,
        kind=entry.get_kind_display(),
        reason=entry.get_reason_display(),
        note=entry.note,
        partner=partner,
        url=reverse("inmail:thread", args=[entry.inmail.thread_id]) if partner and with_links else "",
        signed=signed(entry.amount),
        gain=entry.amount > 0,
        balance=entry.balance,
    )


def signed(amount: int) -> str:
    """With a plus or a true minus, so that columns of figures line up."""
    return f"+{amount}" if amount > 0 else f"−{-amount}"


def _partner(entry: LedgerEntry) -> str:
    if entry.inmail is None or entry.inmail.recipient_id == entry.member_id:
        return ""
    return entry.inmail.recipient.name


def chart(timeline: Timeline, member, *, now: datetime) -> dict | None:
    """The balance at the end of each of the last days; None before the first entry."""
    first_day = (now - timedelta(days=DAYS - 1)).date()
    all_entries = ledger.entries(timeline, member)
    per_day = dict(
        all_entries.filter(at__date__gte=first_day)
        .annotate(day=TruncDate("at"))
        .order_by("day", "-number")
        .distinct("day")
        .values_list("day", "balance")
    )
    before = all_entries.filter(at__date__lt=first_day).values_list("balance", flat=True).first()
    if not per_day and before is None:
        return None
    if before is None:
        first_day = max(first_day, min(per_day) - timedelta(days=1))
    labels, values, balance = [], [], before or 0
    for offset in range((now.date() - first_day).days + 1):
        day = first_day + timedelta(days=offset)
        balance = per_day.get(day, balance)
        labels.append(date_format(day, _("j M")))
        values.append(balance)
    series = [{"name": _("Credits"), "values": values}]
    return {"kind": "line", "stepped": True, "title": _("Balance over time"), "labels": labels, "series": series}


def rows(found: Iterable[LedgerEntry]) -> Iterator[list]:
    """The entries as plain rows under `COLUMNS`, for a spreadsheet."""
    yield list(COLUMNS)
    for entry in found:
        author = entry.author.handle if entry.author else ""
        at = entry.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        amounts = [entry.amount, entry.balance, entry.inmail_id or ""]
        yield [entry.number, at, entry.kind, entry.reason, entry.note, *amounts, author]

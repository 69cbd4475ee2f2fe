"""A member's own archive: its Connections.csv becomes their 1st degree.

Personal data: whoever is imported is seen by the owner alone and deleted with them; e-mail addresses are not kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import loading
from accounts.edges import BadFile, csv_rows, text_of
from accounts.models import Member

HEADER = ["first name", "last name", "url", "email address", "company", "position", "connected on"]
MAX_HANDLE = 60
BETWEEN = ",;\t"
_MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}


@dataclass(frozen=True)
class Contact:
    """One line of the archive."""

    line: int
    first_name: str
    last_name: str
    url: str
    headline: str
    connected_on: datetime


def import_connections(owner: Member, path: str | Path, *, at: datetime) -> dict:
    """The people of the file are connections of `owner`. Raises `BadFile`; lines that name nobody are listed."""
    named: dict[str, Contact] = {}
    skipped = []
    for contact in read(path):
        handle = _handle(owner, contact)
        if not (contact.first_name or contact.last_name):
            skipped.append({"line": contact.line, "reason": "no name"})
        elif handle in named:
            skipped.append({"line": contact.line, "reason": "duplicate"})
        else:
            named[handle] = contact
    members = ((handle, *_names(one), one.headline) for handle, one in named.items())
    pairs = ((owner.handle, handle, min(one.connected_on, at).isoformat()) for handle, one in named.items())
    made, connected = loading.load(members, pairs, at=at, owner=owner.pk)
    return {"members": len(made), "connections": connected, "skipped": skipped}


def read(path: str | Path) -> Iterator[Contact]:
    """The lines after the header, which a few lines of notes may precede. Raises `BadFile`.

    Between the fields stand commas, or what a spreadsheet may have made of them: semicolons or tabs.
    """
    text = text_of(path)
    for between in BETWEEN:
        rows = csv_rows(path, text, between)
        if any([cell.strip().lower() for cell in row[: len(HEADER)]] == HEADER for _number, row in rows):
            return (_contact(number, row) for number, row in rows if any(cell.strip() for cell in row))
    raise BadFile(_("%(file)s has no line “%(header)s”.") % {"file": path, "header": _shown_header()})


def _shown_header() -> str:
    return ",".join(word.title().replace("Url", "URL") for word in HEADER)


def _contact(line: int, row: list[str]) -> Contact:
    cells = [" ".join(cell.split()) for cell in row]
    if len(cells) < len(HEADER):
        wrong = {"number": line, "cells": len(cells), "wanted": len(HEADER)}
        raise BadFile(_("Line %(number)s has %(cells)s fields instead of %(wanted)s. Nothing was imported.") % wrong)
    first, last, url, _email, company, position, date = cells[: len(HEADER)]
    headline = " · ".join(part for part in (position, company) if part)
    return Contact(line, first, last, url, headline[:220], _date(line, date))


def _date(line: int, text: str) -> datetime:
    """A date like 04 Mar 2021, whatever the locale of this machine."""
    match = re.fullmatch(r"([0-9]{1,2}) ([A-Za-z]{3}) ([0-9]{4})", text)
    try:
        return datetime(int(match[3]), _MONTHS[match[2].lower()], int(match[1]), tzinfo=UTC)
    except (TypeError, KeyError, ValueError):
        wrong = {"number": line, "date": text[:40]}
        raise BadFile(
            _("Line %(number)s: “%(date)s” is not a date like 04 Mar 2021. Nothing was imported.") % wrong
        ) from None


def _names(contact: Contact) -> tuple[str, str]:
    first, last = contact.first_name[:80], contact.last_name[:80]
    return (first, last) if first else (last, "")


def _handle(owner: Member, contact: Contact) -> str:
    """The same person of the same owner has the same handle at every import."""
    last_part = unquote(contact.url).rstrip("/").rpartition("/")[2]
    said = last_part or f"{contact.first_name} {contact.last_name}"
    base = f"{owner.handle}.{slugify(said)}"
    if slugify(said) == said and len(base) <= MAX_HANDLE:
        return base
    return f"{base[: MAX_HANDLE - 7]}-{hashlib.sha256(said.encode()).hexdigest()[:6]}"

"""Pages of a list by keyset: as quick at the end as at the beginning, and steady while rows come and go.

A cursor is signed and tied to its list's name, so that nobody can make one up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

TAMPERED = _("That link to a page of the list is not valid any more; this is its beginning.")
SIZE, MAX_SIZE = 20, 100


class BadCursor(ValueError):
    """A cursor that was not given out for this list; the text is a sentence for people."""

    def __init__(self) -> None:
        super().__init__(TAMPERED)


@dataclass
class Page:
    """One page: its rows, and the cursors of its neighbours where there are any."""

    rows: list
    next: str = ""
    previous: str = ""
    notice: str = ""
    path: str = ""
    parameters: dict = field(default_factory=dict)

    @property
    def next_url(self) -> str:
        return self._url(self.next)

    @property
    def previous_url(self) -> str:
        return self._url(self.previous)

    def _url(self, cursor: str) -> str:
        return f"{self.path}?{urlencode({**self.parameters, 'cursor': cursor}, doseq=True)}" if cursor else ""


def page(
    rows: QuerySet,
    cursor: str = "",
    *,
    size: int = SIZE,
    order: Sequence[str] = ("name_key", "pk"),
    name: str = "members",
) -> Page:
    """The page of `rows` at `cursor`, in `order` (attributes or lookups, "-" for descending, the last unique).

    Raises `BadCursor`.
    """
    backward, key = _read(cursor, name, len(order)) if cursor else (False, None)
    wanted = [_turned(term) for term in order] if backward else list(order)
    if key is not None:
        rows = rows.filter(_after(wanted, key))
    found = list(rows.order_by(*wanted)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    has_next, has_previous = (bool(found), more) if backward else (more, key is not None and bool(found))
    return Page(
        found,
        next=_write(name, False, found[-1], order) if has_next else "",
        previous=_write(name, True, found[0], order) if has_previous else "",
    )


def page_for(request, rows: QuerySet, **options) -> Page:
    """The page that a request's `cursor` asks for; a cursor that is not valid gets the first, and a notice."""
    parameters: QueryDict = request.GET.copy()
    cursor = (parameters.pop("cursor", [""]) or [""])[-1]
    try:
        found = page(rows, cursor, **options)
    except BadCursor as error:
        found = page(rows, **options)
        found.notice = str(error)
    found.path, found.parameters = request.path, dict(parameters.lists())
    return found


def _turned(term: str) -> str:
    return term[1:] if term.startswith("-") else f"-{term}"


def _after(order: Sequence[str], key: Sequence) -> Q:
    """Later than `key` in `order`: each term decides where those before it are equal.

    The first term stands alone too: it is what lets the database begin in the middle of an index.
    """
    later = Q()
    for place, term in enumerate(order):
        equal = {name.lstrip("-"): value for name, value in zip(order[:place], key, strict=False)}
        later |= Q(**equal, **{_lookup(term, "lt", "gt"): key[place]})
    return Q(**{_lookup(order[0], "lte", "gte"): key[0]}) & later


def _lookup(term: str, descending: str, ascending: str) -> str:
    return f"{term.lstrip('-')}__{descending if term.startswith('-') else ascending}"


def _write(name: str, backward: bool, row: Any, order: Sequence[str]) -> str:
    key = []
    for term in order:
        value = row
        for attribute in term.lstrip("-").split("__"):
            value = value[attribute] if isinstance(value, dict) else getattr(value, attribute)
        key.append({"t": value.isoformat()} if isinstance(value, datetime) else value)
    return signing.dumps([backward, key], salt=f"cursor.{name}", compress=True)


def _read(cursor: str, name: str, length: int) -> tuple[bool, list]:
    try:
        backward, key = signing.loads(cursor, salt=f"cursor.{name}")
        key = [datetime.fromisoformat(v["t"]) if isinstance(v, dict) else v for v in key]
    except Exception:
        # Signature, base64, compression and JSON each fail in their own way; all mean the same.
        raise BadCursor from None
    if len(key) != length:
        raise BadCursor
    return bool(backward), key

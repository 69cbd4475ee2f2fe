"""Finding members by what one types: every word a prefix, accents and case aside, with filters.

No text is an error: what holds no word finds nobody, and `Words` says so in a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext as _

from accounts import apart, countries, network
from accounts.models import Fold, Member

MAX_WORDS = 16
MAX_LETTERS = 60
OUT = "out"
DEGREES = (1, 2, 3, OUT)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Words:
    """What was understood of a text: its words, and a sentence where that is not all of it."""

    words: tuple[str, ...]
    notice: str = ""


def understand(text: str) -> Words:
    """The first words of `text`; operators, signs and emoji are none."""
    found = tuple(dict.fromkeys(word[:MAX_LETTERS] for word in _WORD.findall(text)))
    if text.strip() and not found:
        return Words((), _("There is no word in that text to search for: write a name, a headline or a country."))
    if len(found) > MAX_WORDS:
        return Words(found[:MAX_WORDS], _("Only the first %(most)s words were used.") % {"most": MAX_WORDS})
    return Words(found)


def find(
    text: str = "",
    *,
    viewer: Member,
    country: str = "",
    industry: str = "",
    degree: int | str | None = None,
    also: Q | None = None,
) -> QuerySet[Member]:
    """The active members whom `viewer` may see and who fit; for pages in the order of `cursor.Page`.

    `degree` is 1, 2, 3 or "out"; `also` is a condition of an upper floor. Oneself is never among the found
    when a degree is asked for.
    """
    if text.strip() and not understand(text).words:
        return Member.objects.none()
    found = Member.objects.active().visible_to(viewer).filter(apart.visible_to(viewer), _fits(text))
    if country:
        found = found.filter(country=country.replace("\0", "").upper())
    if industry:
        found = found.filter(industry=industry.replace("\0", ""))
    if degree is not None:
        found = network.at_degree(found, viewer, None if degree == OUT else int(degree))
    return found.filter(also) if also is not None else found


def _fits(text: str) -> Q:
    """Every word begins one of the member's; or some of them, first or last, name their country instead."""
    words = understand(text).words
    if not words:
        return Q()
    fits = _begin(words)
    for place in range(len(words)):
        for named, rest in ((words[place:], words[:place]), (words[: place + 1], words[place + 1 :])):
            if code := countries.find(" ".join(named)):
                fits |= _begin(rest) & Q(country=code) if rest else Q(country=code)
    return fits


def _begin(words: tuple[str, ...]) -> Q:
    prefixes = " & ".join(f"'{word}':*" for word in words)
    return Q(search=SearchQuery(Fold(Value(prefixes)), config="simple", search_type="raw"))

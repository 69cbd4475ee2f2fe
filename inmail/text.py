"""What may be written in a subject, a body, a note: counted in code points after CRLF became LF."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp", "Cn", "Mn", "Me"}
# Letters, symbols and marks by their category, which all the same show nothing when they stand alone.
_BLANKS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


def is_blank(text: str) -> bool:
    """Whether there is nothing to read: empty, spaces, zero-width characters, marks without a letter."""
    return all(char in _BLANKS or unicodedata.category(char) in _INVISIBLE for char in text)


def clean(text: str, *, limit: int, required: bool = True, one_line: bool = False) -> str:
    """`text` with line ends as LF and outer white space gone; raises ValidationError with a sentence."""
    if not isinstance(text, str):
        raise ValidationError(_("Write a text."), code="invalid")
    if "\x00" in text:
        raise ValidationError(_("A text cannot hold NUL characters."), code="null_characters_not_allowed")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValidationError(_("A text cannot hold half a character (a lone surrogate)."), code="surrogate")
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if one_line and _BREAKS.search(text):
        raise ValidationError(_("Write this in one line."), code="newline")
    if required and is_blank(text):
        raise ValidationError(_("Write something; this cannot be blank."), code="blank")
    if len(text) > limit:
        raise ValidationError(
            _("At most %(limit)s characters; this has %(count)s."),
            code="max_length",
            params={"limit": limit, "count": len(text)},
        )
    return text


def subject(text: str, *, limit: int = 200) -> str:
    return clean(text, limit=limit, one_line=True)


def body(text: str, *, limit: int = 1_900) -> str:
    return clean(text, limit=limit)

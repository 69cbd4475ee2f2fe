"""Numbers as people read them: enough digits and no more, a real minus, the language's own separators."""

from __future__ import annotations

import math

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

DASH = "–"
DIGITS = 3  # that say something; more would pretend to


def whole(value: int | float | None) -> str:
    return DASH if value is None else number_format(round(value), force_grouping=True).replace("-", "−")


def number(value: float | None, *, digits: int = DIGITS, signed: bool = False) -> str:
    """`value` to so many significant digits: 15.3, 0.302, 1,240."""
    if value is None or not math.isfinite(value):
        return DASH
    after = places(value, digits)
    text = number_format(round(abs(value), after), after, force_grouping=True)  # which itself cuts off
    if not any(letter in "123456789" for letter in text):
        return text
    return ("−" if value < 0 else "+" if signed else "") + text


def rough(value: float) -> str:
    """Of what is only known about: two digits, the rest naughts."""
    step = 10 ** max(0, math.floor(math.log10(value)) - 1) if value >= 1 else 1
    return whole(round(value / step) * step)


def compact(value: float) -> str:
    """For the edge of a picture: short, without naughts that say nothing."""
    for size, words in ((1e9, _("%(n)s bn")), (1e6, _("%(n)s M"))):
        if abs(value) >= size:
            return words % {"n": _plain(value / size)}
    return _("%(n)s k") % {"n": _plain(value / 1e3)} if abs(value) >= 1e4 else _plain(value)


def _plain(value: float) -> str:
    digits = next((n for n in range(6) if math.isclose(round(value, n), value, abs_tol=1e-9)), 6)
    return number_format(round(value, digits), digits, force_grouping=True)


def places(value: float, digits: int = DIGITS) -> int:
    """Digits after the point that make `digits` significant ones; at most six."""
    return min(6, max(0, digits - 1 - math.floor(math.log10(abs(value))))) if value else 0


def share(value: float | None, *, signed: bool = False) -> str:
    """A share from 0 to 1 as per cent, or a difference of two as points; without its sign."""
    return number(None if value is None else 100 * value, signed=signed)


def of(value: float | None, is_share: bool, *, signed: bool = False) -> str:
    return share(value, signed=signed) if is_share else number(value, signed=signed)


def duration(seconds: float) -> str:
    """As long as something is expected to take: about, in one unit."""
    if seconds < 90:
        n = max(1, round(seconds))
        return ngettext("%(n)s second", "%(n)s seconds", n) % {"n": n}
    if seconds < 90 * 60:
        n = round(seconds / 60)
        return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}
    n = round(seconds / 3600)
    return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}


def about(seconds: float | None) -> str:
    return _("not measured yet") if seconds is None else _("about %(time)s") % {"time": duration(seconds)}

"""What the header of every page shows, in one query: the clock, and the member's unread, credits and score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils.formats import number_format
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from clock import timeline as clock
from clock.models import LIVE, Timeline

DAY = 86_400

# By hand: it stands on every page and is asked again every few seconds, and each side has its own index of unread.
READ = """
SELECT t.*,
    (SELECT count(*) FROM inmail_thread WHERE opener_id = %(member)s AND timeline_id = t.id AND opener_unread)
    + (SELECT count(*) FROM inmail_thread WHERE other_id = %(member)s AND timeline_id = t.id AND other_unread)
        AS unread,
    coalesce((SELECT balance FROM inmail_wallet WHERE timeline_id = t.id AND member_id = %(member)s), 0) AS credits,
    (SELECT score FROM inmail_senderscore WHERE timeline_id = t.id AND member_id = %(member)s) AS score
FROM clock_timeline t WHERE t.name = %(live)s
"""


@dataclass(frozen=True)
class Header:
    now: datetime | None = None
    speed: int = 0
    speed_words: str = ""
    lagging: bool = False
    unread: int = 0
    credits: int = 0
    score: Decimal | None = None


def header(request) -> dict:
    """The template variables `header`, asked of the database only where a template shows it, and `demo`."""
    header = SimpleLazyObject(lambda: read(getattr(request, "user", None)))
    return {"header": header, "demo": settings.EMBEDDED}


def read(member) -> Header:
    known = member is not None and member.is_authenticated
    rows = list(Timeline.objects.raw(READ, {"live": LIVE, "member": member.pk if known else None}))
    if not rows:
        return Header()
    (row,) = rows
    own = {name: getattr(row, name) for name in ("unread", "credits", "score")} if known else {}
    return Header(row.now_at, row.speed, speed_words(row.speed), clock.is_lagging(row), **own)


def speed_words(speed: int) -> str:
    """How long a day takes, in words a person can use."""
    if speed == 0:
        return _("paused")
    if speed == 1:
        return _("as on the wall clock")
    seconds = DAY / speed
    if seconds >= 3600:
        return _("1 day = %(n)s h") % {"n": _figure(seconds / 3600)}
    if seconds >= 60:
        return _("1 day = %(n)s min") % {"n": _figure(seconds / 60)}
    return _("1 day = %(n)s s") % {"n": _figure(seconds)}


def _figure(value: float) -> str:
    """Three digits at most, with the point or comma of the reader's language."""
    return number_format(Decimal(f"{value:.3g}"))

"""What the header of every page shows, in one query: the clock, and the member's unread, credits and score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from clock import timeline as clock
from clock.models import LIVE, Timeline
from inmail.models import SenderScore, Thread, Wallet

DAY = 86_400


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
    rows = Timeline.objects.filter(name=LIVE)
    known = member is not None and member.is_authenticated
    if known:
        rows = rows.annotate(**_standing(member))
    row = rows.first()
    if row is None:
        return Header()
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
        return _("1 day = %(n)s h") % {"n": f"{seconds / 3600:.3g}"}
    if seconds >= 60:
        return _("1 day = %(n)s min") % {"n": f"{seconds / 60:.3g}"}
    return _("1 day = %(n)s s") % {"n": f"{seconds:.3g}"}


def _standing(member) -> dict:
    mine = {"timeline": OuterRef("pk"), "member": member}
    unread = Thread.objects.filter(timeline=OuterRef("pk")).filter(
        Q(opener=member, opener_unread=True) | Q(other=member, other_unread=True)
    )
    counted = unread.values("timeline").annotate(n=Count("pk")).values("n")
    return {
        "credits": Coalesce(Subquery(Wallet.objects.filter(**mine).values("balance")), 0),
        "score": Subquery(SenderScore.objects.filter(**mine).values("score")),
        "unread": Coalesce(Subquery(counted), 0),
    }

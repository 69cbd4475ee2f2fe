"""The course of time. `now` moves only forward, and never past work that is due.

Edges that act take their instant from `moment`; everything else is told it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from django.db import Error, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg2.errors import LockNotAvailable

from clock import due
from clock.models import LIVE, MAX_SPEED, Timeline

BEGINNING = datetime(2014, 6, 3, 14, 5, tzinfo=UTC)
LOCK_SPACE = 1_000_001
MAX_STALL = timedelta(seconds=5)
LAG = timedelta(seconds=4)
MAX_ADVANCE = timedelta(days=3_660)
# Two statements in one round trip: the second sees what was committed while the first waited.
STAND_STILL = """
SELECT pg_advisory_xact_lock_shared(%s, %s);
SELECT now_at FROM clock_timeline WHERE id = %s
"""
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


class BadInstant(ValueError):
    """An instant or a speed that the clock cannot take; the text is a sentence for people."""


def live() -> Timeline:
    """The timeline on which the platform lives; it begins by itself where no demo world was built."""
    return Timeline.objects.filter(name=LIVE).first() or begin(at=BEGINNING, seed=BEGINNING.year)


def begin(*, name: str = LIVE, at: datetime, speed: int = 1, seed: int) -> Timeline:
    """Begin a timeline at `at`, a whole second UTC; a timeline of that name that exists is returned as it is."""
    found, _made = Timeline.objects.get_or_create(
        name=name,
        defaults={"began_at": at, "now_at": at, "moved_at": timezone.now(), "speed": speed, "seed": seed},
    )
    return found


def now(timeline: Timeline | None = None) -> datetime:
    """The instant that `timeline` (the live one) has reached. For reading; to act, use `moment`."""
    return (live() if timeline is None else Timeline.objects.get(pk=timeline.pk)).now_at


@contextmanager
def moment(timeline: Timeline | None = None) -> Iterator[datetime]:
    """One act at one instant: a transaction in which the clock stands still."""
    with transaction.atomic():
        if timeline is None:
            timeline = live()
        with connection.cursor() as cursor:
            cursor.execute(STAND_STILL, [LOCK_SPACE, timeline.pk, timeline.pk])
            (at,) = cursor.fetchone()
        yield at


@contextmanager
def stand_still(timeline: Timeline) -> Iterator[None]:
    """While this lasts the clock does not move, over several transactions of this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s, %s)", [LOCK_SPACE, timeline.pk])
    try:
        yield
    finally:
        with suppress(Error), connection.cursor() as cursor:  # a connection that was lost has let go by itself
            cursor.execute("SELECT pg_advisory_unlock_shared(%s, %s)", [LOCK_SPACE, timeline.pk])


def is_lagging(timeline: Timeline) -> bool:
    """Whether the clock runs but has not moved for a while: work is being caught up, or no worker is there."""
    return timeline.speed > 0 and timezone.now() - timeline.moved_at > LAG


def set_speed(timeline: Timeline, *, speed: int) -> None:
    """From now on `speed` seconds pass per second; 0 pauses."""
    if not 0 <= speed <= MAX_SPEED:
        raise BadInstant(_("The speed is a whole number from 0 to 86,400."))
    with transaction.atomic():
        row = Timeline.objects.select_for_update().get(pk=timeline.pk)
        row.speed, row.moved_at = speed, timezone.now()
        row.save(update_fields=["speed", "moved_at"])
    timeline.speed = speed


def target(at: datetime, *, days: int = 0, hours: int = 0, until: datetime | None = None) -> datetime:
    """The instant to advance to from `at`; raises `BadInstant` when it is not later or too far."""
    try:
        wanted = until.astimezone(UTC).replace(microsecond=0) if until else at + timedelta(days=days, hours=hours)
    except OverflowError:
        raise BadInstant(_("That is further than the clock can go.")) from None
    if wanted <= at:
        raise BadInstant(_("The clock only moves forward."))
    if wanted - at > MAX_ADVANCE:
        raise BadInstant(_("The clock can be moved at most ten years at a time."))
    return wanted


def parse_instant(text: str) -> datetime:
    """An ISO 8601 date or instant; without an offset it is UTC."""
    try:
        found = datetime.fromisoformat(re.sub(r"[zZ]\Z", "+00:00", text.strip()))
    except ValueError:
        raise BadInstant(_("Write an instant like 2014-06-30T12:00:00Z.")) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def advance(timeline: Timeline, *, until: datetime) -> Counter:
    """Move the clock to `until`, doing all that falls due at its own instant. Returns counts per kind of event."""
    counts: Counter = Counter()
    for source in due.sources():
        counts += source.release(timeline)
    while True:
        done = _next_window(timeline, until)
        if done is None:
            return counts
        counts += done


def tick(timeline: Timeline) -> Counter:
    """Let the wall time since the last tick pass, times the speed, as far as acts and other ticks leave room.

    More than a few seconds without a tick mean that the platform did not run: no time has passed.
    """
    wall = timezone.now()
    row = Timeline.objects.get(pk=timeline.pk)
    if row.speed == 0:
        return Counter()
    since, began = max(row.moved_at, wall - MAX_STALL), row.now_at
    until = began + timedelta(seconds=int((wall - since).total_seconds() * row.speed))
    counts: Counter = Counter()
    try:
        while (done := _next_window(row, until, patience="300ms")) is not None:
            counts += done
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
    finally:
        # Only what has passed is counted as passed, also when a window failed.
        moved_at = since + (row.now_at - began) / row.speed
        Timeline.objects.filter(pk=row.pk, moved_at=row.moved_at).update(moved_at=moved_at)
    return counts


def _next_window(timeline: Timeline, until: datetime, *, patience: str = "0") -> Counter | None:
    """Run one window, at most a day from its midnight on; None when `until` is reached.

    It queues for the lock, so that acts which follow closely on each other cannot keep the clock from moving.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = %s", [patience])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, timeline.pk])
        cursor.execute("SET LOCAL lock_timeout = 0")
        row = Timeline.objects.get(pk=timeline.pk)
        if row.now_at >= until:
            return None
        counts, stop = run_window(row, until)
        Timeline.objects.filter(pk=row.pk).update(now_at=stop)
        timeline.now_at = stop
        return counts


def run_window(timeline: Timeline, until: datetime) -> tuple[Counter, datetime]:
    """All that is due in `(now, stop]`, where `stop` is `until` or the last second before the next midnight."""
    after = timeline.now_at
    first = after + _SECOND
    midnight = first.replace(hour=0, minute=0, second=0)
    stop = min(until, midnight + _DAY - _SECOND)
    counts: Counter = Counter()
    if first == midnight:
        counts["midnight"] += 1
        for source in due.sources():
            counts += source.midnight(timeline, midnight)
    for source in due.sources():
        counts += source.run(timeline, after, stop)
    return counts, stop

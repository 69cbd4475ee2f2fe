"""How long one stays signed in: until nothing was asked for a while, and never longer than a whole span.

Law: a session's end stands in its row, where every process finds it; news that a page asks for by itself move it not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from clock import conflicts

BEGAN = "began"  # in what a session holds: the wall instant, in seconds, of signing in or of a new password
NOTED = 20  # the end is moved on when it has come nearer by this part of the time that one may be idle


@contextmanager
def going_on(session) -> Iterator[None]:
    """The block in which a session becomes another's, or one's own again, without beginning anew."""
    began = session.get(BEGAN)
    yield
    if began is not None:
        session[BEGAN] = began


class SessionStore(db.SessionStore):
    """Django's, in the database; named in settings as SESSION_ENGINE."""

    ends: datetime | None = None  # as its row had it when it was read

    def _get_session_from_db(self) -> Session | None:
        row = super()._get_session_from_db()
        self.ends = row.expire_date if row else None
        return row

    def create_model_instance(self, data: dict) -> Session:
        data.setdefault(BEGAN, int(timezone.now().timestamp()))
        return super().create_model_instance(data)

    def get_expiry_date(self, **given) -> datetime:
        """The earliest of what it was given, its idle time from now, and its whole time since it began."""
        now = timezone.now()
        began = datetime.fromtimestamp(self.get(BEGAN, now.timestamp()), UTC)
        whole = began + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return min(super().get_expiry_date(**given), now + settings.SESSION_IDLE, whole)

    def cycle_key(self) -> None:
        """A new proof of who one is, at the door or by a new password: the whole time begins anew."""
        self.pop(BEGAN, None)
        super().cycle_key()

    def save(self, must_create: bool = False) -> None:
        """Django calls every error an interruption by signing out; one of the database stays what it is."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if conflicts.is_away(error.__context__):
                raise error.__context__ from error.__context__.__cause__
            raise

    def keep(self) -> None:
        """It was used: its end moves on. Only that is written of its row, for another request may write the rest."""
        if self.ends is None or BEGAN not in self:
            return
        ends = self.get_expiry_date()
        if ends < self.ends or ends - self.ends > settings.SESSION_IDLE / NOTED:
            with transaction.atomic():
                Session.objects.filter(session_key=self.session_key).update(expire_date=ends)

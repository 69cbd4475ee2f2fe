"""Mails on their way to a mail server: kept when they are written, brought by the worker, in nobody's request.

Law: a mail is deleted once the mail server has taken it. A worker killed in between brings it twice, never not at all.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from accounts.models import WaitingMail
from clock import alone, doorbell

log = logging.getLogger(__name__)
ALONE = 1_000_004
MAX_ATTEMPTS = 5
PAUSE = 10  # seconds after the first attempt, then six times the last: in all three quarters of an hour
AT_ONCE = 10.0  # seconds of a worker's time; what is left waits for the next beat
KEPT = ("from_email", "to", "cc", "bcc", "reply_to", "subject", "body")


class EmailBackend(BaseEmailBackend):
    """What `EMAIL_BACKEND` names where there is a mail server."""

    def send_messages(self, email_messages) -> int:
        rows = [WaitingMail(fields=_fields(mail)) for mail in email_messages if mail.recipients()]
        with transaction.atomic():
            WaitingMail.objects.bulk_create(rows)
            doorbell.ring("accounts.mail")
        return len(rows)


def _fields(mail) -> dict:
    if mail.attachments:
        raise ValueError("Nothing here mails attachments.")
    others = [[one[0], one[1]] for one in getattr(mail, "alternatives", None) or []]
    return {name: getattr(mail, name) for name in KEPT} | {"headers": mail.extra_headers, "alternatives": others}


def bring() -> int:
    """Bring what is due to the mail server, for at most ten seconds; returns how many it took."""
    until, brought = timezone.now() + timedelta(seconds=AT_ONCE), 0
    with alone.or_not_at_all(ALONE) as mine:
        while mine and timezone.now() < until and (mail := _take()):
            brought += _bring(mail)
    return brought


def _take() -> WaitingMail | None:
    """The mail that has waited longest, its attempt counted."""
    now = timezone.now()
    mail = WaitingMail.objects.filter(dead_at=None, retry_at__lte=now).order_by("retry_at", "pk").first()
    if mail:
        mail.attempts += 1
        mail.retry_at = now + timedelta(seconds=PAUSE * 6 ** (mail.attempts - 1))
        mail.save(update_fields=["attempts", "retry_at"])
    return mail


def _bring(mail: WaitingMail) -> bool:
    try:
        with get_connection(settings.MAIL_CARRIER) as carrier:
            carrier.send_messages([EmailMultiAlternatives(**mail.fields)])
    except Exception as error:
        log.warning("mail %s was not taken: %s", mail.pk, type(error).__name__)
        mail.error = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        mail.dead_at = timezone.now() if mail.attempts >= MAX_ATTEMPTS else None
        mail.save(update_fields=["error", "dead_at"])
        return False
    mail.delete()
    return True


def try_again(pk: int) -> bool:
    """Give a mail that was given up its attempts anew; False when it was not."""
    dead = WaitingMail.objects.filter(pk=pk, dead_at__isnull=False)
    return bool(dead.update(attempts=0, retry_at=timezone.now(), dead_at=None))

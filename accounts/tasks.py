"""The worker's part of the accounts: bring mails to the mail server."""

from celery import shared_task

from accounts import mailing


@shared_task(name="accounts.mail")
def mail(*_more, **_named) -> None:
    mailing.bring()

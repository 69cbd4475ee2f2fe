"""Mails wait in the database until a mail server has taken them; whether one is there is nobody's business else."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives, send_mail
from django.utils import timezone

from accounts import mailing
from accounts.models import WaitingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def to_the_worker(settings):
    settings.EMAIL_BACKEND = "accounts.mailing.EmailBackend"
    settings.MAIL_CARRIER = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def no_server(settings, to_the_worker):
    settings.MAIL_CARRIER = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def after_the_pause():
    WaitingMail.objects.update(retry_at=timezone.now() - timedelta(seconds=1))


def test_a_mail_waits_for_the_worker_and_then_goes_as_it_was_written(to_the_worker):
    one = EmailMultiAlternatives("Grüße", "plain", "us@example.org", ["you@example.org"], bcc=["b@example.org"])
    one.attach_alternative("<p>rich</p>", "text/html")
    one.send()
    assert mail.outbox == [] and WaitingMail.objects.count() == 1
    assert mailing.bring() == 1
    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.recipients()) == ("Grüße", "plain", ["you@example.org", "b@example.org"])
    assert sent.alternatives[0][0] == "<p>rich</p>"
    assert not WaitingMail.objects.exists()


def test_without_a_server_it_is_kept_and_tried_five_times(no_server):
    send_mail("A link", "the link", None, ["you@example.org"])
    for attempt in range(1, mailing.MAX_ATTEMPTS + 1):
        assert mailing.bring() == 0
        assert WaitingMail.objects.get().attempts == attempt
        assert mailing.bring() == 0 and WaitingMail.objects.get().attempts == attempt  # not before its pause is over
        after_the_pause()
    assert WaitingMail.objects.get().dead_at and "ConnectionRefused" in WaitingMail.objects.get().error


def test_a_mail_that_was_given_up_can_be_tried_again(no_server, settings):
    send_mail("A link", "the link", None, ["you@example.org"])
    WaitingMail.objects.update(attempts=5, dead_at=timezone.now())
    assert mailing.bring() == 0 and mailing.try_again(WaitingMail.objects.get().pk)
    settings.MAIL_CARRIER = "django.core.mail.backends.locmem.EmailBackend"
    assert mailing.bring() == 1 and not mailing.try_again(1)


def test_one_bad_address_keeps_no_other_mail_waiting(to_the_worker, settings):
    settings.MAIL_CARRIER = "tests.accounts.test_mailing.Picky"
    for to in ("bad@example.org", "good@example.org"):
        send_mail("A link", "the link", None, [to])
    assert mailing.bring() == 1
    assert WaitingMail.objects.get().fields["to"] == ["bad@example.org"]


class Picky(mail.get_connection("django.core.mail.backends.locmem.EmailBackend").__class__):
    def send_messages(self, messages):
        if "bad@example.org" in messages[0].to:
            raise ValueError("no such address")
        return super().send_messages(messages)


def test_nothing_mails_attachments(to_the_worker):
    one = EmailMultiAlternatives("A file", "here", None, ["you@example.org"])
    one.attach("a.txt", "text")
    with pytest.raises(ValueError, match="attachments"):
        one.send()

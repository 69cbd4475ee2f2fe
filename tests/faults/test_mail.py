"""F29: a mail server that is down or never answers; nobody waits for it, and no delivery in the platform does."""

import smtplib
import socket
import time
from contextlib import contextmanager

import pytest
import requests
from aiosmtpd.controller import Controller
from allauth.account.models import EmailAddress

from accounts.models import WaitingMail
from tests.faults.running import free_port
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
EXPECTED = "in-app delivery unaffected, the mail arrives later"
ADDRESS = "sender0@example.org"


class Letters:
    """A mail server that keeps what it takes."""

    def __init__(self):
        self.taken = []

    async def handle_DATA(self, server, session, envelope):
        self.taken.append(envelope)
        return "250 taken"


@contextmanager
def mail_server(port: int):
    letters = Letters()
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield letters.taken
    finally:
        controller.stop()


@contextmanager
def down(port: int):
    with pytest.raises(OSError), smtplib.SMTP("127.0.0.1", port, timeout=1):
        pass
    yield


@contextmanager
def mute(port: int):
    """It takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", port), backlog=64):
        yield


def ask_for_a_new_password(platform) -> float:
    """Through the page, as a member does; the seconds it took."""
    with requests.Session() as browser:
        url = f"http://127.0.0.1:{platform.port}/accounts/password/reset/"
        browser.get(url, timeout=30)
        form = {"email": ADDRESS, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        began = time.monotonic()
        answer = browser.post(url, form, headers={"Referer": url}, timeout=30, allow_redirects=False)
        assert answer.status_code == 302, answer.text[:500]
        return time.monotonic() - began


@pytest.mark.parametrize("fault", [down, mute])
@pytest.mark.fault("F29", "mail server down or mute", EXPECTED)
def test_a_mail_server_that_is_away_keeps_nothing_waiting(platform, world, load, figures, fault):
    port = free_port()
    EmailAddress.objects.create(user=world.senders[0], email=ADDRESS, verified=True, primary=True)
    type(world.senders[0]).objects.filter(pk=world.senders[0].pk).update(email=ADDRESS)
    platform.start("web", "worker-delivery", EMAIL_URL=f"smtp://127.0.0.1:{port}")
    with fault(port):
        assert ask_for_a_new_password(platform) < 3
        wait_for(lambda: WaitingMail.objects.filter(attempts__gt=0).exists())
        load.send_all(world.pairs(40))
        figures.recover(time.monotonic())
        wait_for(lambda: WaitingMail.objects.exclude(error="").exists())
    assert figures.check(recovery=15, longest=3).delivered == 40
    with mail_server(port) as taken:
        WaitingMail.objects.update(retry_at="2000-01-01T00:00Z")
        wait_for(lambda: taken, seconds=60)
    assert taken[0].rcpt_tos == [ADDRESS]
    wait_for(lambda: not WaitingMail.objects.exists())

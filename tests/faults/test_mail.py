"""F29: a mail server that is down, mute or slow; nobody waits for it, and no delivery in the platform does."""

import asyncio
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
        self.taken, self.asked = [], False

    async def handle_DATA(self, server, session, envelope):
        self.taken.append(envelope)
        return "250 taken"


class Slow(Letters):
    """One that thinks about each command for three seconds: the whole conversation takes twelve."""

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return await self.after_a_while(responses)

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return await self.after_a_while("250 from them, then")

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return await self.after_a_while("250 to them, then")

    async def handle_DATA(self, server, session, envelope):
        return await self.after_a_while(await super().handle_DATA(server, session, envelope))

    async def after_a_while(self, answer):
        self.asked = True
        await asyncio.sleep(3)
        return answer


@contextmanager
def mail_server(port: int, letters: Letters | None = None):
    letters = letters or Letters()
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


def address_of(member) -> str:
    """The member gets an address, and confirms it."""
    EmailAddress.objects.create(user=member, email=ADDRESS, verified=True, primary=True)
    type(member).objects.filter(pk=member.pk).update(email=ADDRESS)
    return ADDRESS


def ask_for_a_new_password(platform, address: str) -> float:
    """Through the page, as a member does; the seconds it took."""
    with requests.Session() as browser:
        url = f"http://127.0.0.1:{platform.port}/accounts/password/reset/"
        browser.get(url, timeout=30)
        form = {"email": address, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        began = time.monotonic()
        answer = browser.post(url, form, headers={"Referer": url}, timeout=30, allow_redirects=False)
        assert answer.status_code == 302, answer.text[:500]
        return time.monotonic() - began


@pytest.mark.parametrize("fault", [down, mute])
@pytest.mark.fault("F29", "mail server down or mute", EXPECTED)
def test_a_mail_server_that_is_away_keeps_nothing_waiting(platform, world, load, figures, fault):
    port, address = free_port(), address_of(world.senders[0])
    platform.start("web", "worker-delivery", EMAIL_URL=f"smtp://127.0.0.1:{port}")
    with fault(port):
        assert ask_for_a_new_password(platform, address) < 3
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


@pytest.mark.fault("F29", "mail server that takes 3 s for each command", EXPECTED)
def test_a_slow_mail_server_keeps_nothing_waiting(platform, world, load, figures):
    port, slow = free_port(), Slow()
    address = address_of(world.senders[0])
    platform.start("web", "worker-delivery", EMAIL_URL=f"smtp://127.0.0.1:{port}")
    with mail_server(port, slow) as taken:
        assert ask_for_a_new_password(platform, address) < 3
        wait_for(lambda: slow.asked)
        load.send_all(world.pairs(40))
        figures.recover(time.monotonic())
        assert not taken  # the mail is still being handed over
        wait_for(lambda: not WaitingMail.objects.exists(), seconds=60)
    assert [letter.rcpt_tos for letter in taken] == [[ADDRESS]]
    assert figures.check(recovery=15, longest=3).delivered == 40

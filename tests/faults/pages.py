"""A member at a browser: signed in by a session, writing in the composer's own form, over real HTTP."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests
from django.conf import settings
from django.test import Client

from inmail.models import Inmail
from tests.faults.load import LETTER, TIMEOUT, Answer, Load


@dataclass
class Browser:
    """`open` gives the composer's form as its page holds it, `press` sends forms at once; the load remembers both."""

    load: Load
    member: object

    def __post_init__(self):
        django = Client()
        django.force_login(self.member, backend=settings.AUTHENTICATION_BACKENDS[0])
        self.cookies = {settings.SESSION_COOKIE_NAME: django.cookies[settings.SESSION_COOKIE_NAME].value}

    def url(self, recipient) -> str:
        host, port = self.load.address
        return f"http://{host}:{port}/members/{recipient.handle}/inmail/"

    def open(self, recipient) -> dict[str, str]:
        page = requests.get(self.url(recipient), cookies=self.cookies, timeout=TIMEOUT, allow_redirects=False)
        assert page.status_code == 200, (page.status_code, page.text[:500])
        self.cookies |= page.cookies.get_dict()
        return dict(re.findall(r'name="(csrfmiddlewaretoken|draft)" value="([^"]+)"', page.text)) | LETTER

    def save(self, recipient, form: dict[str, str]) -> None:
        """The draft is kept, as the button does it."""
        status = self.post(recipient, form | {"act": "save"})[1].status_code
        assert status == 302, status

    def press(self, recipient, *forms: dict[str, str]) -> list[Answer]:
        """Each form's answer: 201 with the InMail it led to, or what else the page said."""
        with ThreadPoolExecutor(len(forms)) as pool:
            return self.remember(recipient, *pool.map(lambda form: self.post(recipient, form), forms))

    def remember(self, recipient, *posted: tuple) -> list[Answer]:
        answers = [self._answer(recipient, *one) for one in posted]
        self.load.answers.extend(answers)
        return answers

    def post(self, recipient, form: dict[str, str]) -> tuple:
        """The bare request, for `remember`; it asks no database."""
        url, begun = self.url(recipient), time.monotonic()
        given = {"cookies": self.cookies, "headers": {"Referer": url}, "timeout": TIMEOUT}
        reply = requests.post(url, form, allow_redirects=False, **given)
        return form["draft"], reply, begun, time.monotonic() - begun

    def _answer(self, recipient, draft: str, reply, begun: float, seconds: float) -> Answer:
        led_to = reply.headers.get("Location", "")
        inmail = Inmail.objects.filter(thread=re.findall(r"\d+", led_to)[-1]).first() if led_to else None
        status, body = (201, {"id": inmail.pk}) if inmail else (reply.status_code, {"page": reply.text})
        headers, key = dict(reply.headers), f"page:{draft}"
        sender, reader = self.member.handle, recipient.handle
        return Answer(sender, reader, key, status, body, headers, "", seconds, begun)

"""One person at a browser: what they do on the pages, and every complaint that the browser makes meanwhile."""

import re

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, ConsoleMessage, Locator, Request, expect

from accounts import second_factor
from accounts.models import Member

PATIENCE = 20_000  # milliseconds, for a busy machine
EXPECTED = re.compile(
    r"Failed to load resource: the server responded with a status of (4\d\d|286)"
    r"|htmx:(afterRequest|sendAbort)"  # a search overtaken by the next letter typed
)
expect.set_options(timeout=PATIENCE)


class Visitor:
    """A browser of one's own: cookies, language, size; `complaints` stays empty on a page that is in order."""

    def __init__(self, browser: Browser, site: str, passwords: dict, *, language: str = "en", **options):
        self.site, self.language, self.passwords, self.complaints = site, language, passwords, []
        options.setdefault("viewport", {"width": 1280, "height": 900})
        options.setdefault("reduced_motion", "reduce")
        self.context = browser.new_context(base_url=site, locale="en-GB", **options)
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("request", self._asked)
        self.page = self.context.new_page()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not EXPECTED.match(message.text):
            self.complaints.append(f"{message.page and message.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.site + "/", "data:")):
            self.complaints.append(f"{request.url} is not of this site")

    def says(self, english: str) -> str:
        """The words of this person's language for `english`, as the pages have them."""
        with translation.override(self.language):
            return gettext(english)

    def open(self, path: str) -> None:
        self.page.goto(path)

    def sign_in(self, handle: str) -> None:
        """By the form, after having chosen the language at the foot of the page."""
        self.open("/accounts/login/")
        if self.language != "en":
            self.page.click(f"button[name=language][value={self.language}]")
            expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        self.page.fill("[name=login]", handle)
        self.page.fill("[name=password]", self.passwords[handle])
        self.page.click("main form button[type=submit]")
        if app := second_factor.app_of(Member.objects.get(handle=handle)):
            self.page.fill("[name=code]", second_factor.code(app))
            self.page.click("main form button[type=submit]")
        expect(self.page.locator("details.menu")).to_be_visible()

    def compose(self, handle: str, *, category: str, subject: str, body: str) -> None:
        """Fill in the composer for a member, and do not send."""
        self.open(f"/members/{handle}/inmail/")
        self.page.select_option("[name=category]", category)
        self.page.fill("[name=subject]", subject)
        self.page.fill("[name=body]", body)

    def send(self) -> int:
        """Press the blue button; the number of the thread it leads to."""
        self.page.click(".compose-send .button-primary")
        self.page.wait_for_url(re.compile(r"/threads/\d+/"))
        return int(re.search(r"/threads/(\d+)/", self.page.url)[1])

    def row(self, handle: str) -> Locator:
        """The line of a member in the results of a search."""
        return self.page.locator("#results li").filter(has=self.page.locator(f'a[href="/members/{handle}/"]'))

    def sees(self, place: str, english: str) -> None:
        """Waits until the words stand in that place of the page."""
        expect(self.page.locator(place).first).to_contain_text(self.says(english))

    def leave(self) -> None:
        self.context.close()

"""Whatever is asked or typed, every page keeps the elements and attributes that it has with harmless words."""

import csv
import io
from html.parser import HTMLParser
from itertools import cycle
from urllib.parse import quote

import pytest
from django.core import mail

from accounts.models import Member, SentMail
from clock import timeline as clock
from inmail import drafts, ledger
from privacy.models import Reception
from tests.access.world import World
from tests.conftest import NOON
from tests.xss.corpus import ATTACKS, LONG, harmless

pytestmark = pytest.mark.django_db
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class Shape(HTMLParser):
    """The elements of a page with the names of their attributes, and where its links and forms lead."""

    def __init__(self, page: str):
        super().__init__()
        self.elements, self.targets, self.comments = [], [], 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, *sorted(name for name, _value in attributes)))
        self.targets += [value or "" for name, value in attributes if name in ("href", "src", "action", "formaction")]

    def handle_comment(self, data):
        self.comments += 1


@pytest.fixture
def world(db):
    """The world of the access matrix, with a text in every table that has room for one."""
    world, live = World(NOON), clock.live()
    alice, dave = (Member.objects.get(handle=handle) for handle in ("alice", "dave"))
    letter = {"category": "business_deal", "subject": "x", "body": "x"}
    drafts.keep(live, alice, dave, key="5a3bdc06-0000-4000-8000-000000000001", at=NOON, **letter)
    Reception.objects.get_or_create(member=alice)
    SentMail.objects.create(to="x@example.org", subject="x", body="x")
    return world


def compare(page, plain, place):
    shape, wanted = Shape(page), Shape(plain)
    assert shape.elements == wanted.elements, place
    assert shape.comments == wanted.comments, place
    assert not [to for to in shape.targets if to.strip().lower().startswith(("javascript:", "data:text", "//"))], place


ASKED = [
    "/search/?q=%s",
    "/search/?country=%s&industry=%s&degree=%s&open_to=%s",
    "/search/?q=a&cursor=%s",
    "/inbox/?box=%s",
    "/inbox/?cursor=%s",
    "/credits/?cursor=%s",
    "/members/%s/",
    "/groups/%s/",
    "/nothing/%s/",
    "/accounts/login/?next=%s",
    "/accounts/confirm-email/%s/",
    "/staff/audit/?statement=%s",
    "/staff/audit/%s/",
    "/staff/log/?kind=%s&member=%s",
    "/admin/accounts/member/?q=%s",
    "/admin/accounts/member/?o=%s&e=%s",
    "/admin/%s/",
    "/api/docs/?x=%s",
]


@pytest.mark.parametrize("path", ASKED)
def test_what_is_asked_adds_nothing_to_the_answer(world, path):
    """All attacks in one text for each viewer, and five alone: each meets many pages and every viewer."""
    viewers, first = ("alice", "admin", None), 5 * ASKED.index(path)
    alone = zip(cycle(viewers), [(ATTACKS * 9)[first + turn] for turn in range(5)])
    for handle, attack in [*alone, *((handle, LONG) for handle in viewers)]:
        answer, plain = (
            world.browser(handle).get(path.replace("%s", quote(text, safe=""))) for text in (attack, harmless(attack))
        )
        if plain.status_code != answer.status_code:  # an x may lead further than an attack does
            plain = world.browser(handle).get("/nothing/x/")
        if answer["Content-Type"].startswith("text/html"):
            shape, wanted = Shape(answer.content.decode()), Shape(plain.content.decode())
            assert set(shape.elements) <= set(wanted.elements) | KNOWN, (handle, attack)
            assert not [to for to in shape.targets if to.lower().startswith(("javascript:", "data:text"))], attack
        else:
            assert answer["Content-Type"].startswith(("application/json", "text/plain"))
            assert answer["X-Content-Type-Options"] == "nosniff"


# What a page has where nothing was found, or where the words hold together otherwise than a run of x does.
KNOWN = {("p",), ("a", "href"), ("div", "class"), ("p", "class"), ("ul", "class"), ("li",)}


def test_what_is_typed_into_a_form_comes_back_as_text(world):
    places = {
        "/members/dave/inmail/": ("alice", {"subject": LONG, "body": LONG, "category": LONG, "draft": LONG}),
        "/settings/profile/": ("alice", dict.fromkeys(("first_name", "headline", "about", "place", "country"), LONG)),
        "/settings/communications/": ("alice", dict.fromkeys(("advice", "messages", "lowest_score"), LONG)),
        "/members/sam/connect/": ("alice", {"note": LONG * 9}),
        "/threads/{thread}/": ("alice", {"body": LONG * 9, "token": LONG}),
        "/staff/audit/": ("admin", {"member": LONG, "amount": LONG, "reason": LONG * 9}),
        "/accounts/login/": (None, {"login": LONG, "password": LONG}),
        "/accounts/signup/": (None, dict.fromkeys(("username", "email", "first_name", "headline", "country"), LONG)),
        "/accounts/password/reset/": (None, {"email": LONG}),
    }
    for path, (handle, typed) in places.items():
        texts = (typed, {name: harmless(text) for name, text in typed.items()})
        answers = [world.browser(handle).post(path.format(**world.ids), text) for text in texts]
        assert answers[0].status_code in (200, 400, 422), path
        compare(*(answer.content.decode() for answer in answers), path)


def test_mails_are_plain_text_and_nobody_writes_their_headers(world):
    names = {"first_name": "Eve\r\nBcc: x@evil.example", "last_name": "<script>owned()</script>"}
    Member.objects.filter(handle="carol").update(**names)
    world.browser(None).post("/accounts/password/reset/", {"email": "carol@example.org"})
    (sent,) = mail.outbox
    assert sent.content_subtype == "plain" and not sent.alternatives
    assert sent.recipients() == ["carol@example.org"] and "evil" not in str(sent.message()["Subject"])
    assert sent.message().get("Bcc") is None


def test_a_statement_keeps_its_columns_and_starts_no_formula(world):
    staff, alice = (Member.objects.get(handle=handle) for handle in ("admin", "alice"))
    for attack in [*ATTACKS, "=1+1", "+1", "-1+1", "@SUM(A1)", '=HYPERLINK("//evil.example")', "\t=1"]:
        ledger.adjust(clock.live(), alice, amount=1, reason=attack, author=staff, at=NOON)
    answer = world.browser("admin").get("/staff/audit/alice.csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [cell for row in rows for cell in row if cell.startswith(FORMULAS) and not cell.lstrip("+-").isdigit()]

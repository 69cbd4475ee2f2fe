"""Whatever is stored in any text, every page keeps the elements and attributes that it has with harmless words."""

from urllib.parse import quote

import pytest
from django.db import transaction

from accounts.models import Member
from clock import timeline as clock
from inmail import ledger
from tests.access.rows import PAGES, SIGNING_IN
from tests.access.test_admin import LISTS
from tests.conftest import NOON
from tests.xss.corpus import ATTACKS, fill, harmless
from tests.xss.test_pages import compare, world  # noqa: F401

pytestmark = pytest.mark.django_db
TURNS = 2
VIEWERS = ("alice", "carol", "admin")


def addresses(world):  # noqa: F811
    rows = {row.path for row in PAGES + SIGNING_IN if row.method == "GET" and "logout" not in row.path}
    boxes = {f"/inbox/?box={box}" for box in ("other", "awaiting", "sent", "drafts")} | {
        "/members/alice/",
        "/search/?q=",
    }
    forms = {"/members/dave/inmail/", "/members/carol/message/", "/members/sam/connect/"}
    changes = {f"{path}{pk}/change/" for model, path in LISTS.items() if (pk := _first(model))}
    return sorted({path.format(**world.ids) for path in rows | boxes | forms} | set(LISTS.values()) | changes)


def _first(model):
    row = model._default_manager.first()
    return row and quote(str(row.pk), safe="")


def pages(world, turn, as_text):  # noqa: F811
    """Each page as each viewer has it, when every field says `as_text` of an attack; then all is as before."""
    with transaction.atomic():
        assert fill(turn, as_text) > 20
        attack, staff = as_text(ATTACKS[turn]), Member.objects.get(handle="admin")
        for member in Member.objects.filter(handle__in=("alice", "carol")):
            ledger.adjust(clock.live(), member, amount=1, reason=attack, author=staff, at=NOON)
        found = {(handle, path): world.browser(handle).get(path) for handle in VIEWERS for path in addresses(world)}
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("turn", range(TURNS))
def test_what_is_stored_adds_nothing_to_any_page(world, turn):  # noqa: F811
    attacked, plain, shown = pages(world, turn, str), pages(world, turn, harmless), set()
    for place, answer in attacked.items():
        if answer["Content-Type"].startswith("text/html"):
            compare(answer.content.decode(), plain[place].content.decode(), place)
            shown |= {attack for attack in ATTACKS if "owned()" in answer.content.decode()}
        assert answer.status_code == plain[place].status_code, place
    assert shown  # the texts do stand on the pages

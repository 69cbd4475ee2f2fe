"""Whatever is stored in any text, every page keeps the elements and attributes that it has with harmless words."""

from html import escape
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.urls import reverse

from accounts import journal
from accounts.models import Member
from clock import timeline as clock
from inmail import ledger
from tests.access.rows import PAGES, SIGNING_IN
from tests.access.test_admin import LISTS
from tests.access.test_passkeys import PAGES as PASSKEY_PAGES
from tests.access.test_passkeys import just_signed_in
from tests.conftest import NOON
from tests.xss.corpus import ATTACKS, fill, filled, harmless
from tests.xss.test_pages import compare, world  # noqa: F401

pytestmark = pytest.mark.django_db
STAFF = ("admin",)
VIEWERS = ("alice", "carol", *STAFF)
ADDED = [("admin", "/staff/log/"), ("alice", "/accounts/sessions/")]
REACHED = {
    "member.first_name", "member.headline", "member.about", "member.place", "group.name", "group.about",
    "invitation.note", "reception.advice", "thread.subject", "inmail.subject", "inmail.body", "message.body",
    "draft.subject", "draft.body", "advance.error", "job.error", "sentmail.subject", "sentmail.body",
    "ledgerentry.note", "journalentry.what", "journalentry.reason",
}  # fmt: skip


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


def add(world, text):  # noqa: F811
    """What no update reaches: entries of the ledger and of the log, a session's browser."""
    staff = Member.objects.get(handle="admin")
    for member in Member.objects.filter(handle__in=("alice", "carol")):
        ledger.adjust(clock.live(), member, amount=1, reason=text, author=staff, at=NOON)
        journal.record(None, journal.Act.CREDITS_ADJUSTED, on=member, what=text, reason=text, why=text)
        key = world.browser(member.handle).cookies["sessionid"].value
        UserSession.objects.create(user=member, session_key=key, ip="192.0.2.7", user_agent=text)


def pages(world, as_text):  # noqa: F811
    """Each page as each viewer has it, when every field says `as_text` of an attack; then all is as before."""
    with transaction.atomic():
        assert fill(0, as_text) > 20
        add(world, as_text(ATTACKS[0]))
        assert as_text is not str or filled() >= REACHED
        found = {
            (handle, path): world.browser(handle).get(path)
            for path in addresses(world)
            for handle in (STAFF if path.startswith(("/admin/", "/staff/")) else VIEWERS)
        }
        transaction.set_rollback(True)
    return found


def test_what_is_stored_adds_nothing_to_any_page(world):  # noqa: F811
    attacked, plain, shown = pages(world, str), pages(world, harmless), set()
    for (place, answer), harmless_one in zip(attacked.items(), plain.values(), strict=True):  # rows' ids may differ
        if answer["Content-Type"].startswith("text/html"):
            compare(answer.content.decode(), harmless_one.content.decode(), place)
            shown |= {attack for attack in ATTACKS if "owned()" in answer.content.decode()}
        assert answer.status_code == harmless_one.status_code, place
    assert shown  # the texts do stand on the pages
    assert [place for place in ADDED if escape(ATTACKS[0]) not in said(attacked[place])] == []


def said(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_passkeys_name_is_text_wherever_it_stands(alice, attack):
    client, shown = just_signed_in(alice), []
    for text in (attack, harmless(attack)):
        Authenticator.objects.update_or_create(
            user=alice, type=Authenticator.Type.WEBAUTHN, defaults={"data": {"name": text}}
        )
        key = Authenticator.objects.get(user=alice)
        doors = [reverse("mfa_list_webauthn"), *(reverse(page, args=[key.pk]) for page in PASSKEY_PAGES)]
        answers = [client.get(door) for door in doors]
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        shown.append([said(answer) for answer in answers])
    for page, plain in zip(*shown, strict=True):
        compare(page, plain, attack)
    assert escape(attack) in shown[0][0]

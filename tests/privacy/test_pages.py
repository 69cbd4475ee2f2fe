"""Privacy & Settings: Communications."""

import pytest

from inmail import subscriptions
from privacy import reception
from privacy.models import Block

pytestmark = pytest.mark.django_db
PAGE = "/settings/communications/"
FORM = {"messages": "introductions_inmail", "interests": ["new_venture"], "advice": "Be\r\nbrief", "lowest_score": "4"}


@pytest.fixture
def by_carol(client, carol, live):
    client.force_login(carol)
    return client


def test_the_settings_are_for_members(client, cast, live):
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, FORM).status_code == 302
    assert client.post("/settings/blocks/add/", {"member": "bob"}).status_code == 302


def test_the_settings_are_saved_and_shown(by_carol, carol):
    assert by_carol.post(PAGE, {**FORM, "undo_seconds": "5"}).status_code == 302
    row = reception.of(carol)
    assert (row.messages, row.interests, row.advice) == ("introductions_inmail", ["new_venture"], "Be\nbrief")
    carol.refresh_from_db()
    assert carol.undo_seconds == 5 and "Be\nbrief" in by_carol.get(PAGE).text


@pytest.mark.parametrize(
    "wrong",
    [{"messages": "x"}, {"interests": ["x"]}, {"advice": "x" * 2001}, {"advice": "\0"}, {"lowest_score": "NaN"},
     {"lowest_score": "6"}, {"undo_seconds": "31"}, {"undo_seconds": "1.5"}, {"messages": ""}],
)  # fmt: skip
def test_what_does_not_fit_is_shown_again(wrong, by_carol, carol):
    response = by_carol.post(PAGE, {**FORM, **wrong})
    assert response.status_code == 422
    assert reception.of(carol).messages == "introductions_inmail_open"


def test_only_premium_members_open_their_profile(by_carol, carol, live, noon):
    by_carol.post(PAGE, {**FORM, "open_profile": "on"})
    assert not reception.of(carol).open_profile
    subscriptions.join(carol, plan="business", at=noon)
    by_carol.post(PAGE, {**FORM, "open_profile": "on"})
    assert reception.of(carol).open_profile


def test_blocking_and_unblocking_from_the_list(by_carol, carol, bob):
    by_carol.post("/settings/blocks/add/", {"member": "Bob"})
    assert Block.objects.filter(blocker=carol, blocked=bob).exists() and "Lindqvist" in by_carol.get(PAGE).text
    by_carol.post("/settings/blocks/remove/", {"member": "bob"})
    assert not Block.objects.exists()


@pytest.mark.parametrize("member", ["carol", "nobody", "", "\0", "x" * 99])
def test_blocking_nobody_says_so(member, by_carol):
    assert "no other member" in by_carol.post("/settings/blocks/add/", {"member": member}, follow=True).text
    assert not Block.objects.exists()


def test_going_back_stays_on_this_site(by_carol, bob):
    for wanted, went in (("/members/bob/", "/members/bob/"), ("https://example.org/", PAGE)):
        response = by_carol.post("/settings/blocks/add/", {"member": "bob", "next": wanted})
        assert response["Location"] == went


def test_the_admin_shows_and_changes_nothing(client, admin, carol, live):
    client.force_login(admin)
    for model in ("reception", "receptionchange", "block"):
        assert client.get(f"/admin/privacy/{model}/").status_code == 200
        assert client.get(f"/admin/privacy/{model}/add/").status_code == 403

"""The pages of network, groups, own profile, pictures and the outbox."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from accounts import invitations, network, outbox
from accounts.models import Connection, Group, Invitation, Member, SentMail
from privacy import blocks

pytestmark = pytest.mark.django_db
PAGES = ["/network/", "/groups/", "/groups/data-science-italia/", "/settings/profile/", "/members/bob/connect/"]


@pytest.fixture
def by_alice(client, alice, live):
    client.force_login(alice)
    return client


def crowd(count, at):
    return [Member.objects.create_user(f"m{n:03}", first_name=f"M{n:03}", joined_at=at) for n in range(count)]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_members(path, client, cast, live):
    assert client.get(path).status_code == 302
    client.force_login(cast["alice"])
    assert client.get(path).status_code == 200


def test_an_invitation_is_sent_with_a_note_and_accepted(by_alice, client, alice, dave):
    by_alice.post("/members/dave/connect/", {"note": "We met in Lagos."})
    invitation = Invitation.objects.get(sender=alice, recipient=dave)
    client.force_login(dave)
    assert "We met in Lagos." in client.get("/network/").text
    client.post(f"/network/invitations/{invitation.pk}/", {"act": "accept"})
    assert network.degree(alice, dave) == 1


@pytest.mark.parametrize(("handle", "said"), [("bob", "connected already"), ("alice", "yourself")])
def test_an_invitation_that_cannot_be_sent_says_why(handle, said, by_alice):
    response = by_alice.post(f"/members/{handle}/connect/", {"note": "kept"})
    assert response.status_code == 422 and said in response.text and "kept" in response.text


def test_a_note_counts_a_line_end_once(by_alice):
    assert by_alice.post("/members/dave/connect/", {"note": "x\r\n" * 150}).status_code == 302
    assert by_alice.post("/members/erin/connect/", {"note": "x" * 301}).status_code == 422


def test_nobody_answers_for_somebody_else(by_alice, bob, dave, noon):
    invitation = invitations.invite(bob, dave, at=noon)
    for act in ("accept", "ignore", "withdraw", "nonsense"):
        assert by_alice.post(f"/network/invitations/{invitation.pk}/", {"act": act}).status_code == 404
    assert Invitation.objects.get().status == "pending"


def test_disconnecting_from_the_page(by_alice, alice, bob):
    by_alice.post("/members/bob/disconnect/")
    assert not Connection.objects.filter(member=bob, other=alice).exists()


def test_who_blocked_cannot_be_invited_nor_seen_in_the_group(by_alice, alice, erin, noon):
    blocks.block(erin, alice, at=noon)
    assert by_alice.get("/members/erin/connect/").status_code == 404
    assert "Ní Bhriain" not in by_alice.get("/groups/data-science-italia/").text


def test_joining_and_leaving_a_group(client, live, dave, cast):
    client.force_login(dave)
    client.post("/groups/data-science-italia/join/")
    client.post("/groups/data-science-italia/join/")
    assert dave.memberships.count() == 1
    client.post("/groups/data-science-italia/leave/")
    assert dave.memberships.count() == 0
    assert client.get("/groups/none/").status_code == 404


@pytest.mark.parametrize("path", ["/network/", "/groups/data-science-italia/", "/groups/"])
def test_list_pages_ask_the_same_number_of_questions_for_few_and_many(
    path, by_alice, alice, noon, django_assert_max_num_queries
):
    group = Group.objects.get()
    for member in crowd(30, noon):
        network.connect(alice, member, at=noon)
        group.memberships.create(member=member, since=noon)
        Group.objects.create(name=member.first_name, slug=member.handle)
    with django_assert_max_num_queries(12):
        response = by_alice.get(path)
    assert 'rel="next"' in response.text


def test_a_tampered_cursor_gets_the_first_page_and_a_sentence(by_alice):
    for path in ("/network/", "/groups/", "/groups/data-science-italia/"):
        response = by_alice.get(path, {"cursor": "x\0:1"})
        assert response.status_code == 200 and "not valid any more" in response.text


def test_the_picture_is_drawn_from_the_handle_and_escaped(client, noon):
    Member.objects.create_user("x", first_name="<b>", last_name="&", joined_at=noon)
    first = client.get("/members/x/picture.svg")
    assert first["Content-Type"] == "image/svg+xml" and "&lt;&amp;" in first.text
    assert client.get("/members/x/picture.svg", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert "?" in client.get("/members/nobody/picture.svg").text


def test_one_edits_ones_own_profile(by_alice, alice):
    form = {"first_name": "Àlice", "last_name": "<script>", "country": "IT", "language": "it", "industry": "Energy"}
    response = by_alice.post("/settings/profile/", form)
    alice.refresh_from_db()
    assert alice.first_name == "Àlice" and response.cookies["django_language"].value == "it"
    assert "<script>" not in by_alice.get("/network/").text.replace("<script src", "")


@pytest.mark.parametrize(
    "wrong", [{"first_name": ""}, {"country": "XX"}, {"first_name": "a\0b"}, {"about": "x" * 2601}]
)
def test_a_profile_that_does_not_fit_is_not_saved(wrong, by_alice, alice):
    form = {"first_name": "New", "language": "en", **wrong}
    assert by_alice.post("/settings/profile/", form).status_code == 422
    alice.refresh_from_db()
    assert alice.first_name == "Alice"


def sign_up(client, **more):
    form = {"username": "Zoe.1", "email": "zoe@example.org", "password1": "a long enough one", "first_name": "Zoë",
            "password2": "a long enough one", "language": "en", "country": "IT", "plan": "business"}  # fmt: skip
    return client.post(reverse("account_signup"), {**form, **more})


def test_signing_up_makes_a_member_at_the_clocks_instant(client, live, noon):
    assert sign_up(client).status_code == 302
    zoe = Member.objects.get(handle="zoe.1")
    assert (zoe.joined_at, zoe.country, zoe.simulated) == (noon, "IT", False)
    assert zoe.subscriptions.get().plan == "business" and zoe.check_password("a long enough one")
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"username": "alice"}, {"username": "a b"}, {"username": "é"}, {"plan": "gold"}, {"password2": "x"},
     {"first_name": ""}, {"username": "a\0"}, {"email": "no"}, {"country": "XX"}],
)  # fmt: skip
def test_signing_up_with_something_wrong_makes_nobody(wrong, client, alice, live):
    assert sign_up(client, **wrong).status_code == 200
    assert not Member.objects.filter(email="zoe@example.org").exists()


def test_a_password_is_reset_by_the_mail(client, alice, live):
    client.post(reverse("account_reset_password"), {"email": "alice@example.org"})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/" in word)
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "another long one", "password2": "another long one"})
    alice.refresh_from_db()
    assert alice.check_password("another long one")


def test_a_deactivated_member_cannot_sign_in(client, alice, live, noon):
    alice.set_password("right enough 1")
    alice.deactivated_at = noon
    alice.save()
    assert not client.login(username="alice", password="right enough 1")


def test_the_outbox_shows_mails_but_none_to_staff(client, settings, admin, live):
    settings.EMBEDDED = True
    mail.get_connection("accounts.outbox.EmailBackend").send_messages(
        [mail.EmailMessage(f"<b>{to}</b>", "Go http://localhost/x", to=[to]) for to in ("a@b.org", admin.email)]
    )
    page = client.get("/outbox/").text
    assert "&lt;b&gt;a@b.org" in page and admin.email not in page and 'href="http://localhost/x"' in page
    assert SentMail.objects.count() == 2 and outbox.shown().count() == 1
    settings.EMBEDDED = False
    assert client.get("/outbox/").status_code == 404


def test_a_mail_to_any_address_of_staff_is_not_shown(admin, live):
    EmailAddress.objects.create(user=admin, email="ada.second@example.org")
    for to in ("Ada.Second@example.org", "a@b.org, ada.second@example.org", "a@b.org"):
        SentMail.objects.create(to=to, subject="Reset", body="http://localhost/key")
    assert [mail.to for mail in outbox.shown()] == ["a@b.org"]


def test_every_admin_list_opens(client, admin, live):
    client.force_login(admin)
    for model in ("member", "connection", "invitation", "group", "membership", "sentmail"):
        assert client.get(f"/admin/accounts/{model}/").status_code == 200
    assert client.get(f"/admin/accounts/member/{admin.pk}/change/").status_code == 200


def test_staff_deactivate_members_in_the_admin(client, admin, alice, live, noon):
    client.force_login(admin)
    client.post("/admin/accounts/member/", {"action": "deactivate", "_selected_action": [alice.pk, admin.pk]})
    alice.refresh_from_db(), admin.refresh_from_db()
    assert alice.deactivated_at == noon and admin.is_active

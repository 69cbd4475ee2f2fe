"""What two members write to each other is theirs: staff see a text by permission, for a reason, on record."""

import pytest
from django.apps import apps
from django.contrib import admin as site
from django.contrib.auth.models import Permission
from django.db import DatabaseError
from django.urls import reverse
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from accounts import invitations, journal, second_factor
from accounts.models import JournalEntry
from inmail import conversation, delivery, drafts
from inmail.models import Inmail, Message, Thread

pytestmark = pytest.mark.django_db
WHY = "Complaint 4711 of the recipient"
SUBJECT, BODY = "A question on your work", "We need a week of your advice on churn."


@pytest.fixture
def inmail(live, send, alice, carol):
    sent = send(alice, carol)
    assert delivery.deliver_one(sent.inmail_id)
    return Inmail.objects.get(pk=sent.inmail_id)


@pytest.fixture
def message(live, alice, bob, noon):
    return conversation.direct(live, alice, bob, body="Lunch at the harbour?", at=noon)


@pytest.fixture
def staff(client, cast, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def clerk(erin):
    """Of the staff, without any permission."""
    erin.is_staff = True
    erin.save()
    second_factor.enrol([erin])
    return erin


def call(member, path):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=member)[0].key}")
    return client.get(f"/api/v1/{path}")


def test_the_page_shows_nothing_before_a_reason_is_given(staff, inmail):
    page = staff.get(reverse("inmail:read_inmail", args=[inmail.pk])).content.decode()
    assert "Carol Conti" in page and SUBJECT not in page and BODY not in page
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize("reason", ["", "curious", "   short   ", "x" * 301])
def test_a_reason_that_says_nothing_shows_nothing(staff, inmail, reason):
    answer = staff.post(reverse("inmail:read_inmail", args=[inmail.pk]), {"reason": reason})
    assert answer.status_code == 400 and BODY not in answer.content.decode()
    assert not JournalEntry.objects.exists()


def test_a_reason_is_written_down_and_the_one_text_shown(staff, admin, alice, carol, inmail):
    answer = staff.post(reverse("inmail:read_inmail", args=[inmail.pk]), {"reason": WHY})
    assert SUBJECT in answer.content.decode() and BODY in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    entry = JournalEntry.objects.get()
    assert (entry.act, entry.actor_handle, entry.reason) == (journal.Act.TEXTS_READ, "admin", WHY)
    assert (entry.what, entry.member_number) == (f"InMail {inmail.pk}", alice.number)
    assert entry.details == {"number_of_recipient": carol.number}


def test_a_message_is_read_in_the_same_way(staff, message, bob):
    url = reverse("inmail:read_message", args=[message.pk])
    assert message.body not in staff.get(url).content.decode()
    assert message.body in staff.post(url, {"reason": WHY}).content.decode()
    assert JournalEntry.objects.get().details == {"number_of_recipient": bob.number}


def test_reading_neither_opens_the_inmail_nor_tells_its_sender(staff, inmail):
    staff.post(reverse("inmail:read_inmail", args=[inmail.pk]), {"reason": WHY})
    inmail.refresh_from_db()
    assert inmail.opened_at is None and inmail.status == "delivered"


def test_nothing_is_shown_that_could_not_be_written_down(staff, inmail, monkeypatch):
    def full(*args, **kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(JournalEntry, "save", full)
    staff.raise_request_exception = False
    answer = staff.post(reverse("inmail:read_inmail", args=[inmail.pk]), {"reason": WHY})
    assert answer.status_code >= 500 and BODY not in answer.content.decode()


def test_staff_without_the_permission_read_nothing(client, clerk, inmail):
    client.force_login(clerk)
    url = reverse("inmail:read_inmail", args=[inmail.pk])
    assert (client.get(url).status_code, client.post(url, {"reason": WHY}).status_code) == (403, 403)
    assert call(clerk, f"inmails/{inmail.pk}/?reason={WHY}").status_code == 403
    assert not JournalEntry.objects.exists()


def test_the_permission_is_enough(clerk, inmail):
    clerk.user_permissions.add(Permission.objects.get(codename="read_texts"))
    assert call(clerk, f"inmails/{inmail.pk}/?reason={WHY}").json()["body"] == BODY


def test_the_api_withholds_the_text_from_staff(admin, inmail):
    answer = call(admin, f"inmails/{inmail.pk}/").json()
    assert (answer["subject"], answer["body"], answer["text_withheld"]) == ("", "", True)
    assert answer["sender"] == "alice" and answer["match"] == "mismatch"
    assert not JournalEntry.objects.exists()


def test_the_api_gives_staff_the_text_for_a_reason_on_record(admin, inmail):
    answer = call(admin, f"inmails/{inmail.pk}/?reason={WHY}").json()
    assert (answer["subject"], answer["body"], answer["text_withheld"]) == (SUBJECT, BODY, False)
    assert (JournalEntry.objects.get().reason, JournalEntry.objects.get().actor_handle) == (WHY, "admin")
    assert call(admin, f"inmails/{inmail.pk}/?reason=curious").status_code == 400


def test_the_two_sides_read_their_own_without_reason_or_record(alice, carol, inmail):
    for member in (alice, carol):
        answer = call(member, f"inmails/{inmail.pk}/?reason={WHY}").json()
        assert (answer["body"], answer["text_withheld"]) == (BODY, False)
    assert not JournalEntry.objects.exists()


def test_no_page_of_the_admin_shows_what_members_write(staff, live, inmail, message, alice, carol, dave, noon):
    drafts.keep(live, alice, dave, key="5a3bdc06-0000-4000-8000-000000000001", category="", subject="Half",
                body="Half a thought", at=noon)  # fmt: skip
    invitations.invite(dave, carol, at=noon, note="We met in Lagos")
    words = (SUBJECT, BODY, message.body, "Half a thought", "We met in Lagos")
    assert Thread.objects.exists() and Message.objects.exists()
    for model in site.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [reverse(f"{name}_changelist")]
        pages += [reverse(f"{name}_change", args=[row.pk]) for row in model._default_manager.all()[:20]]
        for page in pages:
            shown = staff.get(page).content.decode()
            assert [text for text in words if text in shown] == [], page
    assert apps.get_model("inmail", "inmail") in site.site._registry


def test_the_admin_leads_to_the_page_that_asks_for_a_reason(staff, inmail, message):
    for name, row in (("inmail", inmail), ("message", message)):
        page = staff.get(reverse(f"admin:inmail_{name}_change", args=[row.pk])).content.decode()
        assert reverse(f"inmail:read_{name}", args=[row.pk]) in page

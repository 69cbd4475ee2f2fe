from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from accounts.models import SentMail
from inmail.models import Inmail, LedgerEntry, Policy, PolicyTerm

pytestmark = pytest.mark.django_db
FLOORS = ("clock", "accounts", "privacy", "inmail", "simulation", "lab")
OURS = [model for model in apps.get_models() if model._meta.app_label in FLOORS]
READ_ONLY = ["ledgerentry", "wallet", "inmail", "outcome", "message", "thread", "subscription", "senderscore"]


@pytest.fixture
def staff(client, cast, admin):
    client.force_login(admin)
    return client


def term_form(live, from_at):
    return {
        "timeline": live.pk,
        "policy": "2015",
        "from_at_0": f"{from_at:%Y-%m-%d}",
        "from_at_1": f"{from_at:%H:%M:%S}",
    }


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_has_its_list(staff, live, send, alice, carol, model):
    send(alice, carol)
    assert admin.site.is_registered(model)
    assert staff.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")).status_code == 200


@pytest.mark.parametrize("name", READ_ONLY)
def test_money_and_past_are_looked_at_only(staff, live, send, alice, carol, name):
    send(alice, carol)
    assert staff.get(reverse(f"admin:inmail_{name}_add")).status_code == 403
    row = apps.get_model("inmail", name).objects.first()
    if row:
        assert staff.post(reverse(f"admin:inmail_{name}_change", args=[row.pk]), {"balance": 99}).status_code == 403
        assert staff.post(reverse(f"admin:inmail_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert LedgerEntry.objects.filter(member=alice).count() == 2


def test_what_members_write_is_not_shown(staff, live, send, alice, carol):
    sent = send(alice, carol)
    for name, pk in (("inmail", sent.inmail_id), ("thread", sent.thread_id)):
        page = staff.get(reverse(f"admin:inmail_{name}_change", args=[pk]))
        assert page.status_code == 200
        assert Inmail.objects.get().subject not in page.content.decode()
        assert Inmail.objects.get().body not in page.content.decode()


def test_a_link_in_a_mail_is_not_shown(staff, live):
    mail = SentMail.objects.create(to="alice@example.org", subject="Password", body="https://here.example/reset/key")
    page = staff.get(reverse("admin:accounts_sentmail_change", args=[mail.pk]))
    assert page.status_code == 200 and "reset/key" not in page.content.decode()


def test_a_policy_is_put_in_force_from_now_on_by_its_author(staff, live, admin, noon):
    staff.post(reverse("admin:inmail_policyterm_add"), term_form(live, noon))
    term = PolicyTerm.objects.get()
    assert (term.policy_id, term.from_at, term.author) == ("2015", noon, admin)


def test_a_policy_is_never_put_in_force_in_the_past(staff, live, noon):
    page = staff.post(reverse("admin:inmail_policyterm_add"), term_form(live, noon - timedelta(seconds=1)))
    assert "never in the past" in page.content.decode()
    assert not PolicyTerm.objects.exists()


def test_a_policy_in_force_stays_on_record(staff, live, noon):
    begun = PolicyTerm.objects.create(timeline=live, policy_id="2015", from_at=noon)
    to_come = PolicyTerm.objects.create(timeline=live, policy_id="2024", from_at=noon + timedelta(days=1))
    for term, expected in ((begun, 403), (to_come, 302)):
        answer = staff.post(reverse("admin:inmail_policyterm_delete", args=[term.pk]), {"post": "yes"})
        assert answer.status_code == expected
    assert PolicyTerm.objects.get() == begun


def test_what_was_promised_when_sending_is_not_changed_afterwards(staff, live, send, alice, carol):
    fields = lambda: staff.get(reverse("admin:inmail_policy_change", args=["2014"])).context["adminform"]  # noqa: E731
    assert "on_silence" in fields().form.fields
    send(alice, carol)
    assert "on_silence" not in fields().form.fields
    assert "purchase_limit" in fields().form.fields


def test_the_presets_cannot_be_deleted(staff, live):
    assert staff.post(reverse("admin:inmail_policy_delete", args=["2015"]), {"post": "yes"}).status_code == 403
    assert Policy.objects.filter(name="2015").exists()


def test_members_are_sent_away(client, cast, alice):
    client.force_login(alice)
    assert client.get(reverse("admin:index")).status_code == 302

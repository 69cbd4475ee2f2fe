"""The log of what staff do: everything that matters is in it, with its author, and nothing takes it out again."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin as admin_site
from django.contrib.auth.models import Group as Role
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts import journal
from accounts.models import JournalEntry, Member
from inmail import ledger
from inmail.models import Policy, PolicyTerm

pytestmark = pytest.mark.django_db
FIX = {"member": "bob", "amount": 3, "reason": "A lost credit."}
PROFILE = ["first_name", "last_name", "headline", "industry", "country", "place", "about", "language"]


@pytest.fixture
def cast(cast_with_plans):
    return cast_with_plans


@pytest.fixture
def staff(client, cast, admin):
    client.force_login(admin)
    return client


def the_entry() -> JournalEntry:
    return JournalEntry.objects.get()


def form_of(member, **changed):
    """The admin's form of a member as it stands, with what is changed."""
    given = {name: getattr(member, name) for name in PROFILE}
    return {name: value for name, value in (given | changed).items() if value not in (None, False)}


@pytest.mark.parametrize(
    "sql", ["UPDATE {t} SET reason = 'other'", "DELETE FROM {t}", "TRUNCATE {t}"], ids=lambda sql: sql.split()[0]
)
def test_the_database_refuses_to_change_delete_or_empty_the_log(cast, alice, sql):
    journal.record(None, journal.Act.TOKENS_ISSUED, on=alice)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(t="accounts_journalentry"))
    assert the_entry().reason == ""


def test_an_entry_says_who_whence_what_on_whom_and_why(staff, admin, bob):
    staff.post(reverse("inmail:audit"), FIX, REMOTE_ADDR="192.0.2.7")
    entry = the_entry()
    assert (entry.actor_handle, entry.actor_number, entry.address) == ("admin", admin.number, "192.0.2.7")
    assert (entry.act, entry.member_number) == (journal.Act.CREDITS_ADJUSTED, bob.number)
    assert (entry.reason, entry.details, entry.at is not None) == ("A lost credit.", {"amount": 3}, True)


def test_an_address_that_is_made_up_is_not_written_down(staff, settings):
    staff.post(reverse("clock:speed"), {"speed": 60}, REMOTE_ADDR="'; DROP TABLE")
    assert the_entry().address is None


def test_a_balance_adjusted_by_the_api_is_on_record(staff, bob):
    staff.post("/api/v1/audit/adjustments/", json.dumps(FIX), content_type="application/json")
    assert (the_entry().act, the_entry().member_number) == ("credits.adjusted", bob.number)


def test_an_act_that_fails_leaves_no_entry(staff, live, bob):
    answer = staff.post(reverse("inmail:audit"), FIX | {"amount": -9_000})
    assert answer.status_code == 422 and ledger.balance(live, bob) == 0
    assert not JournalEntry.objects.exists()


def test_the_clock_is_set_and_moved_on_record(staff, settings):
    settings.ADVANCE_WAIT = 0
    staff.post(reverse("clock:speed"), {"speed": 60})
    staff.post(reverse("clock:advance"), {"hours": 1})
    staff.post("/api/v1/clock/", json.dumps({"speed": 0}), content_type="application/json")
    staff.post("/api/v1/clock/advance/", json.dumps({"days": 1}), content_type="application/json")
    acts = JournalEntry.objects.order_by("pk").values_list("act", "actor_handle", "details")
    assert [(act, who) for act, who, _ in acts] == [
        ("clock.speed", "admin"), ("clock.advanced", "admin"), ("clock.speed", "admin"), ("clock.advanced", "admin")
    ]  # fmt: skip
    assert acts[0][2] == {"speed": [0, 60]} and acts[1][2]["until"].startswith("2014-06-03T13")


def test_an_operator_at_the_command_line_is_on_record_without_a_name(cast, alice, capsys):
    call_command("token", "alice")
    call_command("advance", "--hours", "1")
    entries = JournalEntry.objects.order_by("pk")
    assert [(e.act, e.actor_handle, e.actor_number) for e in entries] == [
        ("tokens.issued", "", None),
        ("clock.advanced", "", None),
    ]


def test_rights_given_to_a_member_are_on_record_with_what_was(staff, alice):
    role = Role.objects.create(name="Readers")
    right = Permission.objects.get(codename="read_texts")
    given = form_of(alice, is_staff="on", groups=[role.pk], user_permissions=[right.pk])
    answer = staff.post(reverse("admin:accounts_member_change", args=[alice.pk]), given)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    entry = JournalEntry.objects.get(act=journal.Act.ROLES_CHANGED)
    assert entry.member_number == alice.number and entry.details["is_staff"] == [False, True]
    assert entry.details["groups"] == [[], ["Readers"]] and "private text" in entry.details["user_permissions"][1][0]


def test_of_a_profile_changed_by_staff_only_the_fields_are_on_record(staff, alice):
    staff.post(reverse("admin:accounts_member_change", args=[alice.pk]), form_of(alice, headline="Not her words"))
    assert (the_entry().act, the_entry().details) == ("members.changed", {"fields": "headline"})


def test_a_role_is_changed_and_deleted_on_record(staff):
    right = Permission.objects.get(codename="impersonate")
    staff.post(reverse("admin:auth_group_add"), {"name": "Lookers", "permissions": [right.pk]})
    role = Role.objects.get(name="Lookers")
    staff.post(reverse("admin:auth_group_delete", args=[role.pk]), {"post": "yes"})
    acts = [(e.act, e.what) for e in JournalEntry.objects.order_by("pk")]
    assert acts == [("roles.changed", "group Lookers"), ("roles.deleted", "group Lookers")]


def test_the_ways_into_an_account_are_not_the_admins_to_change(staff, alice):
    address = EmailAddress.objects.get(user=alice)
    change = reverse("admin:account_emailaddress_change", args=[address.pk])
    assert staff.get(change).status_code == 200
    assert staff.post(change, {"email": "mallory@example.org", "user": alice.pk}).status_code == 403
    assert staff.get(reverse("admin:account_emailaddress_add")).status_code == 403
    assert {"mfa", "usersessions", "authtoken"}.isdisjoint(model._meta.app_label for model in admin_site.site._registry)


def test_members_are_deactivated_and_let_in_again_on_record(staff, bob):
    for action in ("deactivate", "reactivate"):
        staff.post(reverse("admin:accounts_member_changelist"), {"action": action, "_selected_action": [bob.pk]})
    acts = [(e.act, e.member_number) for e in JournalEntry.objects.order_by("pk")]
    assert acts == [("members.deactivated", bob.number), ("members.reactivated", bob.number)]


def test_a_policy_and_its_term_are_on_record_with_the_numbers(staff, live, noon):
    policy = Policy.objects.get(name="2015")
    fields = [f.name for f in Policy._meta.fields if f.name != "name"]
    given = {name: value for name in fields if (value := getattr(policy, name)) is not None}
    inline = {"plans-TOTAL_FORMS": 0, "plans-INITIAL_FORMS": 0}
    answer = staff.post(reverse("admin:inmail_policy_change", args=["2015"]), given | inline | {"purchase_limit": 12})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert (the_entry().what, the_entry().details) == ("policy 2015", {"purchase_limit": [10, 12]})
    term = {"timeline": live.pk, "policy": "2015", "from_at_0": "2014-07-01", "from_at_1": "00:00:00"}
    staff.post(reverse("admin:inmail_policyterm_add"), term)
    staff.post(
        reverse("admin:inmail_policyterm_changelist"),
        {"action": "delete_selected", "_selected_action": [PolicyTerm.objects.get().pk], "post": "yes"},
    )
    acts = list(JournalEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts[1:] == ["policies.changed", "policies.deleted"]


def test_the_page_shows_the_newest_first_by_kind_and_member(staff, alice, bob):
    journal.record(None, journal.Act.TOKENS_ISSUED, on=alice)
    journal.record(None, journal.Act.MEMBERS_DEACTIVATED, on=bob, why="noise")
    everything = staff.get("/staff/log/").content.decode()
    assert everything.index("Member deactivated") < everything.index("API token issued")
    tokens = staff.get("/staff/log/?kind=tokens&member=").content.decode()
    assert "API token issued</th>" in tokens and "Member deactivated</th>" not in tokens
    of_bob = [row.member for row in staff.get("/staff/log/?kind=&member=Bob").context["page"].rows]
    assert of_bob == [bob]


@pytest.mark.parametrize("query", ["kind=nothing", "member=nobody", "member=%00"])
def test_what_the_page_cannot_filter_by_it_says(staff, query):
    assert staff.get(f"/staff/log/?{query}").status_code == 400


def test_the_page_is_cut_by_cursor_and_costs_the_same_however_long(staff, alice, django_assert_max_num_queries):
    journal.record_each(None, journal.Act.MEMBERS_CHANGED, [alice] * 45, fields="headline")
    with django_assert_max_num_queries(9):
        page = staff.get("/staff/log/").context["page"]
    assert len(page.rows) == 20 and not page.previous_url
    second = staff.get(page.next_url).context["page"]
    assert len(staff.get(second.next_url).context["page"].rows) == 5


def test_an_entry_outlives_the_account_of_its_author(alice, noon, rf):
    request, grace = rf.post("/"), Member.objects.create_user("grace", first_name="Grace", joined_at=noon)
    request.user = grace
    journal.record(request, journal.Act.TOKENS_ISSUED, on=alice)
    Member.objects.filter(pk=grace.pk).delete()
    assert (the_entry().actor_handle, the_entry().actor_number) == ("grace", grace.number)

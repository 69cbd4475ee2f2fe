"""Rights are given by superusers alone: no role lets its members raise themselves, or send staff away."""

import pytest
from django.contrib.auth.models import Group as Role
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts import second_factor
from accounts.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def role(cast, live):
    found = Role.objects.create(name="Clerks")
    groups = ["view_group", "change_group", "add_group", "delete_group"]
    found.permissions.add(*Permission.objects.filter(content_type__app_label="auth", codename__in=groups))
    found.permissions.add(*Permission.objects.filter(codename__in=["view_member", "change_member"]))
    return found


@pytest.fixture
def clerk(client, role, noon):
    member = Member.objects.create_user("clara", first_name="Clara", joined_at=noon, is_staff=True)
    member.groups.add(role)
    second_factor.enrol([member])
    client.force_login(member)
    return member


def test_who_is_in_a_role_cannot_raise_it(client, clerk, role):
    more = Permission.objects.filter(codename__in=["read_texts", "impersonate"])
    change = reverse("admin:auth_group_change", args=[role.pk])
    given = {"name": "Clerks", "permissions": [right.pk for right in more]}
    assert client.get(change).status_code == 200
    assert client.post(change, given).status_code == 403
    assert client.post(reverse("admin:auth_group_add"), given | {"name": "Kings"}).status_code == 403
    assert client.post(reverse("admin:auth_group_delete", args=[role.pk]), {"post": "yes"}).status_code == 403
    assert role.permissions.filter(pk__in=more).count() == 0 and Role.objects.count() == 1


def test_a_superuser_changes_a_role(client, admin, role):
    client.force_login(admin)
    right = Permission.objects.get(codename="read_texts")
    client.post(reverse("admin:auth_group_change", args=[role.pk]), {"name": "Clerks", "permissions": [right.pk]})
    assert list(role.permissions.all()) == [right]


def send(client, action, *members):
    chosen = {"action": action, "_selected_action": [member.pk for member in members]}
    return client.post(reverse("admin:accounts_member_changelist"), chosen)


def away() -> set[str]:
    return set(Member.objects.exclude(deactivated_at=None).values_list("handle", flat=True))


@pytest.fixture
def above(noon):
    return [
        Member.objects.create_user("stan", first_name="Stan", joined_at=noon, is_staff=True),
        Member.objects.create_user("sue", first_name="Sue", joined_at=noon, is_superuser=True),
    ]


def test_staff_send_members_away_and_neither_staff_nor_superusers(client, clerk, above, alice):
    send(client, "deactivate", alice, *above)
    assert away() == {"alice"}


def test_staff_do_not_let_staff_in_again(client, clerk, above, alice, noon):
    Member.objects.filter(pk__in=[member.pk for member in (alice, *above)]).update(deactivated_at=noon)
    send(client, "reactivate", alice, *above)
    assert away() == {"stan", "sue"}


def test_a_superuser_sends_staff_away_and_lets_them_in_again(client, admin, role, above):
    client.force_login(admin)
    send(client, "deactivate", *above)
    assert away() == {"stan", "sue"}
    send(client, "reactivate", *above)
    assert away() == set()

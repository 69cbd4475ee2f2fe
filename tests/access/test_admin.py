"""Django's admin: for staff, and of each model for those who hold its permission. And staff without a second factor."""

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction

from accounts.models import Member
from tests.access.addresses import in_admin, leaves, path_of
from tests.access.rows import ROWS
from tests.access.visits import IN, METHODS, visit

pytestmark = pytest.mark.django_db
DOORS = {"admin/login/", "admin/logout/"}
OF_ALL_STAFF = {"admin/", "admin/jsi18n/", "admin/password_change/", "admin/password_change/done/"}
LISTS = {
    pattern.callback.model_admin.model: path_of(route)
    for route, pattern in leaves()
    if in_admin(route) and (pattern.name or "").endswith("_changelist")
}
MODELS = list(LISTS)


def routes():
    """Every address of the admin with a row that is there, where its model has one."""
    for route, pattern in leaves():
        if in_admin(route) and route not in DOORS:
            model = getattr(getattr(pattern.callback, "model_admin", None), "model", None)
            row = model and model._default_manager.first()
            yield route, path_of(route, row.pk if row else 1).replace("{", "").replace("}", "")


def test_only_staff_come_into_the_admin(world):
    for _route, path in routes():
        for handle in (None, "alice"):
            for method in ("GET", "POST"):
                found = visit(world, handle, method, path)
                assert found.status in (IN, "403", "404"), (method, path, handle)
                assert not found.is_denied_but_wrote, (method, path, handle)


def test_no_method_is_a_way_around_the_door(world):
    for method in METHODS:
        for path in ("/admin/", LISTS[Member], f"{LISTS[Member]}1/change/"):
            for handle in (None, "alice"):
                assert visit(world, handle, method, path).status in (IN, "405"), (method, path, handle)


def test_staff_without_a_permission_see_no_model(world):
    for route, path in routes():
        if route in OF_ALL_STAFF or route.startswith("admin/r/"):
            continue
        for method in ("GET", "POST"):
            found = visit(world, "stella", method, path)
            assert found.status in ("403", "404", "405", "302"), (method, path)
            assert not found.writes, (method, path)
    page = visit(world, "stella", "GET", "/admin/").body
    assert not any(path in page for path in LISTS.values())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_permission_opens_its_own_model_and_no_other(world, model):
    stella = Member.objects.get(handle="stella")
    named = {"codename": f"view_{model._meta.model_name}", "content_type__app_label": model._meta.app_label}
    stella.user_permissions.add(Permission.objects.get(**named))
    place = MODELS.index(model)
    some = (MODELS + MODELS)[place : place + 6]  # each model is among the closed ones of five permissions
    assert [other for other in some if visit(world, "stella", "GET", LISTS[other]).status == "200"] == [model]
    assert visit(world, "stella", "POST", LISTS[model] + "add/").status == "403"
    stella.user_permissions.clear()


def test_staff_who_may_change_members_cannot_raise_themselves(world):
    stella = Member.objects.get(handle="stella")
    stella.user_permissions.set(Permission.objects.filter(codename__in=["view_member", "change_member"]))
    form = {"first_name": "Stella", "country": "IT", "language": "en", "is_staff": "on", "is_superuser": "on"}
    with transaction.atomic():
        world.browser("stella").post(f"{LISTS[Member]}{stella.pk}/change/", form | {"number": 1, "handle": "alice"})
        raised = Member.objects.get(pk=stella.pk)
    assert raised.country == "IT"  # what they may change was changed
    assert (raised.is_superuser, raised.handle, raised.number) == (False, "stella", stella.number)
    assert set(raised.get_all_permissions()) == {"accounts.view_member", "accounts.change_member"}


WITHOUT = ("api/", "staff/", "clock/", "inbox/", "threads/", "members/", "inmails/", "credits/", "settings/", "search/")


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r.route.startswith(WITHOUT)], ids=lambda row: f"{row.method} {row.path}"
)
def test_staff_without_a_second_factor_can_do_nothing_but_enrol(row, world):
    if row.route in ("api/schema/", "api/docs/", "api/v1/token/", "clock/state/", "members/<str:handle>/picture.svg"):
        return  # whoever comes
    found = visit(world, "nina", row.method, row.path, row.data)
    assert found.status in ("302", "403") and not found.writes

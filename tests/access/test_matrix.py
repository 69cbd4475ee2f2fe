"""Who may see or change what: every address by every method, as each of seven. What is denied writes nothing."""

import pytest
from django.test import Client

from accounts.models import Member
from tests.access.addresses import in_admin, leaves, with_nul
from tests.access.rows import API, ROWS, SIGNING_IN
from tests.access.visits import METHODS, VISITOR, visit

pytestmark = pytest.mark.django_db

THEIRS = {row.route for row in SIGNING_IN} | {"i18n/setlang/"}  # the libraries' own way with methods
FIRST = {row.route: row for row in reversed(ROWS)}
SERVED = {route: {row.method for row in ROWS if row.route == route} for route in FIRST}


def test_every_address_has_its_row():
    there = {route for route, _ in leaves() if not in_admin(route)}
    assert there - set(FIRST) == set(), "addresses without a row in the access matrix"
    assert set(FIRST) - there == set(), "rows without an address"


def test_every_method_of_the_api_has_its_row():
    there = {
        (route, name.upper())
        for route, pattern in leaves()
        if route.startswith("api/v1/")
        for name in ("get", "post", "put", "patch", "delete")
        if hasattr(pattern.callback.cls, name)
    }
    assert {(row.route, row.method) for row in API} == there


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.path} {row.owner}")
def test_who_may_come_here(row, world):
    visits = {handle: visit(world, handle, row.method, row.path, row.data) for handle in row.who}
    assert {handle: found.status for handle, found in visits.items()} == row.who
    assert [handle for handle, found in visits.items() if found.is_denied_but_wrote] == []


@pytest.mark.parametrize("route", [route for route in FIRST if route not in THEIRS], ids=lambda route: f"/{route}")
def test_methods_without_a_row_follow_one_rule(route, world):
    row = FIRST[route]
    for method in set(METHODS) - SERVED[route]:
        for handle in row.who if method == "HEAD" else some(row):
            found = visit(world, handle, method, row.path)
            assert found.status == by_rule(row, method, handle), (method, row.path, handle)
            assert not found.is_denied_but_wrote


def some(row):
    """Of those whom the row answers alike, one, and who owns what is there: the rest are no other case."""
    return {row.owner, *{status: handle for handle, status in row.who.items()}.values()}


def by_rule(row, method, handle):
    """HEAD is as GET; nothing else is served (405). The API's guard comes first, and its OPTIONS say what there is.
    TRACE is refused at the door."""
    if method == "TRACE":
        return "405"
    if row.route == "^api/":
        return "404"
    if method == "HEAD" and "GET" in SERVED[row.route]:
        return next(found for found in ROWS if (found.route, found.method) == (row.route, "GET")).who[handle]
    guarded = row.route.startswith("api/v1/") and row.who[handle] in ("401", "403") and not row.route.endswith("token/")
    if guarded:
        return row.who[handle]
    rest = row.route.startswith("api/v1/") or row.route in ("api/schema/", "healthz")
    return "200" if rest and method == "OPTIONS" else "405"


@pytest.mark.parametrize("row", [row for row in ROWS if row.route in THEIRS], ids=lambda row: row.path)
def test_signing_in_by_any_method_changes_nothing_of_those_who_are_not_asked(row, world):
    for method in set(METHODS) - SERVED[row.route]:
        for handle in row.who:
            found = visit(world, handle, method, row.path)
            assert found.status in ("in", "200", "302", "400", "403", "404", "405"), (method, row.path, handle)
            assert [sql for sql in found.writes if handle is VISITOR or "last_login" not in sql] == []


def test_a_nul_in_an_address_is_never_an_error(world):
    addresses = {address for route, _ in leaves() if (address := with_nul(route))}
    assert "/staff/audit/%00.csv" in addresses and "/api/v1/members/%00/" in addresses
    for address in addresses:
        for method in ("GET", "POST", "DELETE"):
            assert int(visit(world, "admin", method, address.replace("%00", "\0")).status.replace("in", "302")) < 500


def test_no_act_of_a_session_works_without_its_csrf_token(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(Member.objects.get(handle="alice"))
    for row in ROWS:
        if row.method != "GET" and row.route not in ("api/v1/token/", "^api/"):
            answer = client.post(row.path.format(**world.ids), row.data or {})
            assert answer.status_code in (403, 405), row.path
    nothing = client.post("/api/v1/nothing/", "{}", content_type="application/json")
    assert (nothing.status_code, nothing["Content-Type"]) == (404, "application/json")  # no page about a token

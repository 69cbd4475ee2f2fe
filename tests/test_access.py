"""Who may see or change what: every address of the platform, as a visitor, its owner, another member and staff.

A new address without a row here fails. Statuses stand in that order; "in" is the way to the sign-in page.
"""

import json
import re
from functools import partial
from typing import NamedTuple

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from accounts import invitations
from accounts.models import Member
from inmail import cast as people
from inmail import delivery, messaging
from privacy import blocks

pytestmark = pytest.mark.django_db
IN = "in"


class Row(NamedTuple):
    """`path` with the names of the world's rows in it; what `owner`, one of the cast, may do that `other` may not."""

    route: str
    method: str
    path: str
    statuses: str
    owner: str = "alice"
    other: str = "erin"
    data: dict | None = None


LETTER = {"recipient": "dave", "category": "business_deal", "subject": "A question", "body": "Shall we talk?"}
PAGE_LETTER = {name: text for name, text in LETTER.items() if name != "recipient"}
WORDS = {"body": "Lunch?"}
DRAFT = {"draft": "5a3bdc06-0000-4000-8000-000000000001", "subject": "Half a", "body": "", "category": ""}
PROFILE = {"first_name": "Someone", "last_name": "Else", "country": "IT", "language": "en"}
RECEPTION = {"messages": "introductions_inmail_open", "lowest_score": "3.0", "advice": "", "undo_seconds": "10"}
FIX = {"member": "bob", "amount": 1, "reason": "A test."}
get = partial(Row, method="GET")
post = partial(Row, method="POST")


def api(method, route, statuses, path=None, **more):
    return Row(f"api/v1/{route}", method, f"/api/v1/{path or route}", statuses, **more)


MINE = "401 200 200 200"  # everybody has their own
API = [
    api("POST", "token/", "401 401 401 401", data={"handle": "alice", "password": "wrong"}),
    api("GET", "me/", MINE),
    api("GET", "members/", MINE),
    api("GET", "members/<str:handle>/", MINE, path="members/carol/"),
    api("GET", "members/<str:handle>/forecast/", "401 404 404 404", path="members/carol/forecast/"),
    api("GET", "inmails/", MINE),
    api("POST", "inmails/", "401 201 201 422", data=LETTER),
    api("GET", "inmails/<int:pk>/", "401 200 404 200", path="inmails/{delivered}/"),
    api("GET", "inmails/<int:pk>/", "401 200 404 200", path="inmails/{delivered}/", owner="carol"),
    api("GET", "inmails/<int:pk>/", "401 200 404 200", path="inmails/{queued}/", other="dave"),
    api(
        "POST",
        "inmails/<int:pk>/open/",
        "401 200 404 404",
        path="inmails/{delivered}/open/",
        owner="carol",
        other="alice",
    ),
    api(
        "POST",
        "inmails/<int:pk>/answer/",
        "401 200 404 404",
        path="inmails/{delivered}/answer/",
        owner="carol",
        other="alice",
        data={"answer": "interested"},
    ),
    api("POST", "inmails/<int:pk>/undo/", "401 200 404 404", path="inmails/{queued}/undo/", other="dave"),
    api("POST", "inmails/<int:pk>/withdraw/", "401 200 404 404", path="inmails/{delivered}/withdraw/", other="carol"),
    api("GET", "credits/", MINE),
    api("POST", "credits/purchase/", "401 201 201 201", data={"quantity": 1}),
    api("GET", "reception/", MINE),
    api("PATCH", "reception/", MINE, data={"advice": "Briefly, please."}),
    api("GET", "connections/", MINE),
    api("DELETE", "connections/<str:handle>/", "401 204 404 404", path="connections/bob/"),
    api("GET", "invitations/", MINE),
    api("POST", "invitations/", "401 201 201 201", owner="carol", data={"member": "frank"}),
    *(
        api(
            "POST",
            f"invitations/<int:pk>/{act}/",
            "401 200 404 404",
            path=f"invitations/{{invited}}/{act}/",
            other="dave",
        )
        for act in ("accept", "ignore")
    ),
    api(
        "POST",
        "invitations/<int:pk>/withdraw/",
        "401 200 404 404",
        path="invitations/{invited}/withdraw/",
        owner="dave",
        other="alice",
    ),
    api("POST", "messages/", "401 201 422 422", data={"recipient": "bob", "body": "Lunch?"}),
    api("GET", "blocks/", MINE),
    api("POST", "blocks/", "401 201 201 201", data={"member": "frank"}),
    api("DELETE", "blocks/", "401 204 404 404", data={"member": "dave"}, owner="bob"),
    api("GET", "outcomes/summary/", "401 403 403 200"),
    api("GET", "audit/ledger/", "401 403 403 200"),
    api("POST", "audit/adjustments/", "401 403 403 201", data=FIX),
    api("GET", "clock/", "401 403 403 200"),
    api("POST", "clock/", "401 403 403 200", data={"speed": 60}),
    api("POST", "clock/advance/", "401 403 403 202", data={"hours": 1}),
]
ALL = "200 200 200 200"
MEMBERS = "in 200 200 200"
DONE = "in 302 302 302"
STAFF = "in 403 403 200"
PAGES = [
    get("", path="/", statuses="200 302 302 302"),
    get("healthz", path="/healthz", statuses="503 503 503 503"),  # no worker here; it asks nobody who they are
    get("metrics", path="/metrics", statuses=ALL),  # to whoever is on this machine; see tests/operations
    get("api/schema/", path="/api/schema/", statuses=ALL),
    get("api/docs/", path="/api/docs/", statuses=ALL),
    get("^api/", path="/api/nothing/", statuses="404 404 404 404"),
    get("status/", path="/status/", statuses=ALL),
    post("theme/", path="/theme/", statuses="302 302 302 302", data={"theme": "dark"}),
    post("i18n/setlang/", path="/i18n/setlang/", statuses="302 302 302 302", data={"language": "it"}),
    get("search/", path="/search/?q=bob", statuses=MEMBERS),
    get("members/<str:handle>/", path="/members/carol/", statuses=MEMBERS),
    get("members/<str:handle>/picture.svg", path="/members/carol/picture.svg", statuses=ALL),
    get("members/<str:handle>/inmail/", path="/members/carol/inmail/", statuses=MEMBERS),
    get("members/<str:handle>/message/", path="/members/bob/message/", statuses="in 200 302 302"),
    get("inbox/", path="/inbox/", statuses=MEMBERS),
    get("threads/<int:pk>/", path="/threads/{thread}/", statuses="in 200 404 404"),
    get("threads/<int:pk>/", path="/threads/{thread}/", statuses="in 200 404 404", owner="carol"),
    get("credits/", path="/credits/", statuses=MEMBERS),
    get("network/", path="/network/", statuses=MEMBERS),
    post("network/offer/", path="/network/offer/", statuses=DONE),
    get("groups/", path="/groups/", statuses=MEMBERS),
    get("groups/<slug:slug>/", path="/groups/data-science-italia/", statuses=MEMBERS),
    get("settings/profile/", path="/settings/profile/", statuses=MEMBERS),
    get("settings/communications/", path="/settings/communications/", statuses=MEMBERS),
    get("clock/", path="/clock/", statuses=STAFF),
    get("clock/state/", path="/clock/state/", statuses=ALL),
    get("staff/outcomes/", path="/staff/outcomes/", statuses=STAFF),
    get("staff/outcomes.csv", path="/staff/outcomes.csv", statuses=STAFF),
    get("staff/audit/", path="/staff/audit/", statuses=STAFF),
    get("staff/audit/<str:handle>/", path="/staff/audit/alice/", statuses=STAFF),
    get("staff/audit/<str:handle>.csv", path="/staff/audit/alice.csv", statuses=STAFF),
    post("members/<str:handle>/connect/", path="/members/frank/connect/", statuses=DONE, data={"note": ""}),
    post("members/<str:handle>/disconnect/", path="/members/bob/disconnect/", statuses=DONE),
    post("members/<str:handle>/inmail/", path="/members/dave/inmail/", statuses="in 302 302 422", data=PAGE_LETTER),
    post(
        "members/<str:handle>/inmail/draft/", path="/members/dave/inmail/draft/", statuses="in 200 200 200", data=DRAFT
    ),
    post("members/<str:handle>/message/", path="/members/bob/message/", statuses="in 302 422 422", data=WORDS),
    get(
        "groups/<slug:slug>/message/<str:handle>/",
        path="/groups/data-science-italia/message/erin/",
        statuses="in 200 404 404",
        other="dave",
    ),
    post(
        "groups/<slug:slug>/message/<str:handle>/",
        path="/groups/data-science-italia/message/erin/",
        statuses="in 302 404 404",
        other="dave",
        data=WORDS,
    ),
    post("groups/<slug:slug>/join/", path="/groups/data-science-italia/join/", statuses=DONE),
    post("groups/<slug:slug>/leave/", path="/groups/data-science-italia/leave/", statuses=DONE),
    post("threads/<int:pk>/", path="/threads/{thread}/", statuses="in 422 404 404", data=WORDS),
    post(
        "inmails/<int:pk>/answer/",
        path="/inmails/{delivered}/answer/",
        statuses="in 302 404 404",
        owner="carol",
        other="alice",
        data={"answer": "interested"},
    ),
    post("inmails/<int:pk>/undo/", path="/inmails/{queued}/undo/", statuses="in 302 404 404", other="dave"),
    post("inmails/<int:pk>/withdraw/", path="/inmails/{delivered}/withdraw/", statuses="in 302 404 404", other="carol"),
    post("credits/purchase/", path="/credits/purchase/", statuses=DONE, data={"quantity": 1}),
    post("credits/plan/", path="/credits/plan/", statuses=DONE, data={"plan": "career"}),
    post("settings/profile/", path="/settings/profile/", statuses="in 302 302 302", data=PROFILE),
    post("settings/communications/", path="/settings/communications/", statuses=DONE, data=RECEPTION),
    post("settings/blocks/add/", path="/settings/blocks/add/", statuses=DONE, data={"handle": "frank"}),
    post("settings/blocks/remove/", path="/settings/blocks/remove/", statuses=DONE, data={"handle": "dave"}),
    *(
        post(
            "network/invitations/<int:pk>/",
            path="/network/invitations/{invited}/",
            statuses="in 302 404 404",
            owner=owner,
            other=other,
            data={"act": act},
        )
        for act, owner, other in (
            ("accept", "alice", "dave"),
            ("ignore", "alice", "dave"),
            ("withdraw", "dave", "alice"),
        )
    ),
    post("clock/speed/", path="/clock/speed/", statuses="in 403 403 302", data={"speed": 60}),
    post("clock/advance/", path="/clock/advance/", statuses="in 403 403 302", data={"hours": 1}),
    post("staff/audit/", path="/staff/audit/", statuses="in 403 403 302", data=FIX),
    get("outbox/", path="/outbox/", statuses=ALL),
    get("staff/log/", path="/staff/log/", statuses=STAFF),
]
OUT, HOME = "accounts/", "302 302 302 302"
SIGNING_IN = [
    get(OUT + "login/", path="/accounts/login/", statuses="200 302 302 302"),
    get(OUT + "signup/", path="/accounts/signup/", statuses="200 302 302 302"),
    get(OUT + "logout/", path="/accounts/logout/", statuses="302 200 200 200"),
    get(OUT + "inactive/", path="/accounts/inactive/", statuses=ALL),
    get(OUT + "reauthenticate/", path="/accounts/reauthenticate/", statuses="in 200 200 200"),
    get(OUT + "email/", path="/accounts/email/", statuses=MEMBERS),
    get(OUT + "confirm-email/", path="/accounts/confirm-email/", statuses=ALL),
    get(OUT + r"^confirm-email/(?P<key>[-:\w]+)/$", path="/accounts/confirm-email/none/", statuses=ALL),
    get(OUT + "password/change/", path="/accounts/password/change/", statuses=MEMBERS),
    get(OUT + "password/set/", path="/accounts/password/set/", statuses="in 302 302 302"),
    get(OUT + "password/reset/", path="/accounts/password/reset/", statuses=ALL),
    get(OUT + "password/reset/done/", path="/accounts/password/reset/done/", statuses=ALL),
    get(OUT + "password/reset/key/done/", path="/accounts/password/reset/key/done/", statuses=ALL),
    get(
        OUT + r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        path="/accounts/password/reset/key/1-none/",
        statuses=ALL,
    ),
    get(OUT + "login/code/confirm/", path="/accounts/login/code/confirm/", statuses="302 302 302 302"),
    get("admin/login/", path="/admin/login/", statuses="in 403 403 302"),
    post("admin/login/", path="/admin/login/", statuses="in 403 403 302", data={"username": "admin", "password": "x"}),
    get(OUT + "sessions/", path="/accounts/sessions/", statuses=MEMBERS),
    post(OUT + "sessions/", path="/accounts/sessions/", statuses=DONE),
    # What opens a second door asks who it is (302 to /accounts/reauthenticate/), whatever the session.
    get(OUT + "2fa/", path="/accounts/2fa/", statuses=MEMBERS),
    get(OUT + "2fa/authenticate/", path="/accounts/2fa/authenticate/", statuses=HOME),
    get(OUT + "2fa/reauthenticate/", path="/accounts/2fa/reauthenticate/", statuses="in 302 302 200"),
    get(OUT + "2fa/totp/activate/", path="/accounts/2fa/totp/activate/", statuses=DONE),
    get(OUT + "2fa/totp/deactivate/", path="/accounts/2fa/totp/deactivate/", statuses="in 404 404 302"),
    get(OUT + "2fa/recovery-codes/", path="/accounts/2fa/recovery-codes/", statuses="in 404 404 302"),
    get(OUT + "2fa/recovery-codes/generate/", path="/accounts/2fa/recovery-codes/generate/", statuses=DONE),
    get(OUT + "2fa/recovery-codes/download/", path="/accounts/2fa/recovery-codes/download/", statuses="in 404 404 302"),
    get(OUT + "2fa/webauthn/", path="/accounts/2fa/webauthn/", statuses=MEMBERS),
    get(OUT + "2fa/webauthn/add/", path="/accounts/2fa/webauthn/add/", statuses=DONE),
    get(OUT + "2fa/webauthn/login/", path="/accounts/2fa/webauthn/login/", statuses=HOME),
    get(
        OUT + "2fa/webauthn/reauthenticate/",
        path="/accounts/2fa/webauthn/reauthenticate/",
        statuses=DONE,
    ),
    get(OUT + "2fa/webauthn/keys/<int:pk>/edit/", path="/accounts/2fa/webauthn/keys/1/edit/", statuses=DONE),
    get(OUT + "2fa/webauthn/keys/<int:pk>/remove/", path="/accounts/2fa/webauthn/keys/1/remove/", statuses=DONE),
]
ROWS = API + PAGES + SIGNING_IN
WRITES = re.compile(r"\b(INSERT INTO|UPDATE) \"?(accounts|privacy|inmail|clock|simulation|authtoken)_")


@pytest.fixture
def world(live, noon, settings):
    """alice's InMail that carol has received, one to dave in its undo window, dave's invitation to alice,
    a block of dave by bob. Returns their ids."""
    settings.ADVANCE_WAIT = 0
    cast = people.assemble(live, noon)
    Member.objects.update(password=make_password("correct horse 9"))
    letter = messaging.Letter("consulting_offer", "A question", "Shall we talk?")

    def send(sender, recipient, **options):
        return messaging.send(live, sender, recipient, letter, at=noon, **options)

    delivered = send(cast["alice"], cast["carol"])
    assert delivery.deliver_one(delivered.inmail_id)
    queued = send(cast["alice"], cast["erin"], undo_seconds=30)
    invited = invitations.invite(cast["dave"], cast["alice"], at=noon)
    blocks.block(cast["bob"], cast["dave"], at=noon)
    return {
        "delivered": delivered.inmail_id,
        "thread": delivered.thread_id,
        "queued": queued.inmail_id,
        "invited": invited.pk,
    }


def leaves(resolver=None, prefix=""):
    """Every address pattern of the platform, with what answers it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from leaves(pattern, route)
        else:
            yield route, pattern


def in_admin(route):
    return route.startswith("admin/")


def test_every_address_has_its_row():
    rows = {row.route for row in ROWS}
    there = {route for route, _ in leaves() if not in_admin(route)}
    assert there - rows == set(), "addresses without a row in the access matrix"
    assert rows - there == set(), "rows without an address"


def test_every_method_of_the_api_has_its_row():
    rows = {(row.route, row.method) for row in API}
    there = {
        (route, name.upper())
        for route, pattern in leaves()
        if route.startswith("api/v1/")
        for name in ("get", "post", "put", "patch", "delete")
        if hasattr(pattern.callback.cls, name)
    }
    assert rows == there


def with_nul(route):
    """The address of `route` with a NUL wherever a text stands; None when it takes none."""
    text = re.compile(r"<(str|path|slug):\w+>|\(\?P<(handle|slug|key)>[^)]*\)")
    if not text.search(route):
        return None
    return "/" + re.sub(r"<int:\w+>|\(\?P<[^>]*>[^)]*\)", "1", text.sub("%00", route)).strip("^$")


def test_a_nul_in_an_address_is_never_an_error(world, client, admin):
    client.force_login(admin)
    client.raise_request_exception = False
    addresses = {address for route, _ in leaves() if (address := with_nul(route.replace("^", "").replace("$", "")))}
    assert "/staff/audit/%00.csv" in addresses and "/api/v1/members/%00/" in addresses
    for address in addresses:
        for method in (client.get, client.post, client.delete):
            assert method(address).status_code < 500, address


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.path} {row.owner}")
def test_who_may_come_here(row, world, client):
    roles = (None, row.owner, row.other, "admin")
    found, wrote = zip(*(visit(row, world, client, role) for role in roles), strict=True)
    assert " ".join(found) == row.statuses
    denied = [role for role, status, writes in zip(roles, found, wrote, strict=True) if status in DENIED and writes]
    assert denied == []


DENIED = (IN, "401", "403", "404")


def visit(row, world, client, role):
    """The status that `role` gets, and what was written; then everything is as before."""
    client.logout()
    if role:
        client.force_login(Member.objects.get(handle=role))
    path, body = row.path.format(**world), row.data or {}
    if row.route.startswith("api/"):
        body = {"data": json.dumps(body), "content_type": "application/json"} if row.method != "GET" else {}
    else:
        body = {"data": body} if row.method != "GET" else {}
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        answer = getattr(client, row.method.lower())(path, **body)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    writes = [query["sql"] for query in queries if WRITES.search(query["sql"])]
    if answer.status_code == 302 and answer.url.startswith("/accounts/login/?next="):
        return IN, writes
    return str(answer.status_code), writes


def test_the_admin_is_for_staff_and_sends_everybody_else_to_its_door(world, client, alice, admin):
    open_to_all = {"admin/login/", "admin/logout/"}
    for member in (None, alice):
        client.logout()
        if member:
            client.force_login(member)
        for route, _ in leaves():
            if in_admin(route) and route not in open_to_all:
                path = "/" + re.sub(r"<[^>]*>|\(\?P<[^>]*>[^)]*\)", "1", route).replace("^", "").replace("$", "")
                answer = client.get(path)
                assert answer.status_code in (302, 404), path
                assert answer.status_code == 404 or "/admin/login/" in answer.url, path
    client.force_login(admin)
    assert client.get("/admin/").status_code == 200


def test_no_act_of_a_session_works_without_its_csrf_token(world, cast, alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    for row in ROWS:
        if row.method != "GET" and row.route not in ("api/v1/token/", "^api/"):
            answer = client.post(row.path.format(**world), row.data or {})
            assert answer.status_code in (403, 405), row.path

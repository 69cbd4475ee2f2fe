"""What nobody can write, however they ask: the API names each such field as unknown, the pages' forms do not hear it.

Every table is read before and after: a request with forged fields leaves just what the honest one leaves.
"""

from datetime import datetime

import pytest
from django.apps import apps
from django.db import connection
from drf_spectacular.generators import SchemaGenerator

from tests.access.rows import API, PAGES
from tests.access.visits import visit

pytestmark = pytest.mark.django_db
FORGED = {
    **dict.fromkeys(["id", "pk", "number", "n", "amount", "entries", "credits", "balance", "timeline", "thread"], 999),
    **dict.fromkeys(["sender", "author", "from", "user", "opener", "requested_by", "imported_by", "hijacker"], "bob"),
    **dict.fromkeys(["sender_id", "author_id", "user_id", "timeline_id", "policy_id", "recipient_id", "member_id"], 1),
    **dict.fromkeys(["is_staff", "is_superuser", "is_active", "simulated", "bulk", "returned", "awaiting"], True),
    **dict.fromkeys(["notified", "verified", "primary", "mirror"], True),
    **dict.fromkeys(["created_at", "sent_at", "delivered_at", "opened_at", "answered_at", "settled_at"], "2014-01-01"),
    **dict.fromkeys(["release_at", "deadline_at", "expires_at", "open_due_at", "answer_due_at", "at"], "2014-01-01"),
    **dict.fromkeys(["joined_at", "deactivated_at", "next_grant_at", "billing_day", "now", "now_at"], "2014-01-01"),
    **dict.fromkeys(("groups", "user_permissions", "permissions"), "1"),
    "status": "answered",
    "score": 5,
    "sender_score": 5,
    "cost": 0,
    "policy": "2024",
    "plan": "recruiter",
    "next_plan": "recruiter",
    "kind": "grant",
    "match": "match",
    "refusal": "self",
    "answer_due": "interested",
    "answer_text": "Forged.",
    "handle": "root",
    "email": "root@example.org",
    "password": "a new password 7",
    "undo_seconds": 0,
    "opener_unread": True,
}


def actor(row):
    """Who may: the owner, or staff where it is their power."""
    return "admin" if row.who[row.owner] == "403" else row.owner


FORMS = [row for row in PAGES if row.method == "POST" and row.who[actor(row)] in ("302", "200")]
TABLES = [model for model in apps.get_models() if model._meta.label_lower not in ("sessions.session",)]
# What no two requests have alike: their own ids, and the ids of new rows in the answer that is kept.
OF_THE_REQUEST = {
    ("run", "public_id"),
    ("journalentry", "request_id"),
    ("idempotencykey", "key"),
    ("idempotencykey", "answer"),
}
WALL = 2020  # the timeline's instants are of 2014: a later one is of the wall, and never the same twice


@pytest.fixture(scope="module")
def bodies():
    """The names of the fields of every call of the API that takes a body."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    found = {}
    for path, methods in schema["paths"].items():
        for method, call in methods.items():
            for content in call.get("requestBody", {}).get("content", {}).values():
                name = content["schema"]["$ref"].rsplit("/", 1)[-1]
                found[method.upper(), path] = set(schema["components"]["schemas"][name].get("properties", ()))
    return found


@pytest.mark.parametrize("row", [r for r in API if r.method != "GET"], ids=lambda row: f"{row.method} {row.path}")
def test_the_api_names_every_forged_field_and_does_nothing(row, world, bodies):
    path = "/" + row.route.replace("<int:pk>", "{id}").replace("<uuid:id>", "{id}").replace("<str:handle>", "{handle}")
    if (row.method, path) not in bodies:
        assert row.method == "DELETE"  # it takes no body at all
        return
    forged = {name: value for name, value in FORGED.items() if name not in bodies[row.method, path]}
    found = visit(world, actor(row), row.method, row.path, (row.data or {}) | forged)
    assert found.status == "400" and not found.writes
    assert [name for name in forged if f'"{name}":["There is no such field."]' not in found.body] == []
    assert len(forged) > 60


@pytest.mark.parametrize("row", FORMS, ids=lambda row: f"{row.path} {row.owner} {row.data}")
def test_a_form_does_not_hear_what_it_does_not_ask(row, world):
    own = set(row.data or ()) | HEARD.get(row.route, set())
    forged = {name: value for name, value in FORGED.items() if name not in own}
    known = keys()
    honest = visit(world, actor(row), "POST", row.path, row.data, look=lambda: rows_of_all_tables(known))
    answer = visit(
        world, actor(row), "POST", row.path, (row.data or {}) | forged, look=lambda: rows_of_all_tables(known)
    )
    assert answer.status == honest.status
    assert difference(honest.seen, answer.seen) == {}


# What these forms do ask, besides what the honest request fills in.
HEARD = {"settings/communications/": {"open_profile", "interests"}}


@pytest.mark.parametrize("row", FORMS, ids=lambda row: f"{row.path} {row.owner} {row.data}")
def test_a_form_changes_only_what_it_is_for(row, world):
    after = visit(world, actor(row), "POST", row.path, row.data, look=rows_of_all_tables).seen
    changed = set(difference(rows_of_all_tables(), after))
    may = set(MAY.get(row.route, "").split())
    assert {".".join(place.split(".")[:2]) for place in changed} <= may
    assert bool(changed) == bool(may)
    assert {place.split(".")[2] for place in changed if place.startswith("accounts.member.")} <= OF_ONES_OWN


SENDING = "inmail.wallet inmail.inmail inmail.ledgerentry inmail.thread inmail.idempotencykey inmail.draft"
WRITING = "inmail.thread inmail.message inmail.idempotencykey"
LIFE = "inmail.inmail inmail.outcome inmail.thread inmail.draft inmail.ledgerentry inmail.wallet"
LOG = "accounts.journalentry"
RUNS = "lab.run lab.shard"
# The tables that each form may touch; those without a line here leave every table alone.
MAY = {
    "members/<str:handle>/connect/": "accounts.invitation",
    "members/<str:handle>/disconnect/": "accounts.connection",
    "members/<str:handle>/inmail/": SENDING,
    "members/<str:handle>/inmail/draft/": "inmail.draft",
    "members/<str:handle>/message/": WRITING,
    "groups/<slug:slug>/message/<str:handle>/": WRITING,
    "inmails/<int:pk>/answer/": LIFE,
    "inmails/<int:pk>/undo/": LIFE,
    "inmails/<int:pk>/withdraw/": LIFE,
    "credits/purchase/": "inmail.wallet inmail.ledgerentry inmail.idempotencykey",
    "credits/plan/": "inmail.subscription",
    "network/invitations/<int:pk>/": "accounts.invitation accounts.connection",
    "groups/<slug:slug>/leave/": "accounts.membership",
    "settings/profile/": "accounts.member",
    "settings/communications/": "accounts.member privacy.reception privacy.receptionchange",
    "settings/blocks/add/": "privacy.block",
    "settings/blocks/remove/": "privacy.block",
    "lab/": f"{RUNS} inmail.idempotencykey",
    "lab/new/": f"{RUNS} inmail.idempotencykey",
    "lab/runs/<uuid:id>/cancel/": "lab.run",
    "lab/runs/<uuid:id>/retry/": RUNS,
    "clock/speed/": f"clock.timeline {LOG}",
    "clock/advance/": f"clock.advance {LOG}",
    "staff/audit/": f"inmail.wallet inmail.ledgerentry inmail.idempotencykey {LOG}",
    "staff/jobs/<int:pk>/retry/": f"inmail.job {LOG}",
    "staff/jobs/<int:pk>/give-up/": f"inmail.job {LIFE} {LOG}",
    "staff/jobs/clock/<int:pk>/retry/": f"clock.advance {LOG}",
    "staff/texts/inmail/<int:pk>/": LOG,
    "staff/texts/message/<int:pk>/": LOG,
    "staff/impersonation/<str:handle>/": LOG,
}
OF_ONES_OWN = set(
    "first_name last_name headline about place industry country language open_to_work undo_seconds".split()
)
OF_ONES_OWN |= {"name_key", "search"}  # which the database makes of them


def rows_of_all_tables(known=None):
    """Each table's rows, without what no two requests have alike: the ids of new rows and instants of the wall."""
    known = known or keys()
    return {model._meta.label_lower: _rows(model, known) for model in TABLES}


def keys():
    return {model: set(model._default_manager.values_list("pk", flat=True)) for model in TABLES}


def _rows(model, known):
    fields = [
        field for field in model._meta.concrete_fields if (model._meta.model_name, field.name) not in OF_THE_REQUEST
    ]
    with connection.cursor() as cursor:
        columns = ", ".join(f'"{field.column}"' for field in fields)
        cursor.execute(f'SELECT {columns} FROM "{model._meta.db_table}" ORDER BY "{model._meta.pk.column}"')
        return [{f.column: _alike(f, value, known) for f, value in zip(fields, row, strict=True)} for row in cursor]


def _alike(field, value, known):
    if isinstance(value, datetime) and value.year >= WALL:
        return "wall"
    of = field.related_model if field.is_relation else field.model if field.primary_key else None
    return "new" if of in known and value is not None and value not in known[of] else str(value)


def difference(before, after):
    """The columns, as table.column, in which rows differ; the table alone where it has more rows or fewer."""
    found = {}
    for table, rows in after.items():
        if len(rows) != len(before[table]):
            found[table] = len(rows) - len(before[table])
            continue
        for was, row in zip(before[table], rows, strict=True):
            found |= {f"{table}.{name}": (was[name], value) for name, value in row.items() if value != was[name]}
    return found

"""The schema is complete and true: it is valid OpenAPI 3.1, and real answers are what it says."""

from io import StringIO

import jsonschema
import pytest
import yaml
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(schema):
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_schema_has_neither_errors_nor_warnings():
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    assert yaml.safe_load(out.getvalue())["openapi"] == "3.1.0"


def test_every_call_says_how_it_can_fail(schema):
    for path, method, operation in operations(schema):
        codes = set(operation["responses"])
        if path in ("/healthz", "/api/v1/token/"):
            continue
        assert {"401", "429", "503"} <= codes, path
        assert ("{" not in path) or "404" in codes, path
        assert method in ("get", "delete") or {"400", "415", "403"} <= codes, path


def test_the_schema_names_every_call_of_the_api(schema):
    assert {f"{method.upper()} {path}" for path, method, _ in operations(schema)} >= {
        "POST /api/v1/token/",
        "GET /api/v1/me/",
        "GET /api/v1/members/",
        "GET /api/v1/members/{handle}/",
        "GET /api/v1/members/{handle}/forecast/",
        "POST /api/v1/inmails/",
        "GET /api/v1/inmails/",
        "GET /api/v1/inmails/{id}/",
        "POST /api/v1/inmails/{id}/open/",
        "POST /api/v1/inmails/{id}/answer/",
        "POST /api/v1/inmails/{id}/undo/",
        "POST /api/v1/inmails/{id}/withdraw/",
        "GET /api/v1/credits/",
        "POST /api/v1/credits/purchase/",
        "GET /api/v1/reception/",
        "PATCH /api/v1/reception/",
        "GET /api/v1/connections/",
        "DELETE /api/v1/connections/{handle}/",
        "POST /api/v1/invitations/",
        "POST /api/v1/invitations/{id}/accept/",
        "POST /api/v1/invitations/{id}/ignore/",
        "POST /api/v1/invitations/{id}/withdraw/",
        "POST /api/v1/messages/",
        "GET /api/v1/blocks/",
        "POST /api/v1/blocks/",
        "DELETE /api/v1/blocks/",
        "GET /api/v1/outcomes/summary/",
        "GET /api/v1/audit/ledger/",
        "POST /api/v1/audit/adjustments/",
        "GET /api/v1/clock/",
        "POST /api/v1/clock/",
        "POST /api/v1/clock/advance/",
        "GET /api/v1/lab/runs/",
        "POST /api/v1/lab/runs/",
        "GET /api/v1/lab/runs/{id}/",
        "POST /api/v1/lab/runs/{id}/cancel/",
        "POST /api/v1/lab/runs/{id}/retry/",
        "GET /healthz",
    }


def test_a_body_takes_no_field_that_the_schema_does_not_name(schema):
    for path, _method, operation in operations(schema):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            name = content["schema"]["$ref"].rsplit("/", 1)[-1]
            assert schema["components"]["schemas"][name]["additionalProperties"] is False, path


def check(schema, answer, path, method="get"):
    responses = schema["paths"][path][method]["responses"]
    assert str(answer.status_code) in responses, (path, answer.status_code, answer.content)
    described = responses[str(answer.status_code)].get("content", {}).get("application/json", {}).get("schema")
    if described:
        jsonschema.validate(answer.json(), described | {"components": schema["components"]})


READS = ["me", "members", "inmails", "credits", "reception", "connections", "invitations", "blocks", "lab/runs"]
STAFF_READS = ["outcomes/summary", "audit/ledger", "clock"]


@pytest.mark.parametrize("path", READS + STAFF_READS)
def test_what_is_read_is_as_described(schema, call, admin, alice, received, path):
    check(schema, call(alice).at("get", f"{path}/"), f"/api/v1/{path}/")
    check(schema, call(admin).at("get", f"{path}/"), f"/api/v1/{path}/")
    check(schema, call().at("get", f"{path}/"), f"/api/v1/{path}/")


def test_what_is_sent_is_answered_as_described(schema, call, alice, carol, words, received):
    client = call(alice)
    letter = words | {"recipient": "dave"}
    for data in (letter, letter, {**letter, "subject": ""}, {}):
        check(schema, client.at("post", "inmails/", data), "/api/v1/inmails/", "post")
    answered = call(carol).at("post", f"inmails/{received.pk}/answer/", {"answer": "interested"})
    check(schema, answered, "/api/v1/inmails/{id}/answer/", "post")
    for member in (alice, carol):
        check(schema, call(member).at("get", f"inmails/{received.pk}/"), "/api/v1/inmails/{id}/")
    check(schema, client.at("get", "members/carol/"), "/api/v1/members/{handle}/")
    check(schema, client.at("post", "credits/purchase/", {"quantity": 2}), "/api/v1/credits/purchase/", "post")
    check(schema, client.at("post", "messages/", {"recipient": "bob", "body": "Hi"}), "/api/v1/messages/", "post")
    check(schema, client.at("post", "invitations/", {"member": "dave"}), "/api/v1/invitations/", "post")
    check(schema, client.at("post", "blocks/", {"member": "bob"}), "/api/v1/blocks/", "post")


def test_the_schema_is_served_and_the_docs_can_be_read_without_a_script(client, live):
    served = client.get("/api/schema/")
    assert served.status_code == 200
    assert yaml.safe_load(served.content)["openapi"] == "3.1.0"
    page = client.get("/api/docs/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "POST /api/v1/inmails/" in text and "Idempotency-Key" in text and "no_credits" in text


def test_whether_it_is_all_there(schema, client):
    check(schema, client.get("/healthz"), "/healthz")

"""What is unusable gets a 400 with a sentence at its field; nothing is lost, nothing half done, nothing is a 500."""

import json

import pytest

from inmail import ledger
from inmail.models import Inmail, LedgerEntry

pytestmark = pytest.mark.django_db

TEXTS = ["", "   ", "\u200b\u2060\ufeff", "\x00", "Hello\x00", "\ud800", 7, 1.5, True, None, [], {}, ["a"]]


def assert_400(answer, field):
    assert answer.status_code == 400, answer.content
    found = answer.json()
    assert list(found) == [field]
    assert all(isinstance(sentence, str) and sentence.endswith(".") for sentence in found[field]), found


@pytest.mark.parametrize("field", ["subject", "body"])
@pytest.mark.parametrize("text", TEXTS, ids=repr)
def test_texts_that_are_none(call, alice, words, field, text):
    assert_400(call(alice).at("post", "inmails/", words | {field: text}), field)
    assert not Inmail.objects.exists()


@pytest.mark.parametrize(("field", "most"), [("subject", 200), ("body", 1_900)])
def test_lengths_are_counted_in_code_points(call, alice, words, field, most):
    client = call(alice)
    assert_400(client.at("post", "inmails/", words | {field: "x" * (most + 1)}), field)
    assert_400(client.at("post", "inmails/", words | {field: "x" * 1_000_000}), field)
    assert client.at("post", "inmails/", words | {field: "😀" * most}).status_code == 201


def test_line_ends_count_once(call, alice, words):
    assert call(alice).at("post", "inmails/", words | {"body": "x\r\n" * 949 + "yy"}).status_code == 201
    assert Inmail.objects.get().body == "x\n" * 949 + "yy"


@pytest.mark.parametrize("subject", ["two\nlines", "two\r\nlines", "two\u2028lines"])
def test_a_subject_is_one_line(call, alice, words, subject):
    assert_400(call(alice).at("post", "inmails/", words | {"subject": subject}), "subject")


def test_markup_and_templates_are_text(call, alice, words):
    body = '<script>alert(1)</script> {{ 7|add:7 }} {% now "Y" %} javascript:alert(1)'
    sent = call(alice).at("post", "inmails/", words | {"body": body, "subject": "<b>{{ x }}</b>"}).json()
    seen = call(alice).at("get", f"inmails/{sent['id']}/").json()
    assert (seen["body"], seen["subject"]) == (body, "<b>{{ x }}</b>")


@pytest.mark.parametrize("category", ["", "lottery", "Career opportunity", None, 3, ["career_opportunity"], "\ud800"])
def test_categories_that_are_none(call, alice, words, category):
    assert_400(call(alice).at("post", "inmails/", words | {"category": category}), "category")


@pytest.mark.parametrize("recipient", ["", "nobody", "no body", "\x00", "\ud800", "'; --", None, 1, ["bob"], "x" * 99])
def test_recipients_that_are_none(call, alice, words, recipient):
    assert_400(call(alice).at("post", "inmails/", words | {"recipient": recipient}), "recipient")


def test_missing_and_unknown_fields_are_named_together(call, alice, words):
    del words["subject"]
    answer = call(alice).at("post", "inmails/", words | {"colour": "blue", "undo_seconds": 0})
    assert answer.status_code == 400
    assert set(answer.json()) == {"subject", "colour", "undo_seconds"}


def test_an_unknown_field_with_half_a_character_for_a_name(call, alice, words):
    raw = json.dumps(words)[:-1] + ', "\\ud800": 1}'
    answer = call(alice).post("/api/v1/inmails/", raw, content_type="application/json")
    assert answer.status_code == 400
    assert list(answer.json()) == ["?"]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"null", b"7", b'"text"', b"[]", b"\xff\xfe", b"[" * 100_000, b'{"quantity": ' + b"9" * 5_000 + b"}"],
    ids=["empty", "broken", "null", "number", "text", "list", "not UTF-8", "deep", "endless number"],
)
@pytest.mark.parametrize("path", ["inmails/", "credits/purchase/", "token/", "messages/", "blocks/", "invitations/"])
def test_bodies_that_are_no_object(call, alice, raw, path):
    answer = call(alice).post(f"/api/v1/{path}", raw, content_type="application/json")
    assert answer.status_code == 400, answer.content
    assert all(isinstance(sentences, list) for sentences in answer.json().values())


def test_a_form_is_not_json(call, alice, words):
    assert call(alice).post("/api/v1/inmails/", "a=b", content_type="text/plain").status_code == 415


QUANTITIES = ["0", "-1", "1.5", "NaN", "Infinity", "-Infinity", "1e400", str(2**63), '"3"', "true", "null", "[1]", "{}"]


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_quantities_that_are_none(call, alice, live, quantity):
    raw = f'{{"quantity": {quantity}}}'
    answer = call(alice).post("/api/v1/credits/purchase/", raw, content_type="application/json")
    assert_400(answer, "quantity")
    assert ledger.balance(live, alice) == 25


@pytest.mark.parametrize("amount", ["0", "10001", "1.0", "NaN", str(2**63), '"3"', "true", "null"])
def test_amounts_of_adjustments_that_are_none(call, admin, amount):
    raw = f'{{"member": "bob", "amount": {amount}, "reason": "A test"}}'
    answer = call(admin).post("/api/v1/audit/adjustments/", raw, content_type="application/json")
    assert_400(answer, "amount")
    assert not LedgerEntry.objects.filter(kind="adjustment").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("messages", "everything"),
        ("messages", True),
        ("open_profile", "yes"),
        ("open_profile", 1),
        ("interests", "career_opportunity"),
        ("interests", ["lottery"]),
        ("interests", [None]),
        ("interests", {"career_opportunity": True}),
        ("advice", "x" * 2_001),
        ("advice", "\x00"),
        ("advice", 5),
        ("lowest_score", 5.1),
        ("lowest_score", -1),
        ("lowest_score", 3.25),
        ("lowest_score", "3"),
        ("lowest_score", True),
        ("lowest_score", 10**400),
        ("colour", "blue"),
    ],
)
def test_receptions_that_are_none(call, carol, field, value):
    client = call(carol)
    before = client.at("get", "reception/").json()
    assert_400(client.at("patch", "reception/", {field: value}), field)
    assert client.at("get", "reception/").json() == before


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_a_score_that_is_no_number(call, carol, value):
    answer = call(carol).patch("/api/v1/reception/", f'{{"lowest_score": {value}}}', content_type="application/json")
    assert_400(answer, "lowest_score")


@pytest.mark.parametrize(
    "q", ["& | ! ( ) :*", "%", "100%_", "😀", "word " * 5_000, "\\", "'\"", "<->", "a:*&b", "\ud800"]
)
def test_any_text_can_be_searched_for(call, alice, q):
    answer = call(alice).get("/api/v1/members/", {"q": q.encode("utf-8", "replace").decode()})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("q=%00", "q"),
        ("industry=%00", "industry"),
        ("country=Italy", "country"),
        ("country=%00%00", "country"),
        ("degree=4", "degree"),
        ("degree=null", "degree"),
        ("open_to=lottery", "open_to"),
        ("cursor=tampered", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=%F0%9F%98%80", "cursor"),
        ("page_size=0", "page_size"),
        ("page_size=-1", "page_size"),
        ("page_size=ten", "page_size"),
        ("page_size=%C2%B2", "page_size"),
    ],
)
def test_questions_to_the_list_of_members_that_are_none(call, alice, query, field):
    assert_400(call(alice).get(f"/api/v1/members/?{query}"), field)


@pytest.mark.parametrize("path", ["members/", "connections/", "blocks/", "inmails/", "invitations/", "credits/"])
def test_a_cursor_of_another_list_or_none_is_a_400(call, alice, path):
    client = call(alice)
    foreign = client.get("/api/v1/members/?page_size=1").json()["next"].split("cursor=")[1].split("&")[0]
    assert_400(client.get(f"/api/v1/{path}?cursor=nonsense"), "cursor")
    if path != "members/":
        assert_400(client.get(f"/api/v1/{path}?cursor={foreign}"), "cursor")


@pytest.mark.parametrize("handle", ["nobody", "%00", "%ED%A0%80", "No%20Body", "x" * 200, "..", "%F0%9F%98%80"])
def test_members_that_are_none_are_404(call, alice, handle):
    for path in (f"members/{handle}/", f"members/{handle}/forecast/", f"connections/{handle}/"):
        method = "delete" if path.startswith("connections") else "get"
        assert getattr(call(alice), method)(f"/api/v1/{path}").status_code == 404, path


def test_an_address_that_is_none_is_json(call, alice):
    answer = call(alice).get("/api/v1/nothing/")
    assert (answer.status_code, list(answer.json())) == (404, ["detail"])

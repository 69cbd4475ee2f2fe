"""Every call that takes an Idempotency-Key is done once under it, and a key stands for one request at one address."""

import pytest
from django.urls import resolve

from inmail import ledger
from inmail.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("live")]
KEY = {"Idempotency-Key": "k"}
CALLS = {
    "inmails/": ("alice", {"recipient": "carol", "category": "consulting_offer", "subject": "Hello", "body": "Words."}),
    "credits/purchase/": ("alice", {"quantity": 3}),
    "messages/": ("alice", {"recipient": "bob", "body": "Lunch?"}),
    "audit/adjustments/": ("admin", {"member": "alice", "amount": 2, "reason": "A test."}),
}
OTHER = {
    "inmails/": {"subject": "Another"},
    "credits/purchase/": {"quantity": 4},
    "messages/": {"body": "Dinner?"},
    "audit/adjustments/": {"amount": 1},
}


@pytest.mark.parametrize("path", CALLS)
def test_the_same_again_has_the_answer_of_the_first_and_no_effect(call, cast, live, path):
    handle, given = CALLS[path]
    first, again = (call(cast[handle]).at("post", path, given, headers=KEY) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json() and again.headers["Idempotent-Replayed"] == "true"
    changed = (ledger.balance(live, cast["alice"]), Message.objects.count())
    assert changed == {"inmails/": (24, 0), "messages/": (25, 1)}.get(path, (28 if "purchase" in path else 27, 0))


@pytest.mark.parametrize("path", CALLS)
def test_another_body_under_the_key_is_refused(call, cast, path):
    handle, given = CALLS[path]
    call(cast[handle]).at("post", path, given, headers=KEY)
    answer = call(cast[handle]).at("post", path, given | OTHER[path], headers=KEY)
    assert answer.status_code == 422
    assert [refusal["code"] for refusal in answer.json()["refusals"]] == ["idempotency_key_reused"]


def test_another_address_under_the_key_is_refused(call, alice):
    assert call(alice).at("post", "credits/purchase/", {"quantity": 1}, headers=KEY).status_code == 201
    path = "messages/"
    assert call(alice).at("post", path, CALLS[path][1], headers=KEY).status_code == 422


@pytest.mark.parametrize("path", CALLS)
def test_what_takes_a_key_says_so_to_whoever_repeats(path):
    assert resolve(f"/api/v1/{path}").func.view_class.keeps_keys


def test_answering_takes_no_key():
    assert not hasattr(resolve("/api/v1/inmails/1/answer/").func.view_class, "keeps_keys")

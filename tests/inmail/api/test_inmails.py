from datetime import timedelta

import pytest

from clock import timeline as clock
from inmail import delivery, ledger
from inmail.models import IdempotencyKey, Inmail, LedgerEntry, Message
from privacy import blocks, reception

pytestmark = pytest.mark.django_db


def codes(answer):
    assert answer.status_code == 422, answer.content
    return [refusal["code"] for refusal in answer.json()["refusals"]]


def test_sending_answers_with_what_it_cost_and_what_is_left(call, alice, words):
    answer = call(alice).at("post", "inmails/", words)
    assert answer.status_code == 201
    body = answer.json()
    assert {**body, "id": 0} == {
        "id": 0,
        "status": "queued",
        "cost": 1,
        "match": "mismatch",
        "credits": 24,
        "created_at": "2014-06-03T12:00:00Z",
    }


def test_the_same_key_and_body_again_is_one_charge_and_the_same_answer(call, alice, words, live):
    client = call(alice)
    first = client.at("post", "inmails/", words, headers={"Idempotency-Key": "k"})
    again = client.at("post", "inmails/", words, headers={"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert ledger.balance(live, alice) == 24
    assert Inmail.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(call, alice, words):
    client = call(alice)
    client.at("post", "inmails/", words, headers={"Idempotency-Key": "k"})
    other = client.at("post", "inmails/", words | {"subject": "Another"}, headers={"Idempotency-Key": "k"})
    assert codes(other) == ["idempotency_key_reused"]
    assert Inmail.objects.count() == 1


def test_the_same_key_of_another_member_is_another_key(call, alice, erin, words):
    for member in (alice, erin):
        answer = call(member).at("post", "inmails/", words, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 201
    assert Inmail.objects.count() == 2


def test_a_refused_sending_leaves_its_key_free(call, alice, carol, words, noon):
    client = call(alice)
    reception.change(carol, at=noon, messages="introductions_only")
    assert codes(client.at("post", "inmails/", words, headers={"Idempotency-Key": "k"})) == ["reception_off"]
    assert not IdempotencyKey.objects.exists()
    reception.change(carol, at=noon, messages="introductions_inmail")
    assert client.at("post", "inmails/", words, headers={"Idempotency-Key": "k"}).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "k" * 256, "a\x00b"])
def test_a_key_that_is_none_is_a_400(call, alice, words, key):
    answer = call(alice).at("post", "inmails/", words, headers={"Idempotency-Key": key})
    assert answer.status_code == 400
    assert list(answer.json()) == ["Idempotency-Key"]
    assert not Inmail.objects.exists()


def test_a_key_of_255_characters_is_taken(call, alice, words):
    assert call(alice).at("post", "inmails/", words, headers={"Idempotency-Key": "k" * 255}).status_code == 201


@pytest.mark.parametrize(
    ("recipient", "expected"),
    [("alice", ["self"]), ("bob", ["first_degree"]), ("frank", ["reception_off"])],
)
def test_the_rules_refuse_with_code_and_sentence(call, alice, words, recipient, expected):
    answer = call(alice).at("post", "inmails/", words | {"recipient": recipient})
    assert codes(answer) == expected
    assert answer.json()["refusals"][0]["message"].endswith(".")


def test_blocked_deactivated_and_without_credits_are_refusals_too(call, alice, bob, carol, dave, words, noon):
    blocks.block(carol, alice, at=noon)
    assert codes(call(alice).at("post", "inmails/", words)) == ["unavailable"]
    dave.deactivated_at = noon
    dave.save()
    assert codes(call(alice).at("post", "inmails/", words | {"recipient": "dave"})) == ["recipient_gone"]
    assert codes(call(bob).at("post", "inmails/", words | {"recipient": "erin"})) == ["no_credits"]


def test_a_second_inmail_before_the_answer_is_refused(call, alice, words):
    client = call(alice)
    assert client.at("post", "inmails/", words).status_code == 201
    assert codes(client.at("post", "inmails/", words)) == ["awaiting_answer"]


def test_the_undo_window_is_the_members_own(call, alice, words, settings):
    settings.UNDO_SECONDS = 10
    alice.undo_seconds = 0
    alice.save()
    sent = call(alice).at("post", "inmails/", words).json()
    assert delivery.deliver_one(sent["id"])


def test_undo_returns_the_credit_and_is_refused_after_delivery(call, alice, words, live, settings):
    settings.UNDO_SECONDS = 10
    client = call(alice)
    sent = client.at("post", "inmails/", words).json()
    undone = client.at("post", f"inmails/{sent['id']}/undo/")
    assert (undone.status_code, undone.json()["status"]) == (200, "cancelled")
    assert ledger.balance(live, alice) == 25
    assert codes(client.at("post", f"inmails/{sent['id']}/undo/")) == ["not_undoable"]


def test_opening_answering_and_the_two_views_of_it(call, alice, carol, received):
    opened = call(carol).at("post", f"inmails/{received.pk}/open/")
    assert (opened.status_code, opened.json()["status"]) == (200, "opened")
    assert "match" not in opened.json() and "returned" not in opened.json()
    answered = call(carol).at("post", f"inmails/{received.pk}/answer/", {"answer": "interested", "body": "Yes."})
    assert answered.json()["answer"] == "interested"
    seen = call(alice).at("get", f"inmails/{received.pk}/").json()
    assert (seen["status"], seen["match"], seen["returned"]) == ("answered", "mismatch", False)
    assert codes(call(carol).at("post", f"inmails/{received.pk}/answer/", {"answer": "spam"})) == ["already_answered"]


def test_a_sender_never_learns_of_a_report(call, alice, carol, admin, received, live, noon):
    call(carol).at("post", f"inmails/{received.pk}/answer/", {"answer": "spam"})
    seen = call(alice).at("get", f"inmails/{received.pk}/").json()
    assert (seen["status"], seen["answer"], seen["answered_at"], seen["settled_at"]) == ("opened", "", None, None)
    for_staff = call(admin).at("get", f"inmails/{received.pk}/").json()
    assert (for_staff["answer"], for_staff["match"]) == ("spam", "mismatch")
    clock.advance(live, until=noon + timedelta(days=7))
    assert call(alice).at("get", f"inmails/{received.pk}/").json()["settled_at"] == "2014-06-10T12:00:00Z"


def test_other_peoples_inmails_are_not_there(call, alice, dave, carol, received):
    for path in ("", "open/", "answer/", "undo/", "withdraw/"):
        data = {"answer": "spam"} if path == "answer/" else None
        answer = call(dave).at("post" if path else "get", f"inmails/{received.pk}/{path}", data)
        assert answer.status_code == 404, path
    assert call(alice).at("post", f"inmails/{received.pk}/answer/", {"answer": "interested"}).status_code == 404
    assert call(carol).at("post", f"inmails/{received.pk}/withdraw/").status_code == 404
    received.refresh_from_db()
    assert received.status == "delivered"


@pytest.mark.parametrize("pk", ["0", "9" * 30, "-1", "abc", "1.5"])
def test_ids_that_are_none_are_404(call, alice, pk):
    assert call(alice).at("get", f"inmails/{pk}/").status_code == 404
    assert call(alice).at("post", f"inmails/{pk}/open/").status_code == 404


def test_a_queued_inmail_is_not_there_for_its_recipient(call, alice, carol, send):
    sent = send(alice, carol)
    assert call(carol).at("get", f"inmails/{sent.inmail_id}/").status_code == 404
    assert call(carol).at("post", f"inmails/{sent.inmail_id}/open/").status_code == 404
    assert call(carol).at("get", "inmails/?box=received").json()["results"] == []


def test_withdrawing_takes_it_from_the_recipient_and_credits_nothing(call, alice, carol, received, live):
    withdrawn = call(alice).at("post", f"inmails/{received.pk}/withdraw/")
    assert (withdrawn.status_code, withdrawn.json()["status"]) == (200, "withdrawn")
    assert ledger.balance(live, alice) == 24
    assert call(carol).at("get", f"inmails/{received.pk}/").status_code == 404
    assert codes(call(carol).at("post", f"inmails/{received.pk}/answer/", {"answer": "interested"})) == ["withdrawn"]


def test_a_queued_inmail_tells_its_sender_the_match_of_now(call, alice, carol, admin, send):
    sent = send(alice, carol, undo_seconds=30)
    assert call(alice).at("get", f"inmails/{sent.inmail_id}/").json()["match"] == "mismatch"
    assert call(admin).at("get", f"inmails/{sent.inmail_id}/").json()["match"] == "mismatch"
    assert call(alice).at("get", "inmails/?box=sent").json()["results"][0]["match"] == "mismatch"
    assert call(alice).at("post", f"inmails/{sent.inmail_id}/undo/").json()["match"] is None


def test_the_text_of_a_report_is_dropped(call, carol, received):
    answer = call(carol).at("post", f"inmails/{received.pk}/answer/", {"answer": "spam", "body": "You!"})
    assert (answer.status_code, answer.json()["answer"]) == (200, "spam")
    assert not Message.objects.exists()


def test_a_reply_needs_words(call, carol, received):
    path = f"inmails/{received.pk}/answer/"
    for data in ({"answer": "reply"}, {"answer": "reply", "body": " \u200b"}):
        answer = call(carol).at("post", path, data)
        assert answer.status_code == 400 and list(answer.json()) == ["body"], data
    assert call(carol).at("post", path, {"answer": "perhaps"}).status_code == 400
    assert call(carol).at("post", path, {"answer": "reply", "body": "Tell me more."}).status_code == 200


def test_who_switches_off_before_delivery_gives_the_sender_the_reason(call, alice, carol, send, noon):
    sent = send(alice, carol)
    reception.change(carol, at=noon, messages="introductions_only")
    assert delivery.deliver_one(sent.inmail_id)
    seen = call(alice).at("get", f"inmails/{sent.inmail_id}/").json()
    assert (seen["status"], seen["refusal"]["code"], seen["returned"]) == ("refused", "reception_off", True)


def test_the_boxes_hold_what_they_say_newest_first(call, alice, carol, dave, send):
    sent = [send(alice, carol), send(alice, dave)]
    for each in sent:
        delivery.deliver_one(each.inmail_id)
    box = call(alice).at("get", "inmails/?box=sent").json()
    assert [row["recipient"] for row in box["results"]] == ["dave", "carol"]
    assert [row["sender"] for row in call(carol).at("get", "inmails/").json()["results"]] == ["alice"]
    assert call(alice).at("get", "inmails/?box=drafts").status_code == 400


def test_silence_is_seen_by_the_sender_as_a_credit_that_came_back(call, alice, received, live, noon):
    clock.advance(live, until=noon + timedelta(days=7))
    seen = call(alice).at("get", f"inmails/{received.pk}/").json()
    assert (seen["returned"], seen["settled_at"]) == (True, "2014-06-10T12:00:00Z")
    assert LedgerEntry.objects.filter(member=alice, kind="return").count() == 1


@pytest.mark.parametrize("box", ["sent", "received"])
def test_a_long_box_costs_no_more_queries_than_a_short_one(
    call, alice, bob, carol, dave, erin, send, live, box, django_assert_max_num_queries
):
    for sender, recipient in ((alice, carol), (alice, dave), (alice, erin), (erin, alice), (erin, carol)):
        delivery.deliver_one(send(sender, recipient).inmail_id)
    client = call(alice if box == "sent" else carol)
    with django_assert_max_num_queries(4):
        assert len(client.at("get", f"inmails/?box={box}").json()["results"]) >= 2

import pytest

from accounts import invitations, network
from accounts.models import Connection, Invitation
from inmail import messaging
from inmail.models import Message
from privacy import blocks, reception

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("live")]


def codes(answer):
    assert answer.status_code == 422, answer.content
    return [refusal["code"] for refusal in answer.json()["refusals"]]


def test_connections_are_listed_and_ended(call, alice, bob):
    client = call(alice)
    assert [row["handle"] for row in client.at("get", "connections/").json()["results"]] == ["bob"]
    assert client.at("delete", "connections/bob/").status_code == 204
    assert client.at("delete", "connections/bob/").status_code == 404
    assert not Connection.objects.filter(member=bob, other=alice).exists()


def test_an_invitation_is_sent_seen_and_accepted(call, alice, dave):
    made = call(alice).at("post", "invitations/", {"member": "dave", "note": "We met in Lagos."})
    assert (made.status_code, made.json()["status"]) == (201, "pending")
    (seen,) = call(dave).at("get", "invitations/").json()["results"]
    accepted = call(dave).at("post", f"invitations/{seen['id']}/accept/")
    assert (accepted.status_code, accepted.json()["status"]) == (200, "accepted")
    assert network.degree(alice, dave) == 1
    assert codes(call(dave).at("post", f"invitations/{seen['id']}/ignore/")) == ["answered"]


def test_an_ignored_invitation_stays_pending_for_its_sender(call, alice, dave):
    pk = call(alice).at("post", "invitations/", {"member": "dave"}).json()["id"]
    assert call(dave).at("post", f"invitations/{pk}/ignore/").json()["status"] == "ignored"
    (mine,) = call(alice).at("get", "invitations/?box=sent").json()["results"]
    assert (mine["status"], mine["answered_at"]) == ("pending", None)


def test_invitations_of_others_are_not_there(call, alice, dave, erin, noon):
    pk = invitations.invite(alice, dave, at=noon).pk
    for member, act in ((erin, "accept"), (erin, "withdraw"), (alice, "accept"), (dave, "withdraw")):
        assert call(member).at("post", f"invitations/{pk}/{act}/").status_code == 404
    assert Invitation.objects.get().status == "pending"
    assert call(alice).at("post", f"invitations/{pk}/withdraw/").json()["status"] == "withdrawn"


@pytest.mark.parametrize(("member", "code"), [("alice", "self"), ("bob", "first_degree")])
def test_invitations_that_the_rules_refuse(call, alice, member, code):
    assert codes(call(alice).at("post", "invitations/", {"member": member})) == [code]


def test_a_note_is_at_most_300_characters(call, alice):
    answer = call(alice).at("post", "invitations/", {"member": "dave", "note": "x" * 301})
    assert (answer.status_code, list(answer.json())) == (400, ["note"])


def test_a_message_goes_to_a_connection(call, alice, bob):
    sent = call(alice).at("post", "messages/", {"recipient": "bob", "body": "Lunch?"})
    assert sent.status_code == 201
    assert {k: sent.json()[k] for k in ("sender", "recipient", "body")} == {
        "sender": "alice",
        "recipient": "bob",
        "body": "Lunch?",
    }
    assert call(bob).at("get", "me/").json()["unread"] == 1


def test_a_message_to_anyone_else_needs_an_open_thread(call, alice, carol, received, noon):
    body = {"recipient": "carol", "body": "Any news?"}
    assert codes(call(alice).at("post", "messages/", body)) == ["not_open"]
    assert not Message.objects.exists()
    messaging.answer(received, answer="interested", at=noon)
    sent = call(alice).at("post", "messages/", body)
    assert (sent.status_code, sent.json()["thread"]) == (201, received.thread_id)


def test_a_report_opens_no_thread(call, alice, carol, received, noon):
    messaging.answer(received, answer="spam", at=noon)
    assert codes(call(alice).at("post", "messages/", {"recipient": "carol", "body": "Why?"})) == ["not_open"]


def test_a_blocked_member_cannot_be_written_to(call, alice, bob, noon):
    blocks.block(bob, alice, at=noon)
    assert codes(call(alice).at("post", "messages/", {"recipient": "bob", "body": "Hm."})) == ["unavailable"]


def test_blocks_are_made_listed_and_lifted(call, alice, bob):
    client = call(alice)
    made = client.at("post", "blocks/", {"member": "bob"})
    assert (made.status_code, made.json()["handle"]) == (201, "bob")
    assert client.at("post", "blocks/", {"member": "bob"}).status_code == 200
    assert [row["handle"] for row in client.at("get", "blocks/").json()["results"]] == ["bob"]
    assert client.at("delete", "blocks/", {"member": "bob"}).status_code == 204
    assert client.at("delete", "blocks/", {"member": "bob"}).status_code == 404


def test_nobody_blocks_oneself(call, alice):
    answer = call(alice).at("post", "blocks/", {"member": "alice"})
    assert (answer.status_code, list(answer.json())) == (400, ["member"])


def test_reception_is_read_and_changed_in_part(call, frank, alice, words):
    client = call(frank)
    assert client.at("get", "reception/").json()["messages"] == "introductions_only"
    changed = client.at("patch", "reception/", {"messages": "introductions_inmail_open", "lowest_score": 2.5})
    assert changed.status_code == 200
    assert changed.json() == {
        "messages": "introductions_inmail_open",
        "open_profile": False,
        "interests": [],
        "advice": "",
        "lowest_score": 2.5,
    }
    assert call(alice).at("post", "inmails/", words | {"recipient": "frank"}).status_code == 201


def test_only_premium_members_open_their_profile(call, alice, bob, words):
    refused = call(bob).at("patch", "reception/", {"open_profile": True})
    assert (refused.status_code, list(refused.json())) == (400, ["open_profile"])
    assert call(alice).at("patch", "reception/", {"open_profile": True}).json()["open_profile"] is True
    assert reception.of(alice).takes_free_inmail

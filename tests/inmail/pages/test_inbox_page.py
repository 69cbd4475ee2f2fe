import pytest
from django.utils import timezone

from inmail import conversation, messaging
from inmail.models import Draft, Inmail, Status
from privacy import blocks

pytestmark = pytest.mark.django_db


def test_an_inmail_arrives_unread_with_its_category_and_match(page, words, delivered, erin, alice):
    delivered(erin, alice)
    said = words(page("alice", "/inbox/"))
    assert "unread Erin Ní Bhriain Consulting offer undeclared A question on your work" in said


def test_a_mismatch_waits_under_other(page, words, delivered, alice, carol):
    delivered(alice, carol)
    assert "A question" not in words(page("carol", "/inbox/"))
    assert "mismatch A question on your work" in words(page("carol", "/inbox/?box=other"))


def test_a_sent_inmail_is_not_in_the_inbox_until_it_is_answered(page, words, delivered, alice, carol, noon):
    inmail = delivered(alice, carol)
    assert "A question" not in words(page("alice", "/inbox/"))
    assert "A question" in words(page("alice", "/inbox/?box=awaiting"))
    messaging.answer(inmail, answer="reply", body="Gladly.", at=noon)
    assert "Gladly." in words(page("alice", "/inbox/"))
    assert "A question" not in words(page("alice", "/inbox/?box=awaiting"))


def test_reading_opens_an_inmail_and_marks_it_read(page, words, delivered, erin, alice):
    inmail = delivered(erin, alice)
    assert "We need a week" in words(page("alice", f"/threads/{inmail.thread_id}/"))
    inmail.refresh_from_db()
    assert inmail.status == Status.OPENED
    assert "0 unread messages" in words(page("alice", "/status/"))


def test_nobody_else_can_read_a_thread(page, delivered, alice, carol):
    inmail = delivered(alice, carol)
    page("dave", f"/threads/{inmail.thread_id}/", status=404)
    page("admin", f"/threads/{inmail.thread_id}/", status=404)


def test_a_queued_inmail_is_unknown_to_its_recipient(page, send, alice, carol):
    sent = send(alice, carol, undo_seconds=10)
    page("carol", f"/threads/{sent.thread_id}/", status=404)
    page("carol", f"/inmails/{sent.inmail_id}/answer/", {"answer": "interested"}, status=404)


def test_interest_is_answered_without_words_and_opens_the_conversation(page, words, delivered, alice, carol):
    inmail = delivered(alice, carol)
    page("carol", f"/inmails/{inmail.pk}/answer/", {"answer": "interested"}, status=302)
    page("alice", f"/threads/{inmail.thread_id}/", {"body": "Shall we say Monday?"}, status=302)
    assert "Shall we say Monday?" in words(page("carol", f"/threads/{inmail.thread_id}/"))


def test_a_reply_needs_words(page, delivered, alice, carol):
    inmail = delivered(alice, carol)
    page("carol", f"/inmails/{inmail.pk}/answer/", {"answer": "reply", "body": " "}, status=400)
    page("carol", f"/inmails/{inmail.pk}/answer/", {"answer": "applause"}, status=400)
    inmail.refresh_from_db()
    assert not inmail.is_answered


def test_a_second_answer_is_refused_and_only_the_recipient_answers(page, delivered, alice, carol):
    inmail = delivered(alice, carol)
    page("dave", f"/inmails/{inmail.pk}/answer/", {"answer": "spam"}, status=404)
    page("alice", f"/inmails/{inmail.pk}/answer/", {"answer": "interested"}, status=404)
    page("carol", f"/inmails/{inmail.pk}/answer/", {"answer": "interested"}, status=302)
    page("carol", f"/inmails/{inmail.pk}/answer/", {"answer": "spam"}, status=422)


def test_a_sender_never_learns_of_a_report(page, words, delivered, alice, carol):
    inmail = delivered(alice, carol)
    page("carol", f"/inmails/{inmail.pk}/answer/", {"answer": "spam"}, status=302)
    assert "does not learn who reported" in words(page("carol", "/inbox/"))
    for url in (f"/threads/{inmail.thread_id}/", "/inbox/?box=sent", "/inbox/"):
        said = words(page("alice", url)).lower()
        assert "report" not in said and "spam" not in said and "answered" not in said


def test_a_reported_inmail_awaits_its_deadline_and_its_page_goes_on_looking(page, words, delivered, live, alice, carol):
    inmail = delivered(alice, carol)
    page("carol", f"/inmails/{inmail.pk}/answer/", {"answer": "spam"}, status=302)
    assert "A question on your work" in words(page("alice", "/inbox/?box=awaiting"))
    assert b'hx-trigger="every 2s"' in page("alice", f"/threads/{inmail.thread_id}/").content
    Inmail.objects.filter(pk=inmail.pk).update(deadline_at=live.now_at)
    assert "A question on your work" not in words(page("alice", "/inbox/?box=awaiting"))


@pytest.mark.parametrize("why", ["blocked", "gone"])
def test_a_conversation_shows_no_more_than_the_name_of_who_is_apart(page, words, delivered, alice, carol, noon, why):
    inmail = delivered(alice, carol)
    assert "Head of Data" in words(page("alice", f"/threads/{inmail.thread_id}/"))
    if why == "blocked":
        blocks.block(carol, alice, at=noon)
    else:
        type(carol).objects.filter(pk=carol.pk).update(deactivated_at=noon)
    for said in (
        words(page("alice", f"/threads/{inmail.thread_id}/")),
        words(page("alice", "/members/carol/message/", {"body": "Hello"}, status=422)),
    ):
        assert "Carol Conti" in said and "Head of Data" not in said and "2nd" not in said


def test_undo_brings_the_credit_and_the_text_back(page, words, send, alice, carol):
    sent = send(alice, carol, undo_seconds=10)
    assert "you can still take it back" in words(page("alice", f"/threads/{sent.thread_id}/"))
    answer = page("alice", f"/inmails/{sent.inmail_id}/undo/", {}, status=302)
    assert answer.url == "/members/carol/inmail/"
    assert Draft.objects.get().body == "We need a week of your advice on churn."
    assert "25 credits" in words(page("alice", "/status/"))


def test_undo_after_delivery_is_told_and_changes_nothing(page, words, client, delivered, alice, carol):
    inmail = delivered(alice, carol)
    answer = page("alice", f"/inmails/{inmail.pk}/undo/", {}, status=302)
    assert "can no longer be undone" in words(client.get(answer.url))
    page("carol", f"/inmails/{inmail.pk}/undo/", {}, status=404)


def test_withdrawing_takes_it_from_the_recipient(page, words, delivered, alice, carol):
    inmail = delivered(alice, carol)
    page("alice", f"/inmails/{inmail.pk}/withdraw/", {}, status=302)
    page("carol", f"/threads/{inmail.thread_id}/", status=404)
    assert "Withdrawn" in words(page("alice", f"/threads/{inmail.thread_id}/"))


def test_the_thread_state_is_an_htmx_part_with_the_steps(page, words, delivered, alice, carol):
    inmail = delivered(alice, carol)
    part = page("alice", f"/threads/{inmail.thread_id}/", **{"HX-Request": "true"})
    assert b"<html" not in part.content and "Sent · 1 credit" in words(part) and "Not opened yet" in words(part)


def test_markup_in_a_message_is_shown_as_text(page, live, bob, alice, noon):
    conversation.direct(live, bob, alice, body="<img src=x onerror=alert(1)> javascript:alert(1)", at=noon)
    html = page("alice", "/inbox/").content.decode()
    assert "<img src=x" not in html and "&lt;img src=x onerror=alert(1)&gt;" in html and 'href="javascript' not in html


@pytest.mark.parametrize("box", ["focused", "sent"])
def test_a_box_costs_as_many_queries_for_one_as_for_many(page, live, cast, noon, django_assert_max_num_queries, box):
    page("alice", f"/inbox/?box={box}")
    for handle in ("carol", "dave", "erin"):
        for _again in range(8):
            _sent(live, cast[handle], cast["alice"], noon) if box == "focused" else _sent(
                live, cast["alice"], cast[handle], noon
            )
    with django_assert_max_num_queries(7):
        assert page("alice", f"/inbox/?box={box}").content.count(b'id="mail-') >= 20


def _sent(live, sender, recipient, at):
    """A delivered InMail, laid down as a row: the rules let only one of a pair be open."""
    thread = conversation.Thread.objects.create(
        timeline=live, kind="inmail", opener=sender, other=recipient, subject="S", opener_at=at, other_at=at
    )
    policy = messaging.terms.name_at(live, at)
    Inmail.objects.create(
        timeline=live,
        thread=thread,
        sender=sender,
        recipient=recipient,
        category="new_venture",
        subject="S",
        body="B",
        cost=0,
        policy_id=policy,
        status="delivered",
        awaiting=False,
        created_at=at,
        delivered_at=at,
        deadline_at=at,
        release_at=timezone.now(),
    )

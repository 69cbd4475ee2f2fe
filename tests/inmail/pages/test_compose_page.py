import re
import uuid

import pytest

from inmail import conversation, ledger
from inmail.models import Draft, Inmail, Message
from privacy import blocks, reception

pytestmark = pytest.mark.django_db

TEXT = {"category": "consulting_offer", "subject": "Six days", "body": "Would a call suit you?"}


@pytest.fixture
def typed():
    """What the composer sends: the text and the key of its draft."""
    return TEXT | {"draft": str(uuid.uuid4())}


def test_the_composer_shows_interests_credits_score_and_cost(page, words):
    said = words(page("alice", "/members/carol/inmail/"))
    assert "Carol welcomes Career opportunity Expertise request" in said
    assert "25 credits left" in said and "your score no score yet" in said
    assert "Send InMail 1 credit" in said and "comes back if no answer in 7 days" in said


def test_a_mismatch_is_told_and_sent(page, words, client, typed, live, alice):
    answer = page("alice", "/members/carol/inmail/", typed, status=302)
    assert Inmail.objects.get().category == "consulting_offer"
    assert ledger.balance(live, alice) == 24
    assert "less likely to be opened" in words(client.get(answer.url))


def test_a_doubled_click_sends_once_and_leads_to_the_same_thread(page, typed, live, alice):
    first = page("alice", "/members/carol/inmail/", typed, status=302)
    second = page("alice", "/members/carol/inmail/", typed, status=302)
    assert first.url == second.url
    assert (Inmail.objects.count(), ledger.balance(live, alice)) == (1, 24)


def test_a_second_tab_is_refused_and_keeps_its_text(page, words, typed):
    page("alice", "/members/carol/inmail/", typed, status=302)
    other = typed | {"draft": str(uuid.uuid4()), "body": "Another text."}
    answer = page("alice", "/members/carol/inmail/", other, status=422)
    assert "still awaits an answer" in words(answer) and "Another text." in words(answer)


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": ""},
        {"subject": " "},
        {"subject": "two\nlines"},
        {"subject": "x" * 201},
        {"body": "\u200b"},
        {"body": "x" * 1_901},
        {"body": "nul\x00"},
        {"body": "x" * 1_000_000},
        {"category": "love_letter"},
        {"category": ""},
    ],
)
def test_unusable_texts_are_told_at_the_field_and_nothing_is_spent(page, typed, wrong, live, alice):
    answer = page("alice", "/members/carol/inmail/", typed | wrong, status=400)
    assert b"field-error" in answer.content
    assert (Inmail.objects.count(), ledger.balance(live, alice)) == (0, 25)


def test_lengths_are_counted_after_line_ends_became_one_character(page, typed):
    page("alice", "/members/carol/inmail/", typed | {"body": "x\r\n" * 633 + "x" * 634}, status=302)
    assert len(Inmail.objects.get().body) == 1_900


def test_who_switched_off_meanwhile_is_not_reached_and_the_text_is_kept(page, words, typed, carol, noon):
    reception.change(carol, at=noon, messages="introductions_only")
    answer = page("alice", "/members/carol/inmail/", typed, status=422)
    assert "does not receive InMail" in words(answer) and "Would a call suit you?" in words(answer)


def test_who_was_blocked_while_writing_learns_nothing_more_and_keeps_the_text(page, words, typed, carol, alice, noon):
    blocks.block(carol, alice, at=noon)
    for act in ("", "preview"):
        answer = page("alice", "/members/carol/inmail/", typed | {"act": act}, status=302)
        assert answer.url == "/members/carol/"
        said = words(page("alice", answer.url))
        assert "This member is unavailable." in said and "Head of Data" not in said
    assert Draft.objects.get().body == "Would a call suit you?" and not Inmail.objects.exists()


def test_a_text_changed_after_sending_is_kept_and_can_be_sent_anew(page, words, client, typed):
    first = page("alice", "/members/carol/inmail/", typed, status=302)
    client.post(f"/inmails/{Inmail.objects.get().pk}/undo/")
    answer = page("alice", "/members/carol/inmail/", typed | {"body": "Another text."}, status=422)
    assert "differs from the one you have already sent" in words(answer) and "Another text." in words(answer)
    key = answer.context["draft"].key
    assert str(key) != typed["draft"]
    second = page("alice", "/members/carol/inmail/", typed | {"body": "Another text.", "draft": key}, status=302)
    assert second.url != first.url and Inmail.objects.filter(body="Another text.").count() == 1


def test_without_credits_the_page_says_how_to_get_some(page, words):
    said = words(page("bob", "/members/dave/inmail/"))
    assert "You have no credits left" in said and "See your credits" in said


def test_while_a_refusal_stands_sending_is_not_offered_but_the_draft_is(page, words, typed):
    page("alice", "/members/carol/inmail/", typed, status=302)
    other = typed | {"draft": str(uuid.uuid4())}
    tries = (None, 200), (other, 422), (other | {"act": "preview"}, 200), (typed | {"body": "Other words."}, 422)
    for sent, status in tries:
        answer = page("alice", "/members/carol/inmail/", *([sent] if sent else []), status=status)
        said = words(answer)
        assert 'type="submit" disabled' in answer.text and "still awaits an answer" in said
        assert "Send InMail Save draft" in said and "comes back" not in said


def test_a_shared_group_offers_a_free_message(page):
    assert b"/groups/data-science-italia/message/erin/" in page("alice", "/members/erin/inmail/").content


def test_a_connection_is_led_to_the_message_form(page):
    assert page("alice", "/members/bob/inmail/", status=302).url == "/members/bob/message/"
    assert page("alice", "/members/alice/inmail/", status=302).url == "/members/alice/"


def test_what_one_types_is_kept_and_brought_back(page, words, typed):
    page("alice", "/members/carol/inmail/draft/", typed)
    assert "Would a call suit you?" in words(page("alice", "/members/carol/inmail/"))
    assert "Six days" in words(page("alice", "/inbox/?box=drafts"))


def test_sending_ends_the_draft_and_a_late_save_cannot_bring_it_back(page, typed):
    page("alice", "/members/carol/inmail/draft/", typed)
    page("alice", "/members/carol/inmail/", typed, status=302)
    page("alice", "/members/carol/inmail/draft/", typed)
    assert not Draft.objects.exists()


def test_a_draft_with_nul_or_without_a_key_is_a_bad_request(page, typed):
    page("alice", "/members/carol/inmail/draft/", typed | {"body": "\x00"}, status=400)
    page("alice", "/members/carol/inmail/draft/", typed | {"draft": "x"}, status=400)


def test_the_preview_shows_the_letter_and_sends_nothing(page, words, typed):
    said = words(page("alice", "/members/carol/inmail/", typed | {"act": "preview"}))
    assert "Six days" in said and said.count("Mismatch: not among what Carol welcomes") >= 2
    assert not Inmail.objects.exists()


def test_a_message_to_a_connection_is_written_once(page, alice):
    typed = {"body": "Lunch?", "token": str(uuid.uuid4())}
    first = page("alice", "/members/bob/message/", typed, status=302)
    assert page("alice", "/members/bob/message/", typed, status=302).url == first.url
    assert Message.objects.count() == 1


def test_a_conversation_that_has_begun_is_gone_on_with(page, live, bob, alice, noon):
    begun = conversation.direct(live, bob, alice, body="Hello", at=noon).thread_id
    assert page("alice", "/members/bob/message/", status=302).url == f"/threads/{begun}/"


def test_a_draft_can_be_discarded(page, typed):
    page("alice", "/members/carol/inmail/draft/", typed)
    page("alice", "/members/carol/inmail/", typed | {"act": "discard"}, status=302)
    assert not Draft.objects.exists()


def test_a_message_to_anyone_else_is_refused(page):
    page("alice", "/members/dave/message/", {"body": "Hello"}, status=422)
    assert page("alice", "/members/dave/message/", status=302).url == "/members/dave/"


def test_a_group_message_needs_both_in_the_group(page):
    page("alice", "/groups/data-science-italia/message/erin/", {"body": "Hello"}, status=302)
    page("alice", "/groups/data-science-italia/message/dave/", {"body": "Hello"}, status=404)
    page("dave", "/groups/data-science-italia/message/erin/", {"body": "Hello"}, status=404)


def test_the_composer_costs_a_bounded_number_of_queries(page, django_assert_max_num_queries):
    page("alice", "/members/carol/inmail/")
    with django_assert_max_num_queries(14):
        page("alice", "/members/carol/inmail/")


@pytest.mark.parametrize("place", ["message", "thread"])
def test_a_message_changed_after_the_back_button_is_kept_and_can_be_sent_too(page, words, live, alice, bob, place):
    typed = {"body": "First words.", "token": str(uuid.uuid4())}
    sent = page("alice", "/members/bob/message/", typed, status=302)
    url = "/members/bob/message/" if place == "message" else sent.url.split("#")[0]
    again = page("alice", url, typed | {"body": "Other words."}, status=422)
    assert "press the button again" in words(again) and "Other words." in again.text
    token = re.search(r'name="token" value="([^"]+)"', again.text).group(1)
    page("alice", url, {"body": "Other words.", "token": token}, status=302)
    assert list(Message.objects.order_by("id").values_list("body", flat=True)) == ["First words.", "Other words."]


def test_the_same_words_to_somebody_else_are_not_taken_for_sent(page, typed, words):
    page("alice", "/members/carol/inmail/", typed, status=302)
    answer = page("alice", "/members/dave/inmail/", typed, status=422)
    key = answer.context["draft"].key
    page("alice", "/members/dave/inmail/", typed | {"draft": key}, status=302)
    assert sorted(Inmail.objects.values_list("recipient__handle", flat=True)) == ["carol", "dave"]


def test_the_same_message_elsewhere_is_not_taken_for_sent(page, live, alice, bob):
    typed = {"body": "Lunch?", "token": str(uuid.uuid4())}
    sent = page("alice", "/members/bob/message/", typed, status=302)
    page("alice", "/groups/data-science-italia/message/erin/", typed, status=422)
    page("alice", sent.url.split("#")[0], typed, status=422)
    page("alice", "/members/bob/message/", typed, status=302)
    assert Message.objects.count() == 1

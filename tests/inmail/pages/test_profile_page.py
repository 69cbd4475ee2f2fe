from datetime import timedelta

import pytest

from accounts import invitations
from privacy import blocks

pytestmark = pytest.mark.django_db


def test_a_profile_shows_the_way_and_what_is_welcome(page, words):
    said = words(page("alice", "/members/carol/"))
    assert "Carol Conti 2nd" in said and "Torino, Italy" in said
    assert "1 connection in common" in said and "You Bob Lindqvist Carol Conti" in said
    assert "Career opportunity" in said and "Please say which project" in said
    assert "InMail to Carol Conti 1 credit" in said


def test_who_has_switched_inmail_off_has_no_button_but_the_reason(page, words):
    answer = page("alice", "/members/frank/")
    assert "does not receive InMail" in words(answer)
    assert b"/members/frank/inmail/" not in answer.content


def test_a_connection_is_offered_a_message_not_an_inmail(page):
    html = page("alice", "/members/bob/").content
    assert b"/members/bob/message/" in html and b"/members/bob/inmail/" not in html


def test_the_blocked_side_sees_a_bare_profile(page, words, alice, carol, noon):
    blocks.block(carol, alice, at=noon)
    said = words(page("alice", "/members/carol/"))
    assert "This member is unavailable." in said
    assert "Head of Data" not in said and "block" not in said.lower()


def test_the_blocking_side_still_sees_the_profile(page, words, alice, carol, noon):
    blocks.block(alice, carol, at=noon)
    assert "Head of Data" in words(page("alice", "/members/carol/"))


def test_who_has_left_is_said_to_have_left(page, words, carol, noon):
    carol.deactivated_at = noon + timedelta(days=1)
    carol.save()
    assert "has left the platform" in words(page("alice", "/members/carol/"))


def test_a_pending_invitation_replaces_the_blue_button(page, words, alice, carol, noon):
    invitations.invite(alice, carol, at=noon)
    assert "Invitation sent" in words(page("alice", "/members/carol/"))


def test_an_unknown_handle_is_not_found(page):
    page("alice", "/members/nobody/", status=404)
    page("alice", "/members/no%00body/", status=404)


def test_markup_in_a_profile_is_shown_as_text(page, carol):
    carol.about = "<script>alert(1)</script> {{ 7|add:7 }}"
    carol.save()
    html = page("alice", "/members/carol/").content.decode()
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }}" in html


def test_a_profile_costs_a_bounded_number_of_queries(page, django_assert_max_num_queries):
    page("alice", "/members/carol/")
    with django_assert_max_num_queries(16):
        page("alice", "/members/carol/")

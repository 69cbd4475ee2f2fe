import pytest

from accounts.models import Member
from privacy import blocks

pytestmark = pytest.mark.django_db


def test_each_result_says_how_near_and_what_an_inmail_costs_or_why_none(page, words):
    said = words(page("alice", "/search/"))
    assert "Carol Conti 2nd" in said and "Bob Lindqvist 1st" in said and "Dave Okafor out of network" in said
    assert "InMail to Dave Okafor 1 credit" in said
    assert "This member does not receive InMail" in said


def test_htmx_gets_the_results_alone(page):
    part = page("alice", "/search/?q=carol", **{"HX-Request": "true"})
    assert b"<html" not in part.content and b"Carol Conti" in part.content
    assert "HX-Request" in part["Vary"]


def test_going_back_in_history_gets_the_whole_page(page):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert b"<html" in page("alice", "/search/?q=carol", **headers).content


@pytest.mark.parametrize("q", ["%", "&|!():*", "🙂", "a " * 5_000, "' OR 1=1 --", "<b>"])
def test_odd_texts_are_answered_with_a_page(page, q):
    page("alice", f"/search/?{'q'}=" + q.replace("%", "%25").replace("&", "%26"))


def test_of_five_thousand_words_the_first_are_used_and_it_says_so(page, words):
    said = words(page("alice", "/search/?q=" + "+".join(f"professional{n}" for n in range(5_000))))
    assert "Only the first 16 words were used." in said


def test_nul_and_unknown_filters_are_bad_requests(page):
    page("alice", "/search/?q=%00", status=400)
    page("alice", "/search/?degree=7", status=400)
    page("alice", "/search/?country=%00", status=400)


def test_a_cursor_that_was_tampered_with_begins_anew_and_says_so(page, words):
    assert "beginning" in words(page("alice", "/search/?cursor=made-up"))


def test_who_has_blocked_the_viewer_is_not_found(page, words, carol, alice, noon):
    blocks.block(carol, alice, at=noon)
    assert "Carol" not in words(page("alice", "/search/"))


def test_a_page_of_results_costs_as_many_queries_for_one_as_for_twenty(page, noon, django_assert_max_num_queries):
    for number in range(25):
        Member.objects.create_user(f"many-{number}", first_name="Many", joined_at=noon, country="IT")
    page("alice", "/search/?q=many")
    with django_assert_max_num_queries(9):
        assert page("alice", "/search/?q=many").content.count(b'class="result"') == 20

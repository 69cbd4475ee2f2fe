import re
import uuid

import pytest

from inmail import ledger, subscriptions, terms

pytestmark = pytest.mark.django_db


def test_the_page_shows_balance_next_grant_and_each_entry_with_its_reason(page, words, send, alice, carol):
    send(alice, carol)
    said = words(page("alice", "/credits/"))
    assert "next grant 3 Jul 2014, +25 (cap 75)" in said
    assert "Spent InMail sent · Carol Conti −1 24" in said and "Granted opening balance +25 25" in said


def test_buying_once_adds_once_however_often_it_is_pressed(page, live, alice):
    typed = {"quantity": "3", "token": str(uuid.uuid4())}
    page("alice", "/credits/purchase/", typed, status=302)
    page("alice", "/credits/purchase/", typed, status=302)
    assert ledger.balance(live, alice) == 28


def test_another_quantity_after_the_back_button_is_told_and_can_be_bought_too(page, words, live, alice):
    typed = {"quantity": "3", "token": str(uuid.uuid4())}
    page("alice", "/credits/purchase/", typed, status=302)
    again = page("alice", "/credits/purchase/", typed | {"quantity": "5"}, status=422)
    assert "This button has already done something else" in words(again) and ledger.balance(live, alice) == 28
    token = re.search(r'name="token" value="([^"]+)"', again.text).group(1)
    page("alice", "/credits/purchase/", {"quantity": "5", "token": token}, status=302)
    assert ledger.balance(live, alice) == 33


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "NaN", "", "9223372036854775808", "9" * 5000, "x"])
def test_unusable_quantities_are_told_and_buy_nothing(page, live, alice, quantity):
    assert b"field-error" in page("alice", "/credits/purchase/", {"quantity": quantity}, status=400).content
    assert ledger.balance(live, alice) == 25


def test_the_monthly_limit_is_told(page, words):
    assert "calendar month" in words(page("alice", "/credits/purchase/", {"quantity": "11"}, status=422))


def test_a_policy_that_sells_none_says_so(page, words, live, noon):
    terms.put_in_force(live, name="2024", from_at=noon)
    assert "sells no extra credits" in words(page("alice", "/credits/"))
    page("alice", "/credits/purchase/", {"quantity": "1"}, status=422)


def test_a_larger_plan_begins_at_once_and_a_smaller_one_later(page, words, live, bob, alice):
    page("bob", "/credits/plan/", {"plan": "business"}, status=302)
    assert ledger.balance(live, bob) == 10
    page("alice", "/credits/plan/", {"plan": "basic"}, status=302)
    assert (subscriptions.of(live, alice).plan, ledger.balance(live, alice)) == ("recruiter_lite", 25)
    assert "From the next billing day Basic" in words(page("alice", "/credits/"))


def test_an_unknown_plan_is_a_bad_request(page):
    page("alice", "/credits/plan/", {"plan": "gold"}, status=400)


def test_the_page_costs_a_bounded_number_of_queries(page, send, alice, carol, dave, django_assert_max_num_queries):
    send(alice, carol)
    send(alice, dave)
    page("alice", "/credits/")
    with django_assert_max_num_queries(22):
        page("alice", "/credits/")

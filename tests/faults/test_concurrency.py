"""F17-F19: many at once for few credits, and one sending asked for many times; the database lets one have it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from inmail import ledger
from inmail.models import Inmail
from tests.faults.pages import Browser
from tests.faults.world import populate

pytestmark = pytest.mark.django_db(transaction=True)
ONE = "one InMail, one charge, equal answers (409 only while the first runs)"


@pytest.fixture
def world(live, request):
    """Two senders; a parameter says how many credits each has."""
    return populate(live, senders=2, recipients=100, credits=getattr(request, "param", 5))


@pytest.fixture
def pair(world):
    return world.senders[0], world.recipients[0]


def at_once(acts: list) -> list:
    """Each act in a thread of its own, all begun at one moment."""
    gate = Barrier(len(acts))
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(lambda act: [gate.wait(), act()][1], acts))


def one_charge(world, answers) -> bool:
    """All answers name the same InMail, the only one; a credit is gone."""
    assert Inmail.objects.count() == 1
    assert {answer.inmail_id for answer in answers} == {Inmail.objects.get().pk}
    return ledger.balance(world.live, world.senders[0]) == 4


@pytest.mark.fault("F17", "100 concurrent sends with 1 or 50 credits", "exactly as many; others refused", fast=True)
@pytest.mark.parametrize("world", [1, 50], indirect=True)
def test_a_hundred_sends_at_once_are_as_many_as_there_are_credits(platform, world, load, figures):
    sender, credits = world.senders[0], ledger.balance(world.live, world.senders[0])
    decided = at_once([lambda to=to: load.insist(sender, to) for to in world.recipients])
    assert Counter(answer.word for answer in decided) == {"201": credits, "no_credits": 100 - credits}
    assert {answer.status for answer in decided} == {201, 422}
    assert ledger.balance(world.live, sender) == 0
    figures.recover(max(answer.begun for answer in decided))
    assert figures.check(longest=15).delivered == credits  # a hundred wait in a row for eight threads


@pytest.mark.fault("F18", "the same key 20 times at once", ONE, fast=True)
def test_one_key_twenty_times_at_once_is_one_inmail(platform, world, load, figures, pair):
    first = at_once([lambda: load.send(*pair, key="the same")] * 20)
    assert {answer.status for answer in first} <= {201, 409}
    decided = [answer if answer.status == 201 else load.insist(*pair, key="the same") for answer in first]
    assert all(answer.body == decided[0].body for answer in decided)
    assert one_charge(world, decided)
    figures.recover(decided[0].begun)
    assert figures.check(longest=3).delivered == 1


@pytest.mark.fault("F18", "double click, then back and resubmit", ONE, fast=True)
def test_a_double_click_and_a_resubmission_are_one_inmail(platform, world, load, figures, pair):
    browser = Browser(load, pair[0])
    form = browser.open(pair[1])
    answers = browser.press(pair[1], form, form)
    answers += browser.press(pair[1], form)
    assert one_charge(world, answers)
    figures.recover(answers[0].begun)
    assert figures.check(longest=3).delivered == 1


@pytest.mark.fault("F18", "two tabs of one saved draft", ONE)
def test_two_tabs_of_a_draft_are_one_inmail(platform, world, load, figures, pair):
    browser = Browser(load, pair[0])
    browser.save(pair[1], browser.open(pair[1]))
    answers = browser.press(pair[1], browser.open(pair[1]), browser.open(pair[1]))
    assert one_charge(world, answers)
    figures.recover(answers[0].begun)
    assert figures.check(longest=3).delivered == 1


@pytest.mark.fault("F18", "two tabs, each a sending of its own", "one InMail; the other refused")
def test_of_two_tabs_that_know_nothing_of_each_other_one_is_refused(platform, world, load, figures, pair):
    browser = Browser(load, pair[0])
    answers = browser.press(pair[1], browser.open(pair[1]), browser.open(pair[1]))
    assert sorted(answer.status for answer in answers) == [201, 422]
    assert one_charge(world, [answer for answer in answers if answer.status == 201])
    figures.recover(answers[0].begun)
    assert figures.check(longest=3).delivered == 1


@pytest.mark.fault("F19", "the same key with another body, and of another member", "422; independent", fast=True)
def test_a_key_stands_for_one_text_of_one_member(platform, world, load, figures, pair):
    (sender, other), recipient = world.senders, pair[1]
    first = load.send(sender, recipient, key="mine")
    changed = load.send(sender, recipient, key="mine", body="Quite another text.")
    elsewhere = load.send(sender, world.recipients[1], key="mine")
    theirs = load.send(other, recipient, key="mine", body="Quite another text.")
    assert (first.status, theirs.status) == (201, 201) and first.inmail_id != theirs.inmail_id
    assert [(a.status, a.word) for a in (changed, elsewhere)] == [(422, "idempotency_key_reused")] * 2
    assert [ledger.balance(world.live, member) for member in (sender, other)] == [4, 4]
    figures.recover(theirs.begun)
    assert figures.check(longest=3).delivered == 2

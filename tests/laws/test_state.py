"""The laws themselves, shown to notice: each doctored world breaks the one it was doctored against."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.laws import acts, play
from tests.laws.state import broken

COURSE = acts.Course(datetime(2014, 6, 3, 12, tzinfo=UTC), "2014", False, ())
DAY = timedelta(days=1)


@pytest.fixture
def world():
    """One InMail answered, one delivered, one undone, one on its way."""
    world = acts.begin(COURSE, length=play.LENGTH)
    for whom in (2, 3, 4, 5):
        world.send(0, whom, "new_venture", is_held=whom == 4)
    world.undo(2)
    world.deliver(0)
    world.deliver(1)
    world.answer(0, "interested")
    return world


def letter(state, place, **facts):
    changed = state.letters[place]._replace(**facts)
    return state._replace(letters=(*state.letters[:place], changed, *state.letters[place + 1 :]))


def entries(state, who, *found):
    return state._replace(entries=(*state.entries[:who], tuple(found), *state.entries[who + 1 :]))


def person(state, who, **facts):
    changed = state.people[who]._replace(**facts)
    return state._replace(people=(*state.people[:who], changed, *state.people[who + 1 :]))


def twice(state, place):
    return state._replace(outcomes=(*state.outcomes, state.outcomes[place]))


DOCTORED = {
    "was changed or deleted": lambda s: entries(s, 0, *s.entries[0][:-1]),
    "does not follow the one before": lambda s: entries(s, 0, *s.entries[0], s.entries[0][-1]._replace(number=9)),
    "the balance of 0 is -": lambda s: entries(s, 0, *s.entries[0], s.entries[0][-1]._replace(amount=-99)),
    "the wallet of 0 holds": lambda s: person(s, 0, balance=99),
    "is not the sum of the balances": lambda s: person(s, 0, balance=99),
    "was spent 1 and returned 1 times": lambda s: letter(s, 2, returned=False),
    "has the spend of letter 0, of another": lambda s: letter(s, 0, sender=1),
    "more than one InMail of a pair": lambda s: letter(s, 1, recipient=s.letters[3].recipient),
    "was settled twice": lambda s: letter(s, 0, settled_at=s.now + DAY),
    "was answered twice": lambda s: letter(s, 0, answer="spam"),
    "is settled (None, False), due is": lambda s: letter(s, 0, settled_at=None),
    "came to nothing and was not returned": lambda s: letter(s, 2, returned=False),
    "has 2 outcomes": lambda s: twice(s, 0),
    "has 0 outcomes": lambda s: s._replace(outcomes=s.outcomes[1:]),
}


def test_a_world_as_the_rules_make_it_breaks_no_law(world):
    assert broken(world.state(), world.state()) == []


@pytest.mark.parametrize("law", DOCTORED)
def test_a_doctored_world_breaks_the_law_it_was_doctored_against(world, law):
    assert any(law in found for found in broken(world.state(), DOCTORED[law](world.state())))


def test_silence_that_is_not_settled_at_the_very_deadline_breaks_the_law(world):
    before = world.state()
    assert broken(before, before._replace(now=before.now + 7 * DAY - timedelta(seconds=1))) == []
    assert "due is" in broken(before, before._replace(now=before.now + 7 * DAY))[0]


@pytest.mark.parametrize("against", ["reception", "block", "gone"])
def test_a_delivery_against_the_reception_in_force_breaks_the_law(world, against):
    before = world.state()
    world.deliver(3)
    after, recipient = world.state(), before.letters[3].recipient
    before = {
        "reception": person(before, recipient, messages="introductions_only"),
        "block": before._replace(blocks=frozenset({(recipient, 0)})),
        "gone": person(before, recipient, gone=True),
    }[against]
    assert "delivered against the reception" in broken(before, after)[0]

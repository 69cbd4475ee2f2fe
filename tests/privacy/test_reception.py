"""What members accept: now, at an instant of the past, and what cannot be chosen."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from privacy import blocks, reception
from privacy.models import Messages, ReceptionChange

pytestmark = pytest.mark.django_db


def test_one_who_never_chose_accepts_the_default(alice):
    row = reception.of(alice)
    assert row.messages == Messages.ALL and row.lowest_score == 3 and not row.interests and not row.open_profile


def test_frank_has_inmail_off_until_he_switches_it_on(frank, noon):
    assert not reception.accepts_inmail(frank)
    reception.change(frank, at=noon, messages=Messages.ALL)
    assert reception.accepts_inmail(frank)


def test_a_change_leaves_the_rest_and_is_on_record(carol, noon):
    later = noon + timedelta(days=1)
    reception.change(carol, at=later, interests={"job_inquiry", "career_opportunity"})
    assert reception.of(carol).advice and reception.of(carol).interests == ["career_opportunity", "job_inquiry"]
    assert reception.as_of(carol, at=noon).interests == ["career_opportunity", "expertise_request"]
    assert reception.as_of(carol, at=later).interests == ["career_opportunity", "job_inquiry"]
    assert reception.as_of(carol, at=noon - timedelta(1)).interests == []


def test_a_change_that_changes_nothing_is_not_on_record(carol, noon):
    before = ReceptionChange.objects.count()
    reception.change(carol, at=noon, messages=Messages.ALL, lowest_score=Decimal("3.0"))
    assert ReceptionChange.objects.count() == before


@pytest.mark.parametrize(
    "wrong",
    [{"messages": "everything"}, {"interests": ["spam"]}, {"advice": "x" * 2001}, {"advice": "a\0"},
     {"advice": "\ud800"}, {"lowest_score": Decimal("5.1")}, {"lowest_score": Decimal(-1)},
     {"lowest_score": Decimal("3.25")},
     {"lowest_score": "NaN"}, {"open_profile": True}, {"interests": None}, {"interests": "career_opportunity"}],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_field(wrong, carol, noon, live):
    with pytest.raises(ValidationError) as error:
        reception.change(carol, at=noon, **wrong)
    assert list(error.value.message_dict) == list(wrong)
    assert reception.of(carol).advice and ReceptionChange.objects.filter(member=carol).count() == 1


def test_receptions_of_many_come_in_one_query(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = reception.of_all(cast.values())
    assert found[cast["frank"].pk].inmail_off and not found[cast["alice"].pk].inmail_off


def test_a_block_stands_between_both(alice, carol, noon):
    assert blocks.block(carol, alice, at=noon) and not blocks.block(carol, alice, at=noon)
    assert blocks.between(alice, carol) and blocks.between(carol, alice)
    assert blocks.unblock(carol, alice) and not blocks.unblock(carol, alice)
    assert not blocks.between(alice, carol)

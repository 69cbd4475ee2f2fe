from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmail import policy
from inmail.policy import PRESETS

ENDS = (None, "interested", "reply", "not_interested", "spam")
GIVEN = {
    "2014": (1, 0, 0, 0, 0),
    "2015": (0, 1, 1, 1, 0),
    "2024": (0, 1, 1, 1, 0),
    "no_return": (0, 0, 0, 0, 0),
    "graded": (0, 1, 1, 1, 0),
    "pay_on_success": (1, 0, 0, 1, 0),
    "refund_on_no": (0, 0, 0, 1, 0),
    "attention_bond": (1, 1, 1, 1, 0),
}


@pytest.mark.parametrize("name", GIVEN)
def test_each_policy_returns_what_the_table_says(name):
    found = tuple(policy.settlement(PRESETS[name], end, cost=1).returned for end in ENDS)
    assert found == GIVEN[name]


def test_graded_rewards_interest_and_a_bond_compensates_the_recipient():
    assert policy.settlement(PRESETS["graded"], "interested", cost=1).bonus == 1
    assert policy.settlement(PRESETS["attention_bond"], "inappropriate", cost=1).to_recipient == 1


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("name", GIVEN)
def test_a_free_inmail_gives_nothing(name, end):
    assert policy.settlement(PRESETS[name], end, cost=0) == policy.Settlement()


@given(monthly=st.integers(0, 200), cap=st.integers(0, 600), balance=st.integers(0, 1_000))
def test_a_grant_never_passes_the_cap_and_never_takes(monthly, cap, balance):
    amount = policy.monthly_grant(monthly, cap, balance)
    assert 0 <= amount <= monthly
    assert amount == 0 or balance + amount <= cap


@pytest.mark.parametrize(
    ("after", "day", "expected"),
    [
        ((2014, 1, 31, 12), 31, (2014, 2, 28)),
        ((2016, 1, 31, 12), 31, (2016, 2, 29)),
        ((2014, 2, 28, 0), 31, (2014, 3, 31)),
        ((2014, 12, 5, 1), 5, (2015, 1, 5)),
        ((2014, 6, 3, 12), 4, (2014, 6, 4)),
    ],
)
def test_a_short_month_bills_on_its_last_day(after, day, expected):
    assert policy.next_billing(datetime(*after, tzinfo=UTC), day) == datetime(*expected, tzinfo=UTC)


@given(st.datetimes(datetime(2014, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.integers(1, 31))
def test_there_is_one_billing_day_a_month(after, day):
    first = policy.next_billing(after, day)
    second = policy.next_billing(first, day)
    assert (second.year * 12 + second.month) - (first.year * 12 + first.month) == 1

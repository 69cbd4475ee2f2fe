from hypothesis import given
from hypothesis import strategies as st

from inmail import eligibility as rules
from inmail.eligibility import Facts

FACTS = st.builds(
    Facts,
    **{
        name: st.booleans()
        for name in (
            "oneself", "recipient_gone", "blocked", "connected", "inmail_off", "takes_free_inmail",
            "awaiting", "suspended", "bulk_suspended", "bulk",
        )
    },
    shared_groups=st.integers(0, 3),
    balance=st.integers(0, 3),
)  # fmt: skip


@given(FACTS)
def test_nothing_speaks_against_an_inmail_only_where_it_has_a_cost(facts):
    if not rules.refusals(facts):
        assert rules.cost(facts) in (0, 1)
        assert rules.channel(facts) == rules.INMAIL


@given(FACTS)
def test_oneself_gone_and_unavailable_are_shown_alone(facts):
    codes = rules.refusals(facts)
    if set(codes) & {rules.SELF, rules.GONE, rules.UNAVAILABLE}:
        assert len(codes) == 1


@given(FACTS)
def test_a_lack_of_credits_is_named_only_where_a_credit_is_asked(facts):
    if rules.NO_CREDITS in rules.refusals(facts):
        assert rules.cost(facts) == 1 and facts.balance == 0


@given(FACTS)
def test_delivery_asks_only_for_gone_unavailable_and_off(facts):
    assert rules.at_delivery(facts) in (None, rules.GONE, rules.UNAVAILABLE, rules.RECEPTION_OFF)


def test_all_that_applies_is_collected():
    facts = Facts(connected=True, inmail_off=True, awaiting=True, suspended=True)
    assert rules.refusals(facts) == ["first_degree", "reception_off", "awaiting_answer", "suspended"]


def test_a_free_inmail_needs_no_credit():
    assert rules.refusals(Facts(takes_free_inmail=True, balance=0)) == []


def test_the_group_page_offers_a_group_message_where_the_profile_offers_an_inmail():
    facts = Facts(shared_groups=1)
    assert rules.channel(facts) == rules.INMAIL
    assert rules.channel(facts, from_group=True) == rules.GROUP_MESSAGE

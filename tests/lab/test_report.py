"""What a report says of its totals: the same InMails however they are divided, and welfare as it is defined."""

import pytest

from lab import layout, measures, report, scenario, shards

GIVEN = scenario.read("""
name = "Two"
members = 4000
days = 60
replications = 2
measure = "welfare_senders"

[population]
premium = 0.1

[welfare]
sender_reply = 0.0

[[arms]]
name = "silence"

[[arms]]
name = "answer"
policy = "2015"
""")


@pytest.fixture(scope="module")
def told():
    return [shards.replication(GIVEN, number) for number in range(2)]


def test_every_way_of_dividing_the_inmails_gives_the_same_sum(told):
    for arm in report.report(GIVEN, told)["arms"]:
        sums = {axis: sum(row["sent"] for row in rows.values()) for axis, rows in arm["segments"].items()}
        assert set(sums) == {"match", "plan", "strategy", "degree", "country"} and len(set(sums.values())) == 1
        assert sum(arm["daily"]["sent"]) == sums["match"] > 1000
        assert sum(place * members for place, members in enumerate(arm["received"])) == sums["match"]


def test_credits_of_plans_and_of_strategies_are_those_of_the_ledger(told):
    arm = report.report(GIVEN, told)["arms"][1]
    for axis in ("plan", "strategy"):
        for kind in report.ENTRIES:
            assert sum(row[kind] for row in arm["segments"][axis].values()) == arm["ledger"][kind]
    assert arm["ledger"]["spent"] > arm["ledger"]["returned"] > 0


def test_welfare_of_senders_is_what_interest_is_worth_less_credits_lost(told):
    totals = told[0][1]
    interested = totals.cells[:, layout.KINDS + 1].sum()
    net = measures.lost(totals.ledger.sum(axis=(0, 1)))
    expected = (60 * interested - 10 * net) / (totals.senders.sum() * 60 / 30.4)
    assert measures.measures(totals, 60, GIVEN.welfare)["welfare_senders"] == pytest.approx(expected)


def test_what_senders_lose_the_platform_gains_but_for_those_who_switch_off(told):
    totals = told[0][0]
    plain = measures.Welfare(sender_interested=0, sender_reply=0, platform_switch_off=0)
    of = measures.welfare(totals, 1.0, plain)
    assert of["welfare_senders"] * totals.senders.sum() == pytest.approx(
        -of["welfare_platform"] * totals.members.sum() / 1000
    )


def test_a_measure_has_the_mean_of_its_replications(told):
    arm = report.report(GIVEN, told)["arms"][0]
    for name, values in arm["values"].items():
        assert arm["measures"][name] == pytest.approx(sum(values) / 2)
    assert tuple(arm["values"]) == measures.NAMES

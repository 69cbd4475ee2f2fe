"""Sensitivity: known answers of known functions, and no assumption that moves nothing or begins elsewhere."""

import json
from dataclasses import fields
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from lab import assumptions, report, scenario, sensitivity, shards
from lab.assumptions import ASSUMPTIONS, BY_NAME, Assumption
from simulation.character import Behaviour
from tests.lab.test_scenario import PLAIN

NOT_OF_INMAILS = {"degree_1", "accept", "former_colleagues"}  # messages, invitations; of the population here
THE_YARDSTICK = {"degree_3"}
SMALL = scenario.read(PLAIN)
SOME = tuple(BY_NAME[name] for name in ("population.off", "behaviour.open_mismatch", "senders.bulk"))


@pytest.mark.parametrize("each", ASSUMPTIONS, ids=lambda each: each.name)
def test_every_assumption_begins_with_its_default_and_reaches_the_scenario(each):
    ready = scenario.load(scenario.ready()["return_on_silence"])
    now = assumptions.default(ready, each.name)
    assert each.low <= now <= each.high and each.low < each.high
    same = assumptions.changed(ready, {each.name: now})
    assert same.population == ready.population and same.behaviour == ready.behaviour
    assert same.habits.mix == pytest.approx(ready.habits.mix)
    for end in (each.low, each.high):
        assert assumptions.changed(ready, {each.name: end}).fingerprint != ready.fingerprint


def test_no_free_choice_of_the_behaviour_is_left_out():
    everything = assumptions.changed(SMALL, {each.name: each.high for each in ASSUMPTIONS}).behaviour
    free = {f.name for f in fields(Behaviour) if f.metadata["what"].startswith("F")}
    unmoved = {name for name in free if getattr(everything, name) == getattr(SMALL.behaviour, name)}
    assert unmoved == NOT_OF_INMAILS | THE_YARDSTICK


def test_a_strategys_share_is_what_was_asked_and_the_others_keep_their_proportions():
    mix = assumptions.changed(SMALL, {"senders.bulk": 0.2}).habits.mix
    assert mix == pytest.approx((0.35 * 4 / 3, 0.2, 0.1 * 4 / 3, 0.15 * 4 / 3))
    assert sum(assumptions.changed(SMALL, {"senders.bulk": 0.6, "senders.learner": 0.0}).habits.mix) == pytest.approx(1)


def test_the_indices_of_a_sum_are_the_shares_of_its_variance():
    asked = [Assumption(name, 0.0, 1.0, "F", "") for name in "abc"]
    told, drawn = sensitivity.indices(lambda x: 7 + 3 * x[0] + x[1] + 0 * x[2], asked, 256, 1)
    assert [each["index"] for each in told] == pytest.approx([0.9, 0.1, 0.0], abs=0.02)
    assert all(each["low"] <= truth <= each["high"] for each, truth in zip(told[:2], (0.9, 0.1), strict=True))
    assert 7 < drawn.min() < 7.5 < 10 < drawn.max() < 11 and len(drawn) == 256 * 5


def test_what_works_only_together_with_another_shows_in_the_total_order():
    asked = [Assumption("a", -1.0, 1.0, "F", ""), Assumption("b", 0.1, 10.0, "F", "", log=True)]
    told, _drawn = sensitivity.indices(lambda x: x[0] * np.log10(x[1]), asked, 256, 1)
    assert [each["index"] for each in told] == pytest.approx([1.0, 1.0], abs=0.1)


@pytest.fixture(scope="module")
def found() -> dict:
    return sensitivity.sensitivity(SMALL, "open_rate", samples=4, replications=2, asked=SOME, workers=1)


def test_the_bars_are_the_differences_of_runs_under_those_assumptions(found):
    bar = next(row for row in found["assumptions"] if row["name"] == "behaviour.open_mismatch")
    for end in ("low", "high"):
        s = assumptions.changed(SMALL, {"behaviour.open_mismatch": bar[end]})
        told = [shards.replication(s, number) for number in range(2)]
        d = report.differences(s, told)["other"]["open_rate"]
        assert bar[f"at_{end}"]["difference"] == d.difference and bar[f"at_{end}"]["low"] == d.low
    assert found["assumptions"] == sorted(found["assumptions"], key=lambda row: -row["swing"])


def test_the_result_is_the_same_for_any_number_of_threads_and_fits_json(found):
    again = sensitivity.sensitivity(SMALL, "open_rate", samples=4, replications=2, asked=SOME, workers=3)
    assert json.loads(json.dumps(found)) == again


def test_two_arms_of_the_same_policy_leave_nothing_to_move():
    same = scenario.read(PLAIN.replace('policy = "2015"\ndeadline_days = 60\n', ""))
    found = sensitivity.sensitivity(same, "open_rate", samples=2, replications=2, asked=SOME)
    assert found["moved_by"] == [] and found["base"]["verdict"] == "no relevant difference"
    assert (
        {row["swing"] for row in found["assumptions"]}
        == {0.0}
        == {row["total_order"]["index"] for row in found["assumptions"]}
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"measure": "joy"}, "joy is no measure"), ({"samples": 12}, "power of two"), ({"workers": 0}, "at least 1"),
        ({"replications": 1}, "At least 2 replications"), ({"members": 10}, "at least 1,000"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_a_sentence(tmp_path, options, words):
    (tmp_path / "x.toml").write_text(PLAIN)
    with pytest.raises(CommandError, match=words):
        call_command("sensitivity", tmp_path / "x.toml", stdout=StringIO(), stderr=StringIO(), **options)


def test_a_measure_without_a_value_is_no_number():
    nobody = scenario.read(PLAIN.replace("premium = 0.1", "premium = 0.0"))
    with pytest.raises(sensitivity.SensitivityError, match="has no value for the scenario as it is"):
        sensitivity.sensitivity(nobody, "open_rate", samples=2, asked=SOME)


def test_the_command_tells_every_assumption_and_writes_it_down(tmp_path):
    (tmp_path / "x.toml").write_text(PLAIN.replace("members = 5000", "members = 1000").replace("days = 30", "days = 5"))
    said, out = StringIO(), tmp_path / "x.json"
    call_command("sensitivity", tmp_path / "x.toml", samples=2, replications=2, out=out, stdout=said, stderr=StringIO())
    assert all(name in said.getvalue() for name in BY_NAME)
    assert {row["name"] for row in json.loads(out.read_text())["assumptions"]} == set(BY_NAME)

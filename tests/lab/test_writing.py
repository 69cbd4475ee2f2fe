"""A scenario as TOML, as typed values, and back: the equal scenario, with the equal fingerprint."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmail import policy
from lab import scenario, writing
from lab.measures import NAMES, Welfare
from lab.scenario import Arm, Scenario
from lab.telling import typed
from lab.world import Population
from simulation.character import Behaviour
from simulation.senders import Habits

LETTERS = st.sampled_from("aZ09 '\"\\#=[]{}%<&ìß漢🜁")
NAME = st.text(LETTERS, min_size=1, max_size=30).map(lambda name: name.strip() or "name")
SHARE = st.floats(0, 1)


def shares(count):
    """So many shares that sum to 1."""
    return st.permutations([1.0] + [0.0] * (count - 1)).map(tuple) | st.just((1 / count,) * count)


@st.composite
def arms(draw):
    preset = draw(st.sampled_from(sorted(policy.PRESETS)))
    p = policy.PRESETS[preset]
    small = st.integers(0, 10)
    plans = {name: policy.PlanTerms(draw(small | st.just(t.monthly)), draw(small)) for name, t in p.plans.items()}
    returns = dict(p.returns) | draw(st.dictionaries(st.sampled_from(typed.ENDS), st.integers(0, 1)))
    made = replace(
        p,
        deadline_days=draw(st.integers(1, 365)),
        expiry_days=draw(st.none() | st.integers(1, 365)),
        bonus_on_interested=draw(small),
        plans=plans,
        returns=returns,
    )
    return Arm(draw(NAME), made, draw(st.booleans()), draw(st.booleans()), draw(st.sampled_from(["shown", "hidden"])))


def some(kind, **strategies):
    """A part of a scenario, some of whose numbers are others."""
    return st.fixed_dictionaries({}, optional=strategies).map(lambda changed: kind(**changed))


SCENARIOS = st.builds(
    Scenario,
    name=NAME,
    arms=st.lists(arms(), min_size=2, max_size=4, unique_by=lambda arm: arm.name).map(tuple),
    seed=st.integers(0, 2**63 - 1),
    start=st.dates(date(1970, 1, 1), date(2200, 12, 31)),
    members=st.integers(*scenario.MEMBERS),
    days=st.integers(*scenario.DAYS),
    replications=st.integers(*scenario.REPLICATIONS),
    measure=st.sampled_from(NAMES),
    precision=st.none() | SHARE,
    margin=SHARE,
    load=st.floats(0, 100),
    population=some(Population, premium=SHARE, plans=shares(6), declared=shares(4), lowest_score=st.floats(0, 5)),
    habits=some(Habits, mix=shares(4), candidates=st.integers(1, 1024), volumes=st.just(((0.0, 0.5), (1.0, 3.0)))),
    behaviour=some(Behaviour, open_mismatch=st.floats(0.001, 1000), reply=SHARE, delay_mu=st.floats(-10, 10)),
    welfare=some(Welfare, credit=st.floats(-1e9, 1e9)),
)


@settings(max_examples=60, deadline=None)
@given(SCENARIOS)
def test_a_scenario_written_and_read_is_the_same(made):
    again = scenario.read(writing.toml(made))
    assert again == made and again.fingerprint == made.fingerprint


@settings(max_examples=60, deadline=None)
@given(SCENARIOS)
def test_a_scenario_typed_into_the_form_is_the_same(made):
    again = typed.read(typed.of_scenario(made))
    assert again.error is None and again.scenario == made and again.scenario.fingerprint == made.fingerprint


@pytest.mark.parametrize("name", scenario.ready())
def test_every_ready_scenario_goes_there_and_back(name):
    made = scenario.load(scenario.ready()[name])
    assert scenario.read(writing.toml(made)) == typed.read(typed.of_scenario(made)).scenario == made


def test_only_what_differs_is_written():
    text = writing.toml(scenario.load(scenario.ready()["open_profiles"]))
    assert "premium = 0.1\n" in text and "declares" not in text and "free_open_profiles = false" in text


def test_a_policy_that_no_text_could_name_is_not_written():
    arm = Arm("own", replace(policy.PRESETS["2014"], name="own"))
    with pytest.raises(ValueError, match="own"):
        writing.toml(Scenario("Own", (arm, arm)))


def test_one_is_one_also_in_the_fingerprint():
    plain = "name = 'A'\n[[arms]]\nname = 'a'\n[[arms]]\nname = 'b'\n[welfare]\ncredit = {}"
    assert scenario.read(plain.format("9")).fingerprint == scenario.read(plain.format("9.0")).fingerprint


def test_what_people_type_is_read_as_they_mean_it():
    values = typed.of_scenario(scenario.load(scenario.ready()["categories"]))
    found = typed.read(values | {"members": "2.000.000", "population.premium": "0,25", "days": " 30 ", "margin": ""})
    assert (found.scenario.members, found.scenario.population.premium) == (2_000_000, 0.25)
    assert (found.scenario.days, found.scenario.margin) == (30, 0.01)


WRONG = {
    "members": "many",
    "start": "2014-02-30",
    "measure": "luck",
    "population.off": "1.5",
    "senders.mix": "0.5, 0.5",
    "behaviour.open": "nan",
    "arms.1.name": "",
    "arms.1.policy": "1999",
    "arms.2.deadline_days": "0",
    "arms.2.returns.reply": "2",
    "arms.1.monthly.career": "-1",
    "arms.1.cap.career": "-2",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_at_its_field(name):
    values = typed.of_scenario(scenario.load(scenario.ready()["categories"]))
    values |= {"arms.1.monthly.career": "5", "arms.1.cap.career": "7"}
    found = typed.read(values | {name: WRONG[name]})
    assert found.scenario is None and found.field == name


def test_arms_come_and_go():
    values = typed.of_scenario(scenario.load(scenario.ready()["categories"]))
    fewer = typed.without_arm(values, 1)
    assert [fewer[f"arms.{turn}.name"] for turn in range(typed.arms_of(fewer))] == ["shown", "hidden"]
    more = typed.read(typed.with_arm(fewer, "third")).scenario
    assert [arm.name for arm in more.arms] == ["shown", "hidden", "third"]


def test_no_field_of_a_scenario_is_forgotten_by_the_form():
    parts = {f.name for f in fields(Scenario)} - {"arms"}
    assert {*typed.PLAIN, *writing.TABLES} == parts

"""Simulated people: the same luck in every form, the published figures, and sense in every direction."""

import json
import math
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation import behaviour, draws
from simulation.behaviour import (
    ANSWERS,
    INTERESTED,
    MATCH,
    MISMATCH,
    NONE,
    NOT_INTERESTED,
    REPLY,
    UNDECLARED,
    Inmails,
)
from simulation.character import Behaviour, BehaviourError
from simulation.forecast import forecast

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
B = Behaviour()
T = B.tables
MANY = 400_000


def random_inmails(count: int, seed: int = 1) -> Inmails:
    rng = np.random.default_rng(seed)
    bounds = {
        "sender": (0, 300_000_000),
        "recipient": (0, 300_000_000), "n": (0, 4), "match": (0, 3), "notified": (0, 2),
        "load": (0, 12), "degree": (0, 4),
        "length": (0, 1901), "weekday": (0, 7), "bulk": (0, 2),
        "career": (0, 2),
        "shared_group": (0, 2), "former_employer": (0, 2), "active": (0, 2),
        "opportunist": (0, 2),
    }  # fmt: skip
    return Inmails(**{name: rng.integers(*bounds[name], count) for name in Inmails._fields})


def one(inmails: Inmails, index: int) -> Inmails:
    return Inmails(*(column[index].item() for column in inmails))


def many(**circumstances) -> Inmails:
    """The same circumstances for many pairs."""
    numbers = np.arange(MANY)
    return Inmails(sender=numbers % 997, recipient=numbers, n=0, **circumstances)


def rates(inmails: Inmails, seed: int = 5) -> tuple[float, float]:
    """Share opened, and share answered of opened."""
    reactions = behaviour.react(T, seed, inmails)
    responded = np.isin(reactions.answer, (INTERESTED, REPLY, NOT_INTERESTED))
    return reactions.opens.mean(), responded.sum() / reactions.opens.sum()


def test_the_finaliser_is_that_of_splitmix64():
    assert draws.hash64(0) == 0xE220A8397B1DCDAF  # first output of the published generator from state 0
    assert draws.hash64(1234567) == 6457827717110365317  # and from the state of its published test


def test_draws_equal_the_committed_vectors():
    for vector in VECTORS["hash"]:
        assert draws.hash64(*vector["values"]) == int(vector["hash64"], 16)
        assert draws.hash01(*vector["values"]) == vector["hash01"]
        assert draws.hash01_array(*vector["values"])[0] == vector["hash01"]


def test_reactions_equal_the_committed_vectors():
    for vector in VECTORS["react"]:
        reaction = behaviour.react_one(T, vector["seed"], Inmails(**vector["inmail"]))
        assert list(reaction) == vector["reaction"]


@given(st.integers(0, 2**64 - 1), st.lists(st.integers(0, 2**63 - 1), max_size=6))
def test_draws_agree_in_python_and_numpy(seed, values):
    assert int(draws.hash64_array(seed, *values)[0]) == draws.hash64(seed, *values)
    assert 0 <= draws.hash01(seed, *values) < 1


def test_reactions_agree_in_python_and_numpy_for_ten_thousand_random_inmails():
    inmails = random_inmails(10_000)
    together = behaviour.react(T, 42, inmails)
    for index in range(10_000):
        alone = behaviour.react_one(T, 42, one(inmails, index))
        assert tuple(alone) == tuple(column[index].item() for column in together)


def test_probabilities_agree_to_the_last_bit():
    m = random_inmails(10_000, seed=2)
    felt, length = m.match, behaviour.length_classes(m.length)
    rest = (m.load, m.degree, length, m.weekday, m.bulk, m.career, m.shared_group, m.former_employer)
    together = behaviour.p_answer(T, felt, *rest)
    alone = [behaviour.p_answer(T, *values) for values in zip(*(c.tolist() for c in (felt, *rest)), strict=True)]
    assert together.tolist() == alone


def test_luck_does_not_depend_on_order_or_company():
    inmails = random_inmails(5_000)
    order = np.random.default_rng(3).permutation(5_000)
    whole = behaviour.react(T, 9, inmails)
    shuffled = behaviour.react(T, 9, Inmails(*(column[order] for column in inmails)))
    assert all(np.array_equal(a[order], b) for a, b in zip(whole, shuffled, strict=True))


def test_all_answers_occur_among_random_inmails():
    answers = behaviour.react(T, 1, random_inmails(MANY)).answer
    assert set(answers.tolist()) == set(range(len(ANSWERS)))


def test_the_reference_inmail_is_answered_by_19_in_100():
    opened = behaviour.p_open(T, UNDECLARED, 1, 0)
    answered = behaviour.p_answer(T, MATCH, 0, 3, behaviour.MEAN_LENGTH, 2, 0, 0, 0, 0)
    assert opened * answered == pytest.approx(0.70 * 0.27, rel=1e-12)
    assert 0.10 <= opened * answered <= 0.25


def test_answers_take_a_day_for_65_and_a_week_for_90_in_100():
    assert (T.delay <= 86_400).mean() == pytest.approx(0.65, abs=0.005)
    assert (T.delay <= 7 * 86_400).mean() == pytest.approx(0.90, abs=0.005)
    assert len(T.delay) == 4096 and (np.diff(T.delay) >= 0).all()


def test_opening_comes_before_answering_and_both_after_delivery():
    reactions = behaviour.react(T, 3, random_inmails(50_000))
    answered = reactions.answer != NONE
    assert (reactions.open_delay[reactions.opens] >= 1).all()
    assert (reactions.answer_delay[answered] > reactions.open_delay[answered]).all()
    assert not (answered & ~reactions.opens).any()


@pytest.mark.parametrize(
    ("circumstance", "rate"),
    [
        ({"length": 400}, 1.22), ({"length": 401}, 1.03), ({"length": 801}, 0.94), ({"length": 1201}, 0.89),
        ({"weekday": 4}, 0.97), ({"weekday": 5}, 0.90), ({"weekday": 6}, 1.0),
    ],
)  # fmt: skip
def test_published_effects_appear_when_only_that_factor_changes(circumstance, rate):
    _, before = rates(many())
    _, after = rates(many(**circumstance))
    assert forecast(T, Inmails(0, 0, 0, **circumstance)).answer / 0.27 == pytest.approx(rate, rel=1e-9)
    assert after / before == pytest.approx(rate, rel=0.02)


@pytest.mark.parametrize(
    ("circumstance", "rate"),
    [("bulk", 1 / 1.15), ("career", 1.7), ("shared_group", 1.21), ("former_employer", 1.27)],
)
def test_observational_effects_are_the_published_ones_shrunk(circumstance, rate):
    shrunk = behaviour.probability(0.27 / 0.73 * math.pow(B.ratio(rate), 0.7))
    _, after = rates(many(**{circumstance: True}))
    assert forecast(T, Inmails(0, 0, 0, **{circumstance: True})).answer == pytest.approx(shrunk, rel=1e-12)
    assert after == pytest.approx(shrunk, rel=0.02)
    assert abs(shrunk / 0.27 - 1) < abs(rate - 1)


@pytest.mark.parametrize(
    ("circumstance", "open_odds", "answer_odds"),
    [
        ({"match": MISMATCH}, 0.40, 0.50), ({"match": MATCH}, 1, 1), ({"notified": 0}, 0.35, 1),
        ({"load": 3}, 0.93**3, 0.93**3), ({"degree": 2}, 1, 1.25), ({"degree": 0}, 1, 0.85),
        ({"opportunist": 1}, 1, 0.50),
    ],
)  # fmt: skip
def test_the_other_circumstances_multiply_the_odds(circumstance, open_odds, answer_odds):
    expected = forecast(T, Inmails(0, 0, 0, **circumstance))
    assert expected.open == pytest.approx(behaviour.probability(0.7 / 0.3 * open_odds), rel=1e-12)
    assert expected.answer == pytest.approx(behaviour.probability(0.27 / 0.73 * answer_odds), rel=1e-12)


def test_opportunists_are_opened_as_matches_and_reported_at_doubled_odds():
    honest, deceitful = many(match=MISMATCH), many(match=MATCH, opportunist=True)
    reactions = behaviour.react(T, 8, deceitful)
    reported = (reactions.answer >= behaviour.INAPPROPRIATE).sum() / reactions.opens.sum()
    assert np.array_equal(reactions.opens, behaviour.react(T, 8, many(match=MATCH)).opens)
    assert reported == pytest.approx(behaviour.probability(2 * 0.04 / 0.96), rel=0.03)
    assert rates(deceitful)[0] > rates(honest)[0]


def test_kinds_of_answer_have_their_shares():
    answers = behaviour.react(T, 4, many(match=MISMATCH)).answer
    said = np.bincount(answers, minlength=6)[1:4]
    assert said / said.sum() == pytest.approx([0.28, 0.72 * 0.4, 0.72 * 0.6], abs=0.015)


def test_switching_off_is_rare_and_ten_times_likelier_for_what_is_not_welcome():
    assert behaviour.react(T, 4, many(match=MATCH)).switches_off.mean() == pytest.approx(0.0002, abs=0.0001)
    assert behaviour.react(T, 4, many(match=MISMATCH)).switches_off.mean() == pytest.approx(0.002, abs=0.0004)


def test_who_is_not_active_never_opens():
    assert not behaviour.react(T, 4, many(active=False)).opens.any()
    assert behaviour.are_active(B, 1, np.arange(MANY), 24_173).mean() == pytest.approx(0.5, abs=0.005)


def test_former_colleagues_are_few_and_mutual():
    ones, others = np.arange(MANY), np.arange(MANY)[::-1]
    there = behaviour.are_former_colleagues(B, 1, ones, others)
    assert np.array_equal(there, behaviour.are_former_colleagues(B, 1, others, ones))
    assert there.mean() == pytest.approx(0.02, abs=0.002)
    assert behaviour.former_colleagues(B, 1, 7, 9) == behaviour.former_colleagues(B, 1, 9, 7)


def test_three_in_ten_invitations_are_accepted():
    accepted = [behaviour.accepts_invitation(B, 1, 5, recipient, 0) for recipient in range(5_000)]
    assert sum(yes for yes, _ in accepted) / 5_000 == pytest.approx(0.30, abs=0.02)
    assert min(delay for _, delay in accepted) >= 2


@given(
    st.integers(0, 2),
    st.booleans(),
    st.integers(0, 40),
    st.integers(0, 3),
    st.integers(0, 1900),
    st.integers(0, 6),
)
def test_fatigue_and_mismatch_never_help(match, bulk, load, degree, length, weekday):
    base = Inmails(0, 0, 0, match=match, load=load, degree=degree, length=length, weekday=weekday, bulk=bulk)
    now = forecast(T, base)
    assert forecast(T, base._replace(load=load + 1)).response < now.response
    assert forecast(T, base._replace(match=MISMATCH)).response <= now.response
    assert forecast(T, base._replace(notified=False)).response < now.response
    assert forecast(T, base._replace(bulk=True)).response <= now.response
    assert forecast(T, base._replace(shared_group=True, former_employer=True)).response > now.response


def test_a_load_beyond_the_table_is_no_error():
    assert not behaviour.react_one(T, 1, Inmails(1, 2, 0, load=10**9)).opens
    assert not behaviour.react(T, 1, Inmails(np.array([1]), 2, 0, load=10**9)).opens.any()


def test_the_forecast_names_what_matters_in_points():
    expected = forecast(T, Inmails(0, 0, 0, match=MISMATCH, shared_group=True))
    factors = dict(expected.factors)
    assert set(factors) == {"match", "shared_group"}
    assert factors["match"] < 0 < factors["shared_group"]
    assert forecast(T, Inmails(0, 0, 0)).factors == ()


@pytest.mark.parametrize("name", [f.name for f in fields(Behaviour)])
@pytest.mark.parametrize("value", [math.nan, math.inf, "0.5", None, True])
def test_parameters_that_are_no_numbers_are_refused_with_a_sentence(name, value):
    with pytest.raises(BehaviourError, match=rf"^{name} must be .*\.$"):
        replace(B, **{name: value})


@pytest.mark.parametrize("name", [f.name for f in fields(Behaviour) if f.metadata.get("kind") == "share"])
@pytest.mark.parametrize("value", [-0.01, 1.01])
def test_shares_outside_0_to_1_are_refused(name, value):
    with pytest.raises(BehaviourError, match="between 0 and 1"):
        replace(B, **{name: value})


@pytest.mark.parametrize(
    "change",
    [{"answer": 1}, {"open": 1.0}, {"length_400": 4}, {"spam": 0.5, "inappropriate": 0.5}, {"one_to_one": 0.2}],
)
def test_certainties_that_odds_cannot_express_are_refused(change):
    with pytest.raises(BehaviourError, match=r"less than 1|more than answer"):
        replace(B, **change)


def test_other_parameters_give_other_tables_and_nobody_can_change_them():
    assert replace(B, open=0.5).tables.open_odds == 1.0
    with pytest.raises(ValueError, match="read-only"):
        T.fatigue[0] = 0

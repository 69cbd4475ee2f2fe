"""What simulated members write: whole sentences of the wanted length, varied, the same for the same draw."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation import wording
from simulation.behaviour import length_class
from simulation.population import CATEGORIES
from simulation.wording import answer_text, inmail_text, language_of, message_answer

ANNA = SimpleNamespace(first_name="Anna", last_name="Bianchi", industry="Finance", place="Milano")
OMAR = SimpleNamespace(first_name="Omar", last_name="Haddad", industry="Media", place="Beirut")
NOBODY = SimpleNamespace(first_name="X" * 80, last_name="Y" * 80, industry="", place="")
LANGUAGES, KINDS = ("en", "it"), ("interested", "reply", "not_interested")
DRAWS = [k / 997 for k in range(997)]


@given(st.sampled_from(LANGUAGES), st.sampled_from(CATEGORIES), st.integers(1, 1900), st.floats(0, 1, exclude_max=True))
def test_bodies_fall_into_the_wanted_class_of_length(language, category, length, u):
    subject, body = inmail_text(language, category, length, u, ANNA, OMAR)
    assert length_class(len(body)) == length_class(length) and len(body) <= 1900
    assert 0 < len(subject) <= 200 and "{" not in subject + body
    assert "Omar" in body and body.endswith("Anna Bianchi")


@given(st.sampled_from(LANGUAGES), st.sampled_from(CATEGORIES), st.integers(1, 1900), st.floats(0, 1, exclude_max=True))
def test_names_too_long_and_places_unknown_break_nothing(language, category, length, u):
    subject, body = inmail_text(language, category, length, u, NOBODY, NOBODY)
    assert length_class(len(body)) == length_class(length) and "{" not in subject + body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("category", CATEGORIES)
def test_texts_come_near_the_wanted_length_and_vary(language, category):
    bodies = [inmail_text(language, category, 700, u, ANNA, OMAR)[1] for u in DRAWS]
    assert len(set(bodies)) > 0.95 * len(bodies)
    assert 650 < sum(map(len, bodies)) / len(bodies) <= 800


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("kind", KINDS)
def test_answers_vary_and_carry_names(language, category, kind):
    answers = {answer_text(language, kind, category, u, "Omar", "Anna") for u in DRAWS}
    assert len(answers) >= 40
    assert all("Anna" in answer and answer.endswith("\nOmar") and "{" not in answer for answer in answers)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_messages_are_answered_in_six_ways(language, kind):
    assert len({message_answer(language, kind, u, "Omar", "Anna") for u in DRAWS}) == 6


def test_reports_and_silence_have_no_words():
    assert answer_text("en", "spam", "job_inquiry", 0.5, "Omar", "Anna") == ""
    assert message_answer("en", "none", 0.5, "Omar", "Anna") == ""


def test_the_same_draw_gives_the_same_words():
    one, other = (inmail_text("it", "new_venture", 900, 0.123, ANNA, OMAR) for _ in range(2))
    assert one == other


def test_a_name_with_braces_is_only_a_name():
    odd = SimpleNamespace(first_name="{me}", last_name="{0}", industry="{you}", place="{x}")
    assert "{me}" in inmail_text("en", "job_inquiry", 1500, 0.3, odd, odd)[1]
    assert "{0}" in answer_text("en", "reply", "job_inquiry", 0.3, "Omar", "{0}")


def test_languages_have_the_same_texts_and_italians_write_italian():
    names = ("SUBJECTS", "OPENINGS", "DETAILS", "ANSWERS", "ANSWER_OPENINGS", "ANSWER_CLOSINGS", "MESSAGES")
    for name in names:
        assert getattr(wording.english, name).keys() == getattr(wording.italian, name).keys()
    assert all(len(book.OPENINGS[c]) >= 6 for book in (wording.english, wording.italian) for c in CATEGORIES)
    assert language_of("IT") == "it" and language_of("FR") == "en"

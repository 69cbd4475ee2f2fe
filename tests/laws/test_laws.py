"""Any course of acts, on the model alone and on the platform beside it, leaves the laws standing and both equal."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings

from tests.laws import acts, platform, play, seeds


@pytest.mark.parametrize("first", range(0, 300, 100))
def test_the_model_keeps_its_own_laws(first):
    for number in range(first, first + 100):
        assert isinstance(found := seeds.run(number, play.play, cut=False), Counter), str(found)


@pytest.fixture
def on_both(db, noon):
    """Plays a course on the model and on PostgreSQL."""
    members = platform.cast(noon)

    def both(course):
        with platform.forgotten():
            return play.play(course, platform.Platform(course, members))

    return both


@pytest.mark.parametrize("first", range(0, 12, 4))
def test_the_platform_does_what_the_model_does(on_both, first):
    for number in range(first, first + 4):
        assert isinstance(found := seeds.run(number, on_both, cut=False), Counter), str(found)


@given(acts.courses())
@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_model_keeps_its_laws_in_whatever_hypothesis_finds(course):
    assert play.play(course).total() >= 0


@given(acts.courses(most=30))
@settings(max_examples=4, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_platform_does_what_the_model_does_in_whatever_hypothesis_finds(on_both, course):
    assert on_both(course).total() >= 0


def test_a_course_that_fails_is_cut_down_to_what_makes_it_fail():
    def two_blocks(course):
        if sum(act.kind == "block" for act in course.acts) > 1:
            raise play.Broken("two blocks", [])
        return Counter()

    failing = next(n for n in range(100) if isinstance(seeds.run(n, two_blocks, cut=False), seeds.Failure))
    assert [act.kind for act in seeds.run(failing, two_blocks).course.acts] == ["block", "block"]

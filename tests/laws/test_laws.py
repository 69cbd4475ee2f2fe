"""Any course of acts, on the model alone and on the platform beside it, leaves the laws standing and both equal."""

from collections import Counter

import pytest

from tests.laws import platform, play, seeds


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

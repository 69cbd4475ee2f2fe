"""Acts by two threads at one instant give what one after the other would have given, and the laws stand."""

import pytest

from tests.laws import acts, platform, together


@pytest.fixture
def in_twos(transactional_db, noon):
    def in_twos(seed):
        course = acts.drawn(seed)
        with platform.inmail_alone():
            return together.run(course, platform.Platform(course, platform.cast(noon)))

    return in_twos


@pytest.mark.parametrize("seed", range(6))
def test_two_acts_at_once_are_one_after_the_other(in_twos, seed):
    found = in_twos(seed)
    assert found["as drawn"] + found["the other way round"] > 3

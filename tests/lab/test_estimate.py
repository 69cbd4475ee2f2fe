"""What is said before a run begins: about as many InMails as are sent then, and no time where no pace is known."""

from dataclasses import replace

import pytest

from lab import estimate, layout, runs, scenario, shards, work
from lab.models import Pace
from lab.version import version

PACE = estimate.Pace(member=1e-8, inmail=1e-6)
READY = {name: scenario.load(path) for name, path in scenario.ready().items()}


def sent(of: scenario.Scenario) -> list[int]:
    return [int(totals.cells[:, layout.SENT].sum()) for totals in shards.live(of, 0, 0)]


@pytest.mark.parametrize("name", READY)
def test_as_many_inmails_are_expected_as_are_sent_by_half_more_at_most(name):
    small = replace(READY[name], members=100_000)
    for arm, count in zip(small.arms, sent(small), strict=True):
        assert 0.8 < estimate.sent(small, arm) / count < 1.6


def test_time_grows_with_members_arms_and_replications_and_is_shared_by_processes():
    one = READY["return_on_silence"]
    alone = estimate.of(one, pace=PACE, processes=1).seconds
    assert estimate.of(replace(one, replications=10), pace=PACE, processes=1).seconds == pytest.approx(2 * alone)
    assert estimate.of(replace(one, members=2_000_000), pace=PACE, processes=1).seconds == pytest.approx(2 * alone)
    assert estimate.of(one, pace=PACE, processes=2).seconds == pytest.approx(alone / 2)
    assert estimate.of(one, pace=PACE, processes=64).seconds == pytest.approx(alone / 5)  # one for each market


def test_a_market_of_many_intents_needs_more_memory():
    one = READY["return_on_silence"]
    assert estimate.memory(replace(one, members=300_000_000)) == estimate.memory(replace(one, members=1 << 20))
    assert estimate.memory(replace(one, load=100.0)) > 2 * estimate.memory(one)


@pytest.mark.django_db
def test_no_time_is_told_before_somebody_has_measured(text, monkeypatch):
    assert runs.expected(scenario.read(text)).seconds is None
    monkeypatch.setattr(work, "_measured", False)
    work.measure()
    pace = Pace.objects.get(version=version())
    assert pace.member_seconds + pace.inmail_seconds > 0
    assert runs.expected(scenario.read(text)).seconds > 0


def test_the_version_is_of_all_that_has_a_say_in_the_numbers(monkeypatch):
    before = version()
    monkeypatch.setattr("lab.version.LIBRARIES", ("numba",))
    version.cache_clear()
    try:
        assert version() != before
    finally:
        monkeypatch.undo()
        version.cache_clear()
    assert version() == before

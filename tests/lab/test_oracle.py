"""The compiled engine comes to the same totals as plain NumPy, to the last InMail and credit."""

from dataclasses import fields, replace

import numpy as np
import pytest

from lab import scenario, shards
from tests.lab.oracle import Market
from tests.lab.proof import PROOF

MEMBERS, PREMIUM, DAYS = (1_000_000, 0.008, 90) if PROOF else (100_000, 0.01, 60)
READY = [name for name in scenario.ready() if name != "twice_the_load"]


@pytest.mark.parametrize("name", READY)
def test_every_total_is_that_of_plain_numpy(name):
    ready = scenario.load(scenario.ready()[name])
    given = replace(
        ready, members=MEMBERS, days=DAYS, arms=tuple(arm for arm in ready.arms if arm.categories != "hidden"),
        population=replace(ready.population, premium=PREMIUM),
    )  # fmt: skip
    for arm, found in zip(given.arms, shards.live(given, 0, 0), strict=True):
        plain = Market(given, arm).live().totals()
        assert plain.daily[:, 0].sum() > 5_000
        differ = [f.name for f in fields(plain) if not _equal(getattr(plain, f.name), getattr(found, f.name))]
        assert differ == [], arm.name


def _equal(plain, found) -> bool:
    """Plain NumPy does not count by country."""
    return plain is None or np.array_equal(plain, found)

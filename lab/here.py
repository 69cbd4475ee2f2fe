"""An experiment lived here and now, in this process: what `manage.py lab` and `from lab import run` do."""

from __future__ import annotations

from collections.abc import Callable

from lab import report, shards
from lab.scenario import Scenario


def run(scenario: Scenario, *, workers: int = 2, tell: Callable[[int], None] = lambda number: None) -> dict:
    """The report (`lab.report.report`) of `scenario`, the same for any number of `workers`, which are threads.

    `tell` hears the number of each replication, from 0, before it begins. Raises ValueError for no workers at all.
    """
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}.")
    told = []
    for number in range(scenario.replications):
        if report.is_precise(scenario, told):
            break
        tell(number)
        told.append(shards.replication(scenario, number, workers=workers))
    return report.report(scenario, told)

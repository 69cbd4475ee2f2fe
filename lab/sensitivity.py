"""How much a difference between two arms hangs on what nobody has published.

Law: every sample has the same people's seeds and the same luck, so what differs comes of the assumptions. One at a
time shows which way (the tornado); Sobol's total-order index, by SciPy, in how much of all variation each has a part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from itertools import chain

import numpy as np
from scipy import stats

from lab import assumptions, report, shards, statistics
from lab.assumptions import ASSUMPTIONS, Assumption
from lab.measures import MEASURES, Measure, measures
from lab.scenario import Scenario

MEMBERS = 50_000  # at most, so that thousands of runs take minutes
RESAMPLES = 999


class SensitivityError(ValueError):
    """What cannot be asked, in a sentence."""


def sensitivity(
    scenario: Scenario,
    measure: str = MEASURES[0].name,
    *,
    samples: int = 32,
    members: int = MEMBERS,
    replications: int = 3,
    workers: int = 2,
    asked: Sequence[Assumption] = ASSUMPTIONS,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> dict:
    """What moves the difference of `measure` between the first two arms, as plain values, the largest swing first.

    `samples` (a power of two) makes samples × (assumptions + 2) runs for the indices; `tell` hears how many are done.
    """
    small = replace(scenario, members=min(members, scenario.members), arms=scenario.arms[:2], replications=replications)
    wanted = _checked(measure, samples, replications)
    expected = 1 + 2 * len(asked) + samples * (len(asked) + 2)
    with ThreadPoolExecutor(workers) as pool:
        try:
            found = findings(Runs(small, wanted, pool, tell, expected), asked, samples)
        finally:
            pool.shutdown(cancel_futures=True)
    return _of(small, wanted) | {"samples": samples} | found


def _checked(measure: str, samples: int, replications: int) -> Measure:
    known = {each.name: each for each in MEASURES}
    if measure not in known:
        raise SensitivityError(f"{measure} is no measure. There are: {', '.join(known)}.")
    if samples < 2 or samples & (samples - 1):
        raise SensitivityError(f"The number of samples must be a power of two, such as 32, not {samples}.")
    if replications < 2:
        raise SensitivityError(f"At least 2 replications are needed, not {replications}.")
    return known[measure]


def _of(scenario: Scenario, measure: Measure) -> dict:
    return {
        "scenario": scenario.name, "fingerprint": scenario.fingerprint, "version": report.VERSION,
        "arms": [arm.name for arm in scenario.arms], "measure": measure.name, "unit": measure.unit,
        "members": scenario.members, "days": scenario.days, "replications": scenario.replications,
    }  # fmt: skip


class Runs:
    """The difference between the two arms under other assumptions, as often as there are replications."""

    def __init__(self, scenario: Scenario, measure: Measure, pool: Executor, tell, expected: int):
        self.scenario, self.measure, self.pool = scenario, measure, pool
        self.tell, self.expected, self.done = tell, expected, 0

    def values(self, given: Mapping[str, float]) -> np.ndarray:
        """(arms, replications) the measure."""
        s = assumptions.changed(self.scenario, given)
        told = (shards.replication(s, number, workers=1) for number in range(s.replications))
        return np.array([[measures(t, s.days, s.welfare)[self.measure.name] for t in arms] for arms in told]).T

    def many(self, points: Sequence[Mapping[str, float]]) -> list[np.ndarray]:
        """One for each point, in their order. Raises SensitivityError where the measure has no value."""
        found = []
        for given, values in zip(points, self.pool.map(self.values, points), strict=True):
            if not np.isfinite(values).all():
                where = ", ".join(f"{name} = {value:.3g}" for name, value in given.items()) or "the scenario as it is"
                raise SensitivityError(
                    f"{self.measure.name} has no value for {where}. More members or days are needed."
                )
            found.append(values)
            self.done += 1
            self.tell(self.done, self.expected)
        return found

    def compared(self, values: np.ndarray) -> dict:
        """The difference with its interval and verdict."""
        name, better = self.measure.name, {self.measure.name: self.measure.more_is_better}
        base, other = ({name: row} for row in values)
        d = statistics.compare(base, other, margin=self.scenario.margin, more_is_better=better)[name]
        return {"difference": d.difference, "low": d.low, "high": d.high, "verdict": d.verdict}


def findings(runs: Runs, asked: Sequence[Assumption], samples: int) -> dict:
    """The difference as it is, one assumption at a time, and over all of them together."""
    points = [{}, *chain.from_iterable(({a.name: a.low}, {a.name: a.high}) for a in asked)]
    base, *sides = map(runs.compared, runs.many(points))
    total, drawn = indices(lambda x: _differences(runs, asked, x), asked, samples, runs.scenario.seed)
    rows = [
        row(a, assumptions.default(runs.scenario, a.name), base, *pair, each)
        for a, pair, each in zip(asked, zip(sides[::2], sides[1::2], strict=True), total, strict=True)
    ]
    rows.sort(key=lambda found: -found["swing"])
    same = float((np.sign(drawn) == np.sign(base["difference"])).mean())
    return {
        "base": base,
        "assumptions": rows,
        "moved_by": [found["name"] for found in rows if found["moves_the_verdict"]],
        "drawn": {"points": len(drawn), "same_sign": same, **_spread(drawn)},
    }


def row(a: Assumption, default: float, base: dict, low: dict, high: dict, total: dict) -> dict:
    """One bar of the tornado."""
    ends = low["difference"], high["difference"]
    return {
        "name": a.name, "tag": a.tag, "reason": a.reason, "default": default, "low": a.low, "high": a.high,
        "at_low": low, "at_high": high, "swing": max(*ends, base["difference"]) - min(*ends, base["difference"]),
        "moves_the_verdict": {low["verdict"], high["verdict"]} != {base["verdict"]},
        "changes_the_sign": any(end * base["difference"] < 0 for end in ends), "total_order": total,
    }  # fmt: skip


def _differences(runs: Runs, asked: Sequence[Assumption], x: np.ndarray) -> np.ndarray:
    """(points,) the mean difference at each column of `x`."""
    points = [dict(zip((a.name for a in asked), column, strict=True)) for column in x.T.tolist()]
    return np.array([float((other - first).mean()) for first, other in runs.many(points)])


def indices(
    function: Callable[[np.ndarray], np.ndarray], asked: Sequence[Assumption], samples: int, seed: int
) -> tuple[list[dict], np.ndarray]:
    """Total-order indices of each assumption with bootstrapped 95 % intervals, and every value of the function.

    `function` takes (assumptions, points) and gives (points,).
    """
    values: list[np.ndarray] = []

    def kept(x):
        values.append(function(x))
        return values[-1].copy()  # SciPy centres what it is given in place

    found = stats.sobol_indices(func=kept, n=samples, dists=[a.likely for a in asked], rng=np.random.default_rng(seed))
    ends = _intervals(*values, np.random.default_rng(seed))
    totals = zip(np.ravel(found.total_order).tolist(), *ends.tolist(), strict=True)
    return [dict(zip(("index", "low", "high"), each, strict=True)) for each in totals], np.concatenate(values)


def _intervals(a: np.ndarray, b: np.ndarray, mixed: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(2, assumptions) the ends of the 95 % intervals of the total-order indices, by resampling the points."""
    samples = len(a)
    mixed = mixed.reshape(samples, -1).T

    def again(places):
        parts = {"f_A": a[None, places], "f_B": b[None, places], "f_AB": mixed[:, None, places]}
        return np.ravel(stats.sobol_indices(func=parts, n=samples).total_order)

    return np.quantile([again(each) for each in rng.integers(0, samples, (RESAMPLES, samples))], (0.025, 0.975), axis=0)


def _spread(drawn: np.ndarray) -> dict[str, float]:
    return dict(zip(("low", "median", "high"), np.quantile(drawn, (0.025, 0.5, 0.975)).tolist(), strict=True))

"""Maximum likelihood with profile likelihood intervals, for a handful of parameters of the behaviour.

Law: a parameter that the data do not settle keeps its default, and the reason is told.

Not Optuna: that searches where an evaluation is costly or noisy, and gives no intervals. This likelihood is smooth and
takes a millisecond, so SciPy's L-BFGS-B finds its top, and the likelihood itself says how far from there is too far.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy import optimize, stats

from simulation.character import Behaviour, BehaviourError

FAR = float(stats.chi2.ppf(0.95, 1)) / 2  # below the top in log-likelihood: outside the 95 % interval
NOWHERE = 1e9  # in place of the likelihood of parameters that describe nobody
SHARES = (1e-6, 1 - 1e-6)
MOST_ANSWER = 0.58  # beyond it the other rates, times this one, would exceed all
FACTORS = (0.1, 4.0)
BOUNDS = {"answer": (0.005, MOST_ANSWER), "delay_mu": (-6.0, 8.0), "delay_sigma": (0.1, 6.0)}
KINDS = {name: field.metadata.get("kind") for name, field in Behaviour.__dataclass_fields__.items()}

Loss = Callable[[Behaviour], float]  # minus the log-likelihood


class TooFew(ValueError):
    """The data do not suffice, in a sentence that says what would."""


class Fitted(NamedTuple):
    """One parameter with its interval."""

    name: str
    value: float
    low: float
    high: float
    default: float


class Fit(NamedTuple):
    """What was fitted, and why the rest was not."""

    behaviour: Behaviour
    fitted: tuple[Fitted, ...]
    kept: Mapping[str, str]  # parameter: why it keeps its default
    seen: Mapping[str, float]  # what the data are, in numbers
    p_default: float  # how likely data at least as far from the default behaviour are under it


def fit(loss: Loss, names: Sequence[str], kept: Mapping[str, str], seen: Mapping[str, float], base: Behaviour) -> Fit:
    """Fit `names`. What turns out not to be settled is kept, and the others are fitted again without it.

    Raises TooFew where nothing is left.
    """
    kept, names = dict(kept), list(names)
    while names:
        hill = Hill(loss, base, names)
        found = [interval(hill, name) for name in names]
        loose = [each.name for each in found if not _within(each)]
        if not loose:
            p = float(stats.chi2.sf(max(0.0, 2 * (loss(base) - hill.top)), len(names)))
            return Fit(replace(base, **hill.best), tuple(found), kept, seen, p)
        kept |= dict.fromkeys(loose, "its 95 % interval has no end within what is possible")
        names = [name for name in names if name not in loose]
    why = "; ".join(f"{name}: {reason}" for name, reason in kept.items())
    raise TooFew(f"The data do not suffice to fit anything. {why}.")


def bounds(name: str) -> tuple[float, float]:
    return BOUNDS.get(name, SHARES if KINDS[name] == "share" else FACTORS)


def _within(found: Fitted) -> bool:
    low, high = bounds(found.name)
    return found.low > low and found.high < high


def _stretched(name: str, value: float) -> float:
    """Where steps of equal size mean about as much everywhere."""
    if name == "delay_mu":
        return value
    return math.log(value / (1 - value)) if KINDS[name] == "share" else math.log(value)


def _shrunk(name: str, value: float) -> float:
    if name == "delay_mu":
        return value
    return 1 / (1 + math.exp(-value)) if KINDS[name] == "share" else math.exp(value)


def without_delays(b: Behaviour, base: Behaviour) -> Behaviour:
    """The same but for the delays, of which a table takes longer to make than all others together."""
    return replace(b, delay_mu=base.delay_mu, delay_sigma=base.delay_sigma)


class Hill:
    """The likelihood over some parameters: its top, and how steep it is there, by which steps are measured."""

    def __init__(self, loss: Loss, base: Behaviour, names: Sequence[str]):
        self.loss, self.base, self.names = loss, base, names
        self.best = {name: _shrunk(name, _inside(name, getattr(base, name))) for name in names}
        for _ in range(2):  # once more with the steepness found at the top
            self.steps = {name: self._step(name) for name in names}
            self.best, self.top = self.climb(self.best)

    def height(self, given: Mapping[str, float]) -> float:
        """Minus the log-likelihood, low where it is good."""
        try:
            return min(NOWHERE, self.loss(replace(self.base, **given)))
        except BehaviourError:
            return NOWHERE

    def _step(self, name: str) -> float:
        """What the likelihood falls by a half within, were it alone."""
        at, h = _stretched(name, self.best[name]), 1e-3
        low, here, high = (self.height(self.best | {name: _shrunk(name, at + way * h)}) for way in (-1, 0, 1))
        bend = (low - 2 * here + high) / h**2
        return float(np.clip(bend**-0.5, 1e-4, 0.5)) if 0 < bend < NOWHERE else 0.3

    def climb(self, start: Mapping[str, float], **fixed: float) -> tuple[dict[str, float], float]:
        """The best values beside what is fixed, and the height there."""
        free = [name for name in self.names if name not in fixed]
        if not free:
            return fixed, self.height(fixed)
        limits = [tuple(_stretched(name, end) / self.steps[name] for end in bounds(name)) for name in free]
        at = [_inside(name, start[name]) / self.steps[name] for name in free]

        def named(x: np.ndarray) -> dict[str, float]:
            return {name: _shrunk(name, v * self.steps[name]) for name, v in zip(free, x.tolist(), strict=True)} | fixed

        found = optimize.minimize(
            lambda x: self.height(named(x)), at, method="L-BFGS-B", bounds=limits,
            options={"eps": 1e-3, "ftol": 1e-12, "gtol": 0.01},
        )  # fmt: skip
        return named(found.x), float(found.fun)


def _inside(name: str, value: float) -> float:
    return float(np.clip(_stretched(name, value), *(_stretched(name, end) for end in bounds(name))))


def interval(hill: Hill, name: str) -> Fitted:
    """Where the likelihood, with the other parameters at their best, falls too far below its top."""
    last, middle = dict(hill.best), _stretched(name, hill.best[name])

    @cache
    def beyond(x: float) -> float:
        others, there = hill.climb(last, **{name: _shrunk(name, x)})
        last.update(others)
        return there - hill.top - FAR

    ends = []
    for place, limit in enumerate(_stretched(name, end) for end in bounds(name)):
        last.update(hill.best)
        inside, outside = _around(beyond, middle, limit, 2 * hill.steps[name])
        if outside is None:
            ends.append(bounds(name)[place])
        elif beyond(inside) >= 0:  # a ridge so narrow that the climb has left it
            ends.append(_shrunk(name, outside))
        else:
            ends.append(_shrunk(name, float(optimize.brentq(beyond, inside, outside, xtol=0.02 * hill.steps[name]))))
    return Fitted(name, hill.best[name], *ends, getattr(hill.base, name))


def _around(beyond: Callable[[float], float], middle: float, limit: float, step: float) -> tuple[float, float | None]:
    """A place near enough and, towards the limit, one that is too far (None where there is none)."""
    inside = middle
    while inside != limit:
        outside = limit if abs(limit - inside) <= step else inside + math.copysign(step, limit - inside)
        if beyond(outside) > 0:
            return inside, outside
        inside, step = outside, 2 * step
    return inside, None

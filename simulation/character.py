"""What simulated people are like: every parameter of behaviour, and the tables made of them (DOMAIN 9).

Law: whatever needs a power, a logarithm or a quantile is computed here, once; behaviour only multiplies.
"""

import math
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

DELAYS = 4096
LOADS = 1025  # beyond 1,024 InMails in a month the power of fatigue is nil anyhow (0.93^1024 < 1e-32)


class BehaviourError(ValueError):
    """A parameter that describes nobody, with a sentence that says why."""


class Tables(NamedTuple):
    """What `Behaviour` becomes before use: factors of odds and probabilities, indexed by the codes above."""

    open_odds: float
    open_match: np.ndarray  # [match code]
    open_notified: np.ndarray  # [0, 1]
    fatigue: np.ndarray  # [load]
    answer_odds: float
    answer_match: np.ndarray  # [match code as felt once opened]
    answer_degree: np.ndarray  # [degree code]
    answer_length: np.ndarray  # [length class]
    answer_day: np.ndarray  # [weekday, Monday 0]
    answer_bulk: np.ndarray  # [0, 1]
    answer_career: np.ndarray  # [0, 1] open to work, and a career opportunity
    answer_group: np.ndarray  # [0, 1]
    answer_employer: np.ndarray  # [0, 1]
    spam: np.ndarray  # [match code as felt + 3 if an opportunist]
    report: np.ndarray  # spam + inappropriate, indexed alike
    interested: np.ndarray  # [match code as felt]
    replied: np.ndarray  # interested + reply, indexed alike
    switch_off: np.ndarray  # [match code as declared]
    delay: np.ndarray  # [k] whole seconds, rising


def odds(p: float) -> float:
    return p / (1.0 - p)


def probability(o):
    """P(o) = o / (1 + o), of a number or an array."""
    return o / (1.0 + o)


def _share(default: float, what: str):
    return field(default=default, metadata={"what": what, "kind": "share"})


def _factor(default: float, what: str):
    return field(default=default, metadata={"what": what, "kind": "factor"})


@dataclass(frozen=True)
class Behaviour:
    """Every parameter; its letter says how well it is known: Sure, Published once, Derived, Free choice."""

    open: float = _share(0.70, "P: share of reference InMails opened")
    answer: float = _share(0.27, "P: share of opened reference InMails answered (b)")
    open_mismatch: float = _factor(0.40, "F: odds of opening when the category is not welcome")
    open_silent: float = _factor(0.35, "F: odds of opening when not notified")
    fatigue: float = _share(0.93, "F: odds of opening and answering per InMail of the last 30 days")
    answer_mismatch: float = _factor(0.50, "F: odds of answering when the category is not welcome")
    degree_1: float = _factor(1.25, "F: odds of answering, ordinary message to a connection")
    degree_2: float = _factor(1.25, "F: odds of answering, 2nd degree")
    degree_3: float = _factor(1.00, "F: odds of answering, 3rd degree (the reference)")
    degree_out: float = _factor(0.85, "F: odds of answering, out of network")
    length_400: float = _factor(1.22, "S: rate of answers up to 400 characters, to the mean")
    length_800: float = _factor(1.03, "S: rate of answers, 401-800 characters")
    length_1200: float = _factor(0.94, "S: rate of answers, 801-1,200 characters")
    length_long: float = _factor(0.89, "S: rate of answers beyond 1,200 characters")
    friday: float = _factor(0.97, "P: rate of answers when delivered on a Friday, to Sunday-Thursday")
    saturday: float = _factor(0.90, "P: rate of answers when delivered on a Saturday")
    one_to_one: float = _factor(1.15, "P: rate of answers one-to-one, to bulk")
    open_to_work: float = _factor(1.70, "P: rate of answers of those open to work to a career opportunity")
    shared_group: float = _factor(1.21, "F: rate of answers with a shared group")
    former_employer: float = _factor(1.27, "F: rate of answers with a former employer in common")
    shrink: float = _share(0.70, "D: power on the last four, which are observational and overlap")
    spam: float = _share(0.001, "F: share of opened InMails reported as spam")
    inappropriate: float = _share(0.004, "F: share of opened InMails reported as inappropriate")
    spam_mismatch: float = _share(0.01, "F: the same when the category is not welcome")
    inappropriate_mismatch: float = _share(0.03, "F: the same when the category is not welcome")
    opportunist_report: float = _factor(2.0, "F: odds of a report when the category was declared falsely")
    interested: float = _share(0.50, "D: share of answers that are interested")
    interested_mismatch: float = _share(0.28, "D: the same when the category is not welcome")
    reply: float = _share(0.40, "F: share of the other answers that are replies in own words")
    switch_off: float = _share(0.0002, "F: chance that an InMail received makes one switch InMail off")
    switch_off_mismatch: float = _share(0.002, "F: the same when the category is not welcome")
    delay_mu: float = field(default=2.34, metadata={"what": "P: mean of the logarithm of hours to the answer"})
    delay_sigma: float = field(default=2.17, metadata={"what": "P: deviation of the same"})
    active: float = _share(0.5, "S: share of members active in a month")
    former_colleagues: float = _share(0.02, "F: share of pairs with a former employer in common")
    accept: float = _share(0.30, "F: share of invitations that simulated members accept")

    def __post_init__(self) -> None:
        for each in fields(self):
            _check(each.name, getattr(self, each.name), each.metadata.get("kind"))
        for name in ("open", "answer"):
            if getattr(self, name) == 1:
                raise BehaviourError(f"{name} must be less than 1: odds cannot express certainty.")
        if not 0 <= self.delay_sigma <= 10 or not -10 <= self.delay_mu <= 10:
            raise BehaviourError("delay_mu must lie between -10 and 10, and delay_sigma between 0 and 10.")
        for suffix in ("", "_mismatch"):
            if getattr(self, "spam" + suffix) + getattr(self, "inappropriate" + suffix) >= 1:
                raise BehaviourError(f"spam{suffix} and inappropriate{suffix} together must be less than 1.")
        for name in _RATES:
            if getattr(self, name) * self.answer >= 1:
                raise BehaviourError(f"{name} times answer must be less than 1: no rate of answers exceeds all.")

        if self.one_to_one <= self.answer:
            raise BehaviourError("one_to_one must be more than answer: no rate of answers in bulk exceeds all.")

    def ratio(self, rate: float) -> float:
        """K(r): the odds ratio that turns the rate b of answers into r b."""
        return rate * (1.0 - self.answer) / (1.0 - rate * self.answer)

    @cached_property
    def tables(self) -> Tables:
        """All powers and tables, computed once."""
        return _tables(self)


_RATES = (
    "length_400",
    "length_800",
    "length_1200",
    "length_long",
    "friday",
    "saturday",
    "open_to_work",
    "shared_group",
    "former_employer",
)


def _check(name: str, value: object, kind: str | None) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise BehaviourError(f"{name} must be a finite number, not {value!r}.")
    if kind == "share" and not 0 <= value <= 1:
        raise BehaviourError(f"{name} must lie between 0 and 1, not {value!r}.")
    if kind == "factor" and not 0 < value <= 1000:
        raise BehaviourError(f"{name} must be more than 0 and at most 1000, not {value!r}.")


def _tables(b: Behaviour) -> Tables:
    k = b.ratio
    spam, report = _reports(b)
    interested = [b.interested, b.interested, b.interested_mismatch]
    return Tables(
        open_odds=odds(b.open),
        open_match=_array([1.0, 1.0, b.open_mismatch]),
        open_notified=_array([b.open_silent, 1.0]),
        fatigue=_fatigue(b.fatigue),
        answer_odds=odds(b.answer),
        answer_match=_array([1.0, 1.0, b.answer_mismatch]),
        answer_degree=_array([b.degree_out, b.degree_1, b.degree_2, b.degree_3]),
        answer_length=_array([*map(k, (b.length_400, b.length_800, b.length_1200, b.length_long)), 1.0]),
        answer_day=_array([1.0, 1.0, 1.0, 1.0, k(b.friday), k(b.saturday), 1.0]),
        answer_bulk=_array([1.0, math.pow(k(1 / b.one_to_one), b.shrink)]),
        answer_career=_array([1.0, math.pow(k(b.open_to_work), b.shrink)]),
        answer_group=_array([1.0, math.pow(k(b.shared_group), b.shrink)]),
        answer_employer=_array([1.0, math.pow(k(b.former_employer), b.shrink)]),
        spam=spam,
        report=report,
        interested=_array(interested),
        replied=_array([i + (1.0 - i) * b.reply for i in interested]),
        switch_off=_array([b.switch_off, b.switch_off, b.switch_off_mismatch]),
        delay=_delays(b.delay_mu, b.delay_sigma),
    )


def _array(values: list[float]) -> np.ndarray:
    table = np.array(values, dtype=np.float64)
    table.flags.writeable = False
    return table


def _reports(b: Behaviour) -> tuple[np.ndarray, np.ndarray]:
    """Spam, and spam + inappropriate; of opportunists (index + 3) with the odds of the sum multiplied."""
    plain = (b.spam, b.spam + b.inappropriate)
    unwelcome = (b.spam_mismatch, b.spam_mismatch + b.inappropriate_mismatch)
    pairs = [plain, plain, unwelcome]
    for spam, report in list(pairs):
        worse = probability(odds(report) * b.opportunist_report)
        pairs.append((spam / report * worse if report else 0.0, worse))
    return _array([spam for spam, _ in pairs]), _array([report for _, report in pairs])


@lru_cache(maxsize=64)
def _fatigue(each: float) -> np.ndarray:
    return _array([math.pow(each, load) for load in range(LOADS)])


@lru_cache(maxsize=64)
def _delays(mu: float, sigma: float) -> np.ndarray:
    normal = NormalDist()
    hours = (math.exp(mu + sigma * normal.inv_cdf((k + 0.5) / DELAYS)) for k in range(DELAYS))
    table = np.array([round(3600 * h) for h in hours], dtype=np.int64)
    table.flags.writeable = False
    return table

"""What a sender may expect: the chances of one InMail, and what each circumstance adds or takes.

Law: the very probabilities that decide (`behaviour.p_open`, `behaviour.p_answer`), never a second set.
"""

from typing import NamedTuple

from simulation.behaviour import MISMATCH, Inmails, length_class, p_answer, p_open
from simulation.character import LOADS, Tables


class Forecast(NamedTuple):
    """The chances of one InMail, and what each circumstance adds or takes in percentage points."""

    open: float
    report: float  # once opened
    answer: float  # once opened and not reported
    response: float  # of delivered
    factors: tuple[tuple[str, float], ...]  # (field of Inmails, points), those without effect left out


REFERENCE = Inmails(sender=0, recipient=0, n=0)
FACTORS = (
    "active", "match", "notified", "load", "degree", "length", "weekday",
    "bulk", "career", "shared_group", "former_employer", "opportunist",
)  # fmt: skip


def forecast(t: Tables, m: Inmails) -> Forecast:
    """The chances of one InMail. A factor's points: this response minus that of the same InMail with only
    that circumstance at its reference (undeclared, notified, no load, 3rd degree and so on)."""
    opened, report, answer = _chances(t, m)
    response = opened * (1.0 - report) * answer
    factors = []
    for name in FACTORS:
        o, r, a = _chances(t, m._replace(**{name: getattr(REFERENCE, name)}))
        points = 100.0 * (response - o * (1.0 - r) * a)
        if points:
            factors.append((name, points))
    return Forecast(opened, report, answer, response, tuple(factors))


def _chances(t: Tables, m: Inmails) -> tuple[float, float, float]:
    load = min(m.load, LOADS - 1)
    felt, reports = (MISMATCH, MISMATCH + 3) if m.opportunist else (m.match, m.match)
    opened = float(p_open(t, m.match, int(m.notified), load)) if m.active else 0.0
    answer = p_answer(
        t, felt, load, m.degree, length_class(m.length), m.weekday,
        int(m.bulk), int(m.career), int(m.shared_group), int(m.former_employer),
    )  # fmt: skip
    return opened, float(t.report[reports]), float(answer)

"""A table of published rates (what, rate, n), from CSV or TOML, and the behaviour that makes it likeliest.

Law: each rate is a chance that `simulation.behaviour` has a name for, under circumstances that differ from those of the
reference InMail, to an active member, in one point; what a table does not speak of keeps its default. Shares of answers
within a time are parts of one another and count as one sample.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from scipy import special

from accounts.edges import BadFile, csv_rows, text_of
from lab.calibration.fit import Fit, Loss, TooFew, fit, without_delays
from simulation import behaviour
from simulation.behaviour import MEAN_LENGTH, MISMATCH, OUT_OF_NETWORK, SECOND_DEGREE, THIRD_DEGREE, UNDECLARED
from simulation.character import Behaviour

FEWEST = 5  # of either kind: with less a rate tells next to nothing
REFERENCE = {"felt": UNDECLARED, "load": 0, "degree": THIRD_DEGREE, "length": MEAN_LENGTH, "weekday": 1,
             "bulk": 0, "career": 0, "group": 0, "employer": 0}  # fmt: skip


class Rate(NamedTuple):
    """So many of `n`; `where` it stands in the file."""

    what: str
    rate: float
    n: int
    where: str


class Known(NamedTuple):
    """A rate that can be fitted: the parameters that it tells of, and its chance."""

    tells: tuple[str, ...]
    chance: Callable[[Behaviour], float]


def _answer(name: str, **circumstance) -> Known:
    def chance(b: Behaviour) -> float:
        return float(behaviour.p_answer(b.tables, **(REFERENCE | circumstance)))

    return Known((name,), chance)


def _open(name: str, match: int = UNDECLARED, notified: int = 1) -> Known:
    return Known((name,), lambda b: float(behaviour.p_open(b.tables, match, notified, 0)))


def _response(b: Behaviour) -> float:
    t = b.tables
    answer = float(behaviour.p_answer(t, **REFERENCE))
    return float(behaviour.p_open(t, UNDECLARED, 1, 0)) * (1 - float(t.report[UNDECLARED])) * answer


def _within(hours: float) -> Known:
    return Known(
        ("delay_mu", "delay_sigma"),
        lambda b: float(special.ndtr((math.log(hours) - b.delay_mu) / b.delay_sigma)),
    )


def _itself(name: str) -> Known:
    return Known((name,), lambda b: getattr(b, name))


KNOWN = {
    "open": _open("open"),
    "open_mismatch": _open("open_mismatch", match=MISMATCH),
    "open_not_notified": _open("open_silent", notified=0),
    "response": Known(("answer",), _response),
    "answer": _answer("answer"),
    "answer_mismatch": _answer("answer_mismatch", felt=MISMATCH),
    "answer_2nd_degree": _answer("degree_2", degree=SECOND_DEGREE),
    "answer_out_of_network": _answer("degree_out", degree=OUT_OF_NETWORK),
    "answer_up_to_400": _answer("length_400", length=0),
    "answer_401_to_800": _answer("length_800", length=1),
    "answer_801_to_1200": _answer("length_1200", length=2),
    "answer_over_1200": _answer("length_long", length=3),
    "answer_friday": _answer("friday", weekday=4),
    "answer_saturday": _answer("saturday", weekday=5),
    "answer_bulk": _answer("one_to_one", bulk=1),
    "answer_open_to_work": _answer("open_to_work", career=1),
    "answer_shared_group": _answer("shared_group", group=1),
    "answer_former_employer": _answer("former_employer", employer=1),
    "within_an_hour": _within(1),
    "within_24_hours": _within(24),
    "within_a_week": _within(168),
    **{name: _itself(name) for name in (
        "spam", "spam_mismatch", "inappropriate", "inappropriate_mismatch", "interested", "interested_mismatch",
        "reply", "switch_off", "switch_off_mismatch",
    )},
}  # fmt: skip


TIMES = ("within_an_hour", "within_24_hours", "within_a_week")  # the shorter first


def read(path: Path | str) -> list[Rate]:
    """The rates of a CSV with the header what,rate,n, or of a TOML with tables [[rates]]. Raises BadFile."""
    text = text_of(path)
    entries = _of_toml(text) if str(path).lower().endswith(".toml") else _of_csv(path, text)
    found: dict[str, Rate] = {}
    for where, given in entries:
        rate = _checked(where, given)
        if rate.what in found:
            raise BadFile(f"{where}: {rate.what} was given before, at {found[rate.what].where}.")
        found[rate.what] = rate
    if not found:
        raise BadFile("The file holds no rate.")
    said = [found[what] for what in TIMES if what in found]
    for sooner, later in pairwise(said):
        if sooner.rate > later.rate:
            raise BadFile(f"{later.where}: {later.what} cannot be less than {sooner.what}.")
    return list(found.values())


def _of_csv(path: Path | str, text: str) -> Iterator[tuple[str, dict]]:
    rows = csv_rows(path, text, ",")
    header = [cell.strip().lower() for cell in next(rows, (1, []))[1]]
    if sorted(header) != ["n", "rate", "what"]:
        raise BadFile("Line 1: the header of a table of rates is what,rate,n; that of an archive is another.")
    for line, row in rows:
        if any(cell.strip() for cell in row):
            if len(row) != 3:
                raise BadFile(f"Line {line} has {len(row)} fields instead of 3.")
            yield f"Line {line}", dict(zip(header, (cell.strip() for cell in row), strict=True))


def _of_toml(text: str) -> Iterator[tuple[str, dict]]:
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadFile(f"This is not TOML: {problem}.") from problem
    if set(given) != {"rates"} or not isinstance(given["rates"], list):
        raise BadFile("A table of rates in TOML consists of tables [[rates]], each with what, rate and n.")
    for number, each in enumerate(given["rates"], start=1):
        if not isinstance(each, dict) or set(each) != {"what", "rate", "n"}:
            raise BadFile(f"Rate {number}: it needs what, rate and n, and nothing else.")
        yield f"Rate {number}", each


def _checked(where: str, given: dict) -> Rate:
    what = given["what"]
    if not isinstance(what, str) or what not in KNOWN:
        raise BadFile(f"{where}: {str(what)[:40]!r} is no rate that is known. Known are: {', '.join(KNOWN)}.")
    try:
        rate, n = float(given["rate"]), float(given["n"])
    except (TypeError, ValueError):
        rate = n = math.nan
    if isinstance(given["rate"], bool) or not 0 <= rate <= 1:
        raise BadFile(f"{where}: rate must be a number from 0 to 1, not {str(given['rate'])[:40]!r}.")
    if isinstance(given["n"], bool) or not (1 <= n < 1e12 and n == int(n)):
        raise BadFile(f"{where}: n must be a whole number from 1 on, not {str(given['n'])[:40]!r}.")
    return Rate(what, rate, int(n), where)


def calibrate(rates: list[Rate], base: Behaviour) -> Fit:
    """Fit to a table of rates. Raises TooFew where it settles nothing."""
    names, kept = [], {}
    for each in rates:
        tells, few = KNOWN[each.what].tells, min(each.rate, 1 - each.rate) * each.n < FEWEST
        if few:
            kept |= dict.fromkeys(tells, f"{each.what} {each.rate:g} of {each.n:,}: fewer than {FEWEST} of a kind")
    spoken = [each for each in rates if not set(KNOWN[each.what].tells) & set(kept)]
    for each in spoken:
        names += [name for name in KNOWN[each.what].tells if name not in names]
    if "delay_mu" in names and sum("delay_mu" in KNOWN[each.what].tells for each in spoken) < 2:
        names.remove("delay_sigma")
        kept["delay_sigma"] = "one share of answers within a time does not tell it"
    if not names:
        raise TooFew("The data do not suffice: " + "; ".join(f"{name}: {why}" for name, why in kept.items()) + ".")
    seen = {f"{each.what}, of {each.n:,}": each.rate for each in rates}
    return fit(loss(spoken, base), names, kept, seen, base)


def loss(rates: list[Rate], base: Behaviour) -> Loss:
    """Minus the log-likelihood of binomial counts, and of a multinomial one for the times of answers."""
    times = sorted((each for each in rates if each.what in TIMES), key=lambda each: TIMES.index(each.what))
    alone = [each for each in rates if each.what not in TIMES]

    def of(b: Behaviour) -> float:
        total, still = 0.0, without_delays(b, base)
        for each in alone:
            p = KNOWN[each.what].chance(still)
            total += each.n * (_part(each.rate, p) + _part(1 - each.rate, 1 - p))
        if times:
            edges = [(0.0, 0.0), *((each.rate, KNOWN[each.what].chance(b)) for each in times), (1.0, 1.0)]
            parts = (_part(high[0] - low[0], high[1] - low[1]) for low, high in pairwise(edges))
            total += min(each.n for each in times) * sum(parts)
        return -total

    return of


def _part(share: float, chance: float) -> float:
    return share * math.log(max(chance, 1e-12))

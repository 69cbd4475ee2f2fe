"""A live test beside the truth, as its page needs it: a sentence, a picture, a table, a word for each measure.

Law: a bias is said only where it is sure, corrected for asking about many measures (Holm), and agreement only where
any bias is surely smaller than the error that the test itself owns to; all else is undecided.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from django.utils.translation import gettext as _
from scipy import stats

from lab.statistics import holm
from lab.telling import charts, figures
from lab.telling.measures import MEASURES, Words
from lab.telling.verdicts import Count

WRONG_SIGN, MISSES, AGREES, UNDECIDED = "wrong sign", "misses", "agrees", "undecided"
ORDER = (WRONG_SIGN, MISSES, AGREES, UNDECIDED)
SHAPES = {WRONG_SIGN: "flag", MISSES: "triangle", AGREES: "check", UNDECIDED: "undecided"}
TONES = {WRONG_SIGN: "mismatch", MISSES: "mismatch", AGREES: "match", UNDECIDED: "undeclared"}


class Told(NamedTuple):
    """A value with its interval, as text."""

    value: str
    low: str
    high: str


class Row(NamedTuple):
    """One measure; `truth_at` and `test_at` are whiskers on the row's own scale, with nought in the middle."""

    name: str
    words: Words
    told: tuple[Told, Told, Told]  # the truth, a test, the bias
    held: str
    truth_at: charts.Whisker | None
    test_at: charts.Whisker | None
    verdict: str
    shape: str
    tone: str

    @property
    def truth(self) -> Told:
        return self.told[0]


class Tally(Count):
    """How many measures have one of the words of this page."""

    shape = property(lambda self: SHAPES[self.verdict])
    tone = property(lambda self: TONES[self.verdict])


def page(found: dict) -> dict:
    """The context of the page, of what `lab.live_test.live_test` has found."""
    judged = judge_all(found["measures"])
    missed = [name for name, word in judged.items() if word in (WRONG_SIGN, MISSES)]
    return {
        "sentence": sentence(found, judged),
        "counts": counts(judged),
        "rows": [row(name, m, judged[name]) for name, m in found["measures"].items()],
        "tests": 2 * found["replications"],
        "unseen": [words for name, words in MEASURES.items() if name not in found["measures"]],
        "is_biased": bool(missed),
        "is_within_error": all(_wrong(found["measures"][name]) < 1 for name in missed),
    }


def judge_all(measures: dict[str, dict]) -> dict[str, str]:
    """One word for each measure, corrected for there being several."""
    corrected = holm([p_of_no_bias(m) for m in measures.values()])
    return {name: judge(m, p) for (name, m), p in zip(measures.items(), corrected, strict=True)}


def p_of_no_bias(m: dict) -> float:
    """How likely so large a mean bias is without any, from its own Student's interval; 1 where it has no value."""
    bias, pairs = m["bias"], zip(m["tests"][::2], m["tests"][1::2], strict=True)
    if not bias["value"]:
        return 1.0
    freedom = sum(all(test[key] is not None for test in pair for key in ("naive", "truth")) for pair in pairs) - 1
    error = (bias["high"] - bias["low"]) / 2 / float(stats.t.ppf(0.975, freedom))
    return float(2 * stats.t.sf(abs(bias["value"]) / error, freedom)) if error else 0.0


def judge(m: dict, p: float) -> str:
    """What a live test is worth for this measure; `p` of no bias, corrected."""
    bias, truth, naive = m["bias"], m["truth"], m["naive"]
    if bias["value"] is None:
        return UNDECIDED
    if p < 0.05:
        apart = truth["low"] > 0 > naive["high"] or naive["low"] > 0 > truth["high"]
        return WRONG_SIGN if apart else MISSES
    return AGREES if max(-bias["low"], bias["high"]) <= m["half_width"] else UNDECIDED


def word(verdict: str) -> str:
    return {
        WRONG_SIGN: _("wrong sign"),
        MISSES: _("misses"),
        AGREES: _("agrees"),
        UNDECIDED: _("undecided"),
    }[verdict]


def counts(judged: dict[str, str]) -> list[Tally]:
    words = {
        WRONG_SIGN: _("wrong sign on %(n)s"),
        MISSES: _("misses on %(n)s"),
        AGREES: _("agrees on %(n)s"),
        UNDECIDED: _("undecided on %(n)s"),
    }
    given = Counter(judged.values())
    return [Tally(each, given[each], words[each] % {"n": given[each]}) for each in ORDER if given[each]]


def sentence(found: dict, judged: dict[str, str]) -> str:
    """What live tests would have told and what is true, of the measure that they get most wrong, if of any."""
    missed = [name for name, word in judged.items() if word in (WRONG_SIGN, MISSES)]
    told = missed or [name for name, word in judged.items() if word == AGREES]
    if not told:
        return _("Whether a live test would have told the truth is undecided: more members or days are needed.")
    worst = max(told, key=lambda name: (judged[name] == WRONG_SIGN, _wrong(found["measures"][name])))
    name = worst if missed else told[0]
    m, words = found["measures"][name], MEASURES[name]
    said = _(
        "%(measure)s (%(unit)s): live tests would have told a difference of %(test)s; "
        "the truth is %(truth)s (%(low)s … %(high)s)."
    ) % {
        "measure": words.label,
        "unit": words.unit,
        "test": figures.of(m["naive"]["value"], words.is_share, signed=True),
        "truth": figures.of(m["truth"]["value"], words.is_share, signed=True),
        "low": figures.of(m["truth"]["low"], words.is_share, signed=True),
        "high": figures.of(m["truth"]["high"], words.is_share, signed=True),
    }
    return said if missed else f"{said} " + _("No measure has a bias beyond error.")


def _wrong(m: dict) -> float:
    """How far the test is off, in its own half-widths."""
    return abs(m["bias"]["value"]) / m["half_width"] if m["half_width"] else 0.0


def row(name: str, m: dict, verdict: str) -> Row:
    words, test = MEASURES[name], of_one_test(m)
    ends = [end for each in (m["truth"], test) for end in each.values() if end is not None]
    limit = max(map(abs, ends), default=0.0) or 1.0

    def told(each: dict) -> Told:
        return Told(*(figures.of(each[key], words.is_share, signed=True) for key in ("value", "low", "high")))

    return Row(
        name,
        words,
        (told(m["truth"]), told(test), told(m["bias"])),
        figures.DASH if m["held"] is None else f"{figures.number(100 * m['held'], digits=2)} %",
        _at(m["truth"], limit),
        _at(test, limit),
        word(verdict),
        SHAPES[verdict],
        TONES[verdict],
    )


def of_one_test(m: dict) -> dict[str, float | None]:
    """The mean of what the tests say, with the interval that one of them gives on average."""
    value, half = m["naive"]["value"], m["half_width"]
    if value is None:
        return {"value": None, "low": None, "high": None}
    return {"value": value, "low": value - half, "high": value + half}


def _at(each: dict, limit: float) -> charts.Whisker | None:
    return None if each["value"] is None else charts.whisker(each["low"], each["value"], each["high"], limit)

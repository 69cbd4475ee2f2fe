"""What a run found, in a sentence: what changes, by how much, and how often that is sure.

Law: a direction is said only where the difference is decided; otherwise it is said that it is not.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from lab.statistics import BETTER, SAME, UNDECIDED, WORSE
from lab.telling import figures
from lab.telling.measures import MEASURES

SHAPES = {BETTER: "check", WORSE: "triangle", SAME: "same", UNDECIDED: "undecided"}
TONES = {BETTER: "match", WORSE: "mismatch", SAME: "same", UNDECIDED: "undeclared"}
ORDER = (BETTER, WORSE, SAME, UNDECIDED)


class Count(NamedTuple):
    """How many measures have one verdict."""

    verdict: str
    count: int
    words: str

    @property
    def shape(self) -> str:
        return SHAPES[self.verdict]

    @property
    def tone(self) -> str:
        return TONES[self.verdict]


def word(verdict: str) -> str:
    return {
        BETTER: _("better"),
        WORSE: _("worse"),
        SAME: _("no relevant difference"),
        UNDECIDED: _("undecided"),
    }[verdict]


def counts(differences: dict[str, dict]) -> list[Count]:
    """By verdict, those that were given."""
    given = [d["verdict"] for d in differences.values()]
    words = {
        BETTER: _("better on %(n)s"),
        WORSE: _("worse on %(n)s"),
        SAME: _("no relevant difference on %(n)s"),
        UNDECIDED: _("undecided on %(n)s"),
    }
    found = ((verdict, given.count(verdict)) for verdict in ORDER)
    return [Count(verdict, n, words[verdict] % {"n": n}) for verdict, n in found if n]


def in_short(differences: dict[str, dict]) -> str:
    return " · ".join(count.words for count in counts(differences))


def sentence(arm: str, differences: dict[str, dict], measure: str) -> str:
    """What `arm` does against the first; `measure` is what the experiment is about."""
    sent, answers = _sends(differences["sent_per_sender_month"]), _gets(differences["answer_rate"])
    said = _("“%(arm)s” %(sends)s%(gets)s.") % {"arm": arm[:1].upper() + arm[1:], "sends": sent, "gets": answers}
    if measure not in ("sent_per_sender_month", "answer_rate"):
        said += " " + _about(measure, differences[measure])
    return said


def _sends(d: dict) -> str:
    if d["verdict"] == SAME:
        return _("sends about as many InMails")
    if d["verdict"] == UNDECIDED or not d["base"]:
        return _("sends neither clearly more nor clearly fewer InMails")
    n = figures.number(100 * abs(d["difference"] / d["base"]), digits=2)
    more = _("sends %(n)s %% more InMails") if d["difference"] > 0 else _("sends %(n)s %% fewer InMails")
    return more % {"n": n}


def _gets(d: dict) -> str:
    if d["verdict"] == SAME:
        return _(" and is answered about as often")
    if d["verdict"] == UNDECIDED:
        return _("; whether more of them are answered is undecided")
    n = figures.share(abs(d["difference"]))
    more = (
        _(" and gets %(n)s points more answers") if d["difference"] > 0 else _(" and gets %(n)s points fewer answers")
    )
    return more % {"n": n}


def _about(measure: str, d: dict) -> str:
    words = MEASURES[measure]
    values = {
        "measure": words.label,
        "base": figures.of(d["base"], words.is_share),
        "other": figures.of(d["other"], words.is_share),
        "unit": words.unit,
        "verdict": word(d["verdict"]),
    }
    return _("%(measure)s: %(base)s → %(other)s %(unit)s, %(verdict)s.") % values

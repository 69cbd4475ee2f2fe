"""What nobody has published, in words for people: the name of every assumption of `lab.assumptions` and its reason.

Law: every assumption has its label and its reason here; what is a parameter of a scenario is called as there.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lab.telling import parameters
from lab.telling.behaviour import BEHAVIOUR

OWN = {
    "behaviour.shared_group": _("Effect of a group in common"),
    "behaviour.former_employer": _("Effect of a former employer in common"),
    "population.shared_group": _("Pairs with a group in common"),
    "population.former_colleagues": _("Pairs with a former employer in common"),
    "behaviour.times_reports": _("Reports of what is welcome"),
    "behaviour.times_reports_mismatch": _("Reports of mismatches"),
    "population.times_premium": _("Premium members"),
    "population.out_of_network": _("Pairs out of network"),
    "population.second_degree": _("Pairs of 2nd degree"),
    "senders.bulk": _("Senders in bulk"),
    "senders.opportunist": _("Opportunists"),
    "senders.learner": _("Learners"),
}
TABLES = {"behaviour": BEHAVIOUR, "population": parameters.POPULATION, "senders": parameters.SENDERS}
REASONS = {
    "an odds ratio: from hardly any effect to the square of ours": _(
        "an odds ratio: from hardly any effect to the square of ours"
    ),
    "odds at ten InMails a month from 0.22 to 0.90": _("odds at ten InMails a month from 0.22 to 0.90"),
    "from no effect to the square of ours": _("from no effect to the square of ours"),
    "observed effects hold in full, or mostly not": _("observed effects hold in full, or mostly not"),
    "both rates of reports of what is welcome, times this": _("both rates of reports of what is welcome, times this"),
    "the same of what is not welcome": _("both rates of reports of what is not welcome, times this"),
    "from no resentment of a false category to its square": _("from no resentment of a false category to its square"),
    "a third to two thirds of answers": _("a third to two thirds of answers"),
    "half of ours to half as much again": _("half of ours to half as much again"),
    "a tenth to ten times": _("a tenth to ten times"),
    "a third to three times as many who may send": _("a third to three times as many who may send"),
    "few or many who have switched InMail off": _("few or many who have switched InMail off"),
    "few or many premium members with an open profile": _("few or many premium members with an open profile"),
    "a fifth of ours to four times": _("a fifth of ours to four times"),
    "a quarter of ours to four times": _("a quarter of ours to four times"),
    "everybody keeps the default, which might be another": _("everybody keeps the default, which might be another"),
    "what random pairs are in networks of all sizes": _("what random pairs are in networks of all sizes"),
    "half of ours to half as much again; the others share the rest": _(
        "half of ours to half as much again; the others share the rest"
    ),
    "none to a quarter; the others share the rest": _("none to a quarter; the others share the rest"),
    "none to a third; the others share the rest": _("none to a third; the others share the rest"),
    "learners who mind a bad score late or early": _("learners who mind a bad score late or early"),
    "how far targeted senders look, a quarter to four times": _(
        "how far targeted senders look, a quarter to four times"
    ),
}


def label(name: str) -> str:
    """Of an assumption, such as `behaviour.fatigue`; one of another version of the program keeps its name."""
    table, key = name.split(".")
    if name in OWN:
        return str(OWN[name])
    words = TABLES.get(table, {}).get(key)
    return str(words.label) if words else name


def reason(text: str) -> str:
    """Why its range is as wide as it is."""
    return str(REASONS.get(text, text))

"""The scenarios that are shipped, as cards: a title and one sentence about what each asks."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lab import estimate, scenario
from lab.models import Pace
from lab.telling import figures
from lab.version import version

WORDS = {
    "return_on_silence": (
        _("Return on silence against return on answer"),
        _("Until 2014 a credit came back when nobody answered for a week; since 2015 when somebody does."),
    ),
    "five_caps": (_("Five sizes of the cap"), _("How many months of credits may be saved up: one to twelve.")),
    "categories": (
        _("Categories shown, enforced, hidden"),
        _("Interests that only inform, interests that are a rule, and interests that nobody sees."),
    ),
    "quality_rule": (
        _("The quality rule on and off"),
        _("Whether those who are hardly ever answered are warned, and barred from writing in bulk."),
    ),
    "open_profiles": (
        _("Free InMails to open profiles, or none"),
        _("Whether it costs nothing to write to premium members who have opened their profile."),
    ),
    "attention_bond": (
        _("An attention bond"),
        _("A credit that goes to whoever had to report the InMail, and comes back otherwise."),
    ),
    "twice_the_load": (
        _("Twice the load"),
        _("Return on silence against return on answer, where everybody intends twice as many InMails."),
    ),
}


class Card(NamedTuple):
    name: str
    title: str
    sentence: str
    members: str
    days: int
    arms: int
    time: str


@cache
def _read(name: str) -> scenario.Scenario:
    return scenario.load(scenario.ready()[name])


def place(name: str) -> int:
    """For sorting: those of `WORDS` first and in its order."""
    return [*WORDS, name].index(name)


def title(name: str) -> str:
    return WORDS[name][0] if name in WORDS else _read(name).name


def cards() -> list[Card]:
    """All of them, those of `WORDS` first and in its order; one query."""
    row = Pace.objects.filter(version=version()).first()
    pace = estimate.Pace(row.member_seconds, row.inmail_seconds) if row else None
    names = sorted(scenario.ready(), key=place)
    return [_card(name, _read(name), pace) for name in names]


def _card(name: str, of: scenario.Scenario, pace: estimate.Pace | None) -> Card:
    title, sentence = WORDS.get(name, (of.name, ""))
    found = estimate.of(of, pace=pace, processes=settings.LAB_PROCESSES)
    return Card(name, title, sentence, figures.whole(of.members), of.days, len(of.arms), figures.about(found.seconds))

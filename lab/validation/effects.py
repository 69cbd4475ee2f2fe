"""What changes an answer, and when it comes: the InMails of a run recomputed with only one circumstance changed.

Law: the same InMails with the same luck on both sides; raw rates, which strategies confound, stand beside (DOMAIN 9).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from lab import plain
from lab.scenario import Arm, Scenario
from lab.validation.facts import PERCENT, PUBLISHED, RATIO, SURE, Row, ratio, share
from simulation import behaviour
from simulation.behaviour import MATCH, THIRD_DEGREE, Inmails
from simulation.character import Behaviour

ABOUT = "What changes an answer"
ANSWERING = "How many answer, and when"
TUESDAY, FRIDAY, SATURDAY = 1, 4, 5
HOUR = 3600
LENGTHS = (
    ("up to 400", 400, 1.22),
    ("401 to 800", 800, 1.03),
    ("801 to 1,200", 1200, 0.94),
    ("over 1,200", 1900, 0.89),
)
REFERENCE = {
    "match": MATCH, "notified": True, "load": 0, "degree": THIRD_DEGREE, "length": 0, "weekday": TUESDAY,
    "bulk": False, "career": False, "shared_group": False, "former_employer": False, "active": True,
    "opportunist": False,
}  # fmt: skip


class Sample(NamedTuple):
    """The InMails of some replications, and the seed of each one's luck."""

    behaviour: Behaviour
    parts: list[tuple[int, Inmails]]

    def react(self, **circumstances) -> behaviour.Reactions:
        """What comes of them, where the circumstances named are the same for all; nothing expires here."""
        told = [behaviour.react(self.behaviour.tables, luck, m._replace(**circumstances)) for luck, m in self.parts]
        return behaviour.Reactions(*(np.concatenate(columns) for columns in zip(*told, strict=True)))

    def responded(self, **circumstances) -> np.ndarray:
        return np.isin(self.react(**circumstances).answer, plain.RESPONSES)

    def column(self, name: str) -> np.ndarray:
        return np.concatenate([getattr(m, name) for _, m in self.parts])


def sample(scenario: Scenario, arm: Arm) -> Sample:
    """What was sent under one arm in the first market of every replication."""
    courses = (
        plain.live(scenario, number, (arm,), lambda numbers: np.zeros(len(numbers), int))
        for number in range(scenario.replications)
    )
    return Sample(scenario.behaviour, [(course.luck, course.letters.inmails) for course in courses])


def rows(s: Sample, expiry: int) -> Iterator[Row]:
    """Everything that InMails tell; `expiry` in seconds from delivery."""
    as_sent = s.responded()
    yield from lengths(s, as_sent)
    yield from weekdays(s, as_sent)
    yield from observed(s, as_sent)
    yield from responses(s, as_sent)
    yield from delays(s, expiry)


def lengths(s: Sample, as_sent: np.ndarray) -> Iterator[Row]:
    kinds = behaviour.length_classes(s.column("length"))
    for kind, (words, longest, rate) in enumerate(LENGTHS):
        found = ratio(s.responded(length=longest), as_sent)
        raw = as_sent[kinds == kind].mean() / as_sent.mean()
        fact = f"{words.capitalize()} characters, to InMails as they are"
        yield Row(ABOUT, fact, f"{rate:.2f}", rate - 0.005, rate + 0.005, SURE, True, found, RATIO, raw)


def weekdays(s: Sample, as_sent: np.ndarray) -> Iterator[Row]:
    weekday = s.column("weekday")
    early = ~np.isin(weekday, (FRIDAY, SATURDAY))
    for name, day, rate in (("Friday", FRIDAY, 0.97), ("Saturday", SATURDAY, 0.90)):
        found = ratio(s.responded(weekday=day), s.responded(weekday=TUESDAY))
        raw = as_sent[weekday == day].mean() / as_sent[early].mean()
        fact = f"On a {name}, to Sunday to Thursday"
        yield Row(ABOUT, fact, f"{rate:.2f}", rate - 0.005, rate + 0.005, PUBLISHED, True, found, RATIO, raw)


def observed(s: Sample, as_sent: np.ndarray) -> Iterator[Row]:
    """Effects that are known from what senders did of their own will, and are shrunk for that."""
    note = f"published as observed; behaviour takes its odds to the power {s.behaviour.shrink:g} [D]"
    bulk, career = s.column("bulk"), s.column("career")
    found = ratio(s.responded(bulk=False), s.responded(bulk=True))
    raw = as_sent[~bulk].mean() / as_sent[bulk].mean()
    yield Row(ABOUT, "One-to-one, to bulk", "1.15", 1.145, 1.155, PUBLISHED, True, found, RATIO, raw, note)
    found = ratio(s.responded(career=True), s.responded(career=False))
    raw = as_sent[career].mean() / as_sent[~career].mean()
    fact = "Career opportunity to one open to work, to others"
    yield Row(ABOUT, fact, "1.7", 1.65, 1.75, PUBLISHED, True, found, RATIO, raw, note)


def responses(s: Sample, as_sent: np.ndarray) -> Iterator[Row]:
    active = s.column("active")
    reference = s.responded(**REFERENCE)
    for fact, there, fitted in (
        ("Response to the reference InMail", reference, True),
        ("Response to InMails to members active in the month", as_sent[active], False),
        ("Response to all InMails", as_sent, False),
    ):
        found = share(int(there.sum()), len(there))
        yield Row(ANSWERING, fact, "10 to 25 %", 0.095, 0.255, PUBLISHED, fitted, found, PERCENT)


def delays(s: Sample, expiry: int) -> Iterator[Row]:
    said = s.react()
    answers = np.isin(said.answer, plain.RESPONSES)
    every, in_time = said.answer_delay[answers], said.answer_delay[answers & (said.open_delay < expiry)]
    for when, least, published in (("24 hours", 24 * HOUR, 0.65), ("a week", 168 * HOUR, 0.90)):
        bounds = (published - 0.005, published + 0.005)
        for among, there, fitted in (
            ("", every, True),
            (f", unread expiring after {expiry // 86_400} days", in_time, False),
        ):
            found = share(int((there <= least).sum()), len(there))
            fact = f"Responses within {when}{among}"
            yield Row(
                ANSWERING, fact, f"{published:.0%}".replace("%", " %"), *bounds, PUBLISHED, fitted, found, PERCENT
            )

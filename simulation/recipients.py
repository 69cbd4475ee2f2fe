"""How simulated members take what is delivered to them: decided at delivery by hash draws, done at its own instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

import numpy as np

from clock.models import Timeline
from inmail.delivery import Delivery, Reaction
from inmail.models import Inmail, Match
from privacy.models import Category
from simulation import behaviour, senders, wording
from simulation.character import Behaviour
from simulation.draws import hash01
from simulation.models import SwitchOff, World
from simulation.population import CATEGORIES

MATCH_CODES = {
    Match.UNDECLARED: behaviour.UNDECLARED,
    Match.MATCH: behaviour.MATCH,
    Match.MISMATCH: behaviour.MISMATCH,
}
WORDS = 8  # the decision drawn for the choice of words; beyond the decisions of DOMAIN 9


@cache
def character() -> Behaviour:
    """The behaviour in force: the documented defaults."""
    return Behaviour()


@cache
def habits() -> senders.Habits:
    """The senders' habits in force: the documented defaults."""
    return senders.Habits()


def world_seed() -> int:
    """The seed of the simulated people; 0 before any were made."""
    return World.objects.values_list("seed", flat=True).first() or 0


def month_of(at: datetime) -> int:
    """The month as the behaviour counts it."""
    return at.year * 12 + at.month - 1


def is_active(member, at: datetime) -> bool:
    """Whether a simulated member looks at messages in the month of `at`; people always may."""
    return not member.simulated or behaviour.is_active(character(), world_seed(), member.number, month_of(at))


def react(timeline: Timeline, deliveries: Sequence[Delivery]) -> dict[int, Reaction]:
    """What each simulated recipient will do, by InMail id; those who tire of InMail are noted for the next midnight."""
    if not deliveries:
        return {}
    seed = world_seed()
    decided = behaviour.react(character().tables, timeline.seed, _inmails(seed, deliveries))
    _note_switch_offs(timeline, deliveries, decided.switches_off)
    return {d.inmail.pk: _reaction(timeline, d, decided, place) for place, d in enumerate(deliveries)}


def _inmails(seed: int, deliveries: Sequence[Delivery]) -> behaviour.Inmails:
    """The deliveries as columns of numbers."""
    letters = [d.inmail for d in deliveries]
    sender = np.array([i.sender.number for i in letters], dtype=np.uint64)
    recipient = np.array([i.recipient.number for i in letters], dtype=np.uint64)
    months = np.array([month_of(d.at) for d in deliveries])
    return behaviour.Inmails(
        sender=sender,
        recipient=recipient,
        n=np.array([i.n for i in letters]),
        match=np.array([MATCH_CODES[d.match] for d in deliveries]),
        notified=np.array([d.notified for d in deliveries]),
        load=np.array([d.load for d in deliveries]),
        degree=np.array([d.degree or behaviour.OUT_OF_NETWORK for d in deliveries]),
        length=np.array([len(i.body) for i in letters]),
        weekday=np.array([d.at.weekday() for d in deliveries]),
        bulk=np.array([i.bulk for i in letters]),
        career=np.array([i.recipient.open_to_work and i.category == Category.CAREER_OPPORTUNITY for i in letters]),
        shared_group=np.array([d.shared_groups > 0 for d in deliveries]),
        former_employer=behaviour.are_former_colleagues(character(), seed, sender, recipient),
        active=behaviour.are_active(character(), seed, recipient, months),
        opportunist=_deceives(seed, letters, sender),
    )


def _deceives(seed: int, letters: Sequence[Inmail], sender: np.ndarray) -> np.ndarray:
    """Which of the senders declared a category only because it matches, while the text is about their own."""
    known = senders.characters(habits(), seed, sender)
    simulated = np.array([i.sender.simulated for i in letters])
    declared = np.array([CATEGORIES.index(i.category) for i in letters])
    return simulated & (known.strategy == senders.OPPORTUNIST) & (known.category != declared)


def _reaction(timeline: Timeline, d: Delivery, decided: behaviour.Reactions, place: int) -> Reaction:
    if not decided.opens[place]:
        return Reaction()
    open_at = d.at + timedelta(seconds=int(decided.open_delay[place]))
    kind = int(decided.answer[place])
    if kind == behaviour.NONE:
        return Reaction(open_at=open_at)
    answer = behaviour.ANSWERS[kind]
    answer_at = d.at + timedelta(seconds=int(decided.answer_delay[place]))
    return Reaction(open_at, answer_at, answer, _words(timeline, d, answer))


def _words(timeline: Timeline, d: Delivery, answer: str) -> str:
    """The answer in words, in the sender's language; a report has none."""
    if answer not in ("interested", "reply", "not_interested"):
        return ""
    letter = d.inmail
    u = hash01(timeline.seed, letter.sender.number, letter.recipient.number, letter.n, WORDS)
    return wording.answer_text(
        letter.sender.language, answer, letter.category, u, letter.recipient.first_name, letter.sender.first_name
    )


def _note_switch_offs(timeline: Timeline, deliveries: Sequence[Delivery], off: np.ndarray) -> None:
    SwitchOff.objects.bulk_create(
        SwitchOff(timeline=timeline, member_id=d.inmail.recipient_id, decided_at=d.at)
        for d, tired in zip(deliveries, off, strict=True)
        if tired
    )

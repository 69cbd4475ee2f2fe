"""Courses of acts, drawn from a seed or by Hypothesis; an act becomes a deed once it is known what is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import prod
from random import Random
from typing import NamedTuple

from hypothesis import strategies as st

from tests.laws.members import NO_FREE, OFF, OPEN_TO_ALL
from tests.laws.model import World
from tests.laws.rulebook import ANSWERS, PLANS, POLICIES

CATEGORIES = ("career_opportunity", "consulting_offer", "new_venture", "business_deal")
# How often each kind of act is drawn, of the sum.
WEIGHTS = {
    "send": 30,
    "deliver": 10,
    "sweep": 7,
    "undo": 3,
    "open": 5,
    "answer": 20,
    "withdraw": 3,
    "accept": 9,
    "block": 3,
    "unblock": 4,
    "connect": 3,
    "disconnect": 4,
    "leave": 1,
    "come_back": 2,
    "purchase": 4,
    "adjust": 4,
    "choose": 3,
    "rule": 2,
    "advance": 13,
}
# What goes wrong: the act is rolled back just before its commit and done again; it is committed, its answer is lost
# and it is repeated under the same key.
MISHAPS = ("", "", "", "", "crash", "lost")
BEGINNINGS = (
    datetime(2014, 6, 3, 12, tzinfo=UTC),
    datetime(2016, 2, 27, 23, 59, 50, tzinfo=UTC),  # before a leap day
    datetime(2014, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2015, 1, 30, tzinfo=UTC),
    datetime(2015, 10, 24, 22, 30, tzinfo=UTC),  # where clocks are put back; the platform knows only UTC
)
# Plan, billing day, groups. The last two share a group with the first.
CAST = (
    ("recruiter_lite", 3, "g"),
    ("career", 31, ""),
    ("business", 15, ""),
    ("sales", 29, "h"),
    ("basic", 30, "g"),
    ("career", 1, "gh"),
)


class Act(NamedTuple):
    """What somebody tries, before it is known what is there: `n` chooses among what is possible."""

    kind: str
    who: int
    whom: int
    n: int
    mishap: str = ""


class Deed(NamedTuple):
    """A verb of both sides, with all that it is done with."""

    verb: str
    given: tuple = ()
    named: dict = {}

    def __str__(self) -> str:
        given = [*map(str, self.given), *(f"{name}={value}" for name, value in self.named.items())]
        return f"{self.verb}({', '.join(given)})"


@dataclass(frozen=True)
class Course:
    """`harsh`: everybody answers with reports, and most write from one place, so that sanctions come about."""

    begins: datetime
    policy: str
    harsh: bool
    acts: tuple[Act, ...]


_KINDS = [kind for kind, weight in WEIGHTS.items() for _ in range(weight)]


_SPAN = (len(_KINDS), len(CAST), len(CAST), len(MISHAPS), 590)


def _act(number: int) -> Act:
    """Who tries what, from one number, because Hypothesis takes its time for each it draws."""
    parts, number = [], (number * 7_368_787 + 9_999_991) % prod(_SPAN)  # so that 0 is no act of its own kind
    for span in _SPAN:
        number, part = divmod(number, span)
        parts.append(part)
    kind, who, whom, mishap, n = parts
    return Act(_KINDS[kind], who, whom, n, MISHAPS[mishap])


def _course(begins: datetime, policy: str, harsh: bool, numbers: list[int]) -> Course:
    return Course(begins, policy, harsh, tuple(_act(number) for number in numbers))


_ACTS = st.integers(0, prod(_SPAN) - 1)
assert prod(_SPAN) < 2**24  # beyond that Hypothesis prefers small numbers
OFTEN = (*["2014"] * 6, *POLICIES)


def drawn(seed: int) -> Course:
    """The course of a seed, the same on every machine and in every version of Hypothesis."""
    luck = Random(seed)
    numbers = [luck.randrange(prod(_SPAN)) for _ in range(luck.randint(20, 60))]
    return _course(luck.choice(BEGINNINGS), luck.choice(OFTEN), luck.random() < 1 / 6, numbers)


def courses(*, least: int = 20, most: int = 60) -> st.SearchStrategy[Course]:
    """Courses of `least` to `most` acts, most often under the policy of 2014."""
    numbers = st.lists(_ACTS, min_size=least, max_size=most)
    harsh = st.sampled_from([False] * 5 + [True])
    return st.tuples(st.sampled_from(BEGINNINGS), st.sampled_from(OFTEN), harsh, numbers).map(
        lambda drawn: _course(*drawn)
    )


def deed(act: Act, world: World, *, harsh: bool = False) -> Deed | None:
    """What `act` comes to in `world`; None when there is nothing to do it with."""
    act = _harsher(act) if harsh else act
    if act.kind in _NEEDS_NOBODY or not world.people[act.who].gone or act.kind in ("leave", "come_back"):
        return _DEEDS[act.kind](act, world)
    return None


def _harsher(act: Act) -> Act:
    """Rather a sending or a report than a change of what people accept; hours rather than days."""
    kind = {"accept": "send", "block": "sweep", "connect": "answer", "rule": "answer", "leave": "answer"}
    kind |= {"purchase": "answer", "choose": "send", "withdraw": "sweep", "undo": "sweep"}
    act = act._replace(kind=kind.get(act.kind, act.kind))
    if act.kind == "send":
        return act._replace(who=0 if act.n % 4 else act.who)
    if act.kind in ("answer", "advance"):
        return act._replace(n=act.n - act.n % 12 + (2 if act.kind == "advance" else 3))
    return act


def _send(act: Act, world: World) -> Deed:
    """To oneself only now and then; one in four with an undo window."""
    category, whom = CATEGORIES[act.n % len(CATEGORIES)], act.whom
    if whom == act.who and act.n % 7:
        whom = (whom + 1 + act.n % (len(CAST) - 1)) % len(CAST)
    return Deed("send", (act.who, whom, category, act.n // 4 % 4 == 0))


def _awaited(act: Act, world: World) -> Act:
    """Often by one to whom an InMail is on its way, and against who sent it."""
    queued = [x for x in world.letters if x.status == "queued"]
    if not queued or act.n % 3 == 0:
        return act
    letter = queued[act.n // 3 % len(queued)]
    return act._replace(who=letter.recipient, whom=letter.sender)


def _on_a_letter(*fitting: str, seen: bool) -> Callable[[Act, World], Deed | None]:
    """Mostly a letter in a fitting state; sometimes any that exists, or that its recipient has seen."""

    def chosen(act: Act, world: World) -> Deed | None:
        letters = [(place, x) for place, x in enumerate(world.letters) if x.delivered_at or not seen]
        side = "recipient" if seen else "sender"
        letters = [(place, x) for place, x in letters if not world.people[getattr(x, side)].gone]
        fit = [place for place, x in letters if x.status in fitting]
        places = fit if fit and act.n % 5 else [place for place, _ in letters]
        return Deed(act.kind, (places[act.n // 5 % len(places)],)) if places else None

    return chosen


def _answer(act: Act, world: World) -> Deed | None:
    chosen = _on_a_letter("delivered", "opened", seen=True)(act, world)
    return chosen and Deed("answer", (*chosen.given, ANSWERS[act.whom % 5 if act.n % 3 else 3 + act.whom % 2]))


def _deliver(act: Act, world: World) -> Deed | None:
    places = [place for place, x in enumerate(world.letters) if x.status == "queued"] if act.n % 5 else []
    places = places or list(range(len(world.letters)))
    return Deed("deliver", (places[act.n // 5 % len(places)],)) if places else None


def _accept(act: Act, world: World) -> Deed:
    act, chosen = _awaited(act, world), act.n // 4
    return (
        Deed("accept", (act.who,), {"messages": (OFF, OPEN_TO_ALL, NO_FREE, OPEN_TO_ALL)[chosen % 4]}),
        Deed("accept", (act.who,), {"interests": tuple(c for k, c in enumerate(CATEGORIES) if chosen >> k & 1)}),
        Deed("accept", (act.who,), {"open_profile": chosen % 4 != 0}),
        Deed("accept", (act.who,), {"lowest": Decimal(chosen % 11) / 2}),
    )[act.n % 4]


def _pair(act: Act, world: World) -> Deed | None:
    act = _awaited(act, world) if act.kind in ("block", "connect") else act
    a, b = act.who, act.whom
    apart = world.are_apart(a, b)
    return None if a == b or (act.kind == "connect" and apart) else Deed(act.kind, (a, b))


def _advance(act: Act, world: World) -> Deed:
    """Minutes, hours or days; or to one of the next things due, most often exactly, or a second before or after."""
    chosen = act.n // 4
    if act.n % 4 == 0:
        second = timedelta(seconds=(0, 0, -1, 1)[chosen % 4])
        instants = _due(world)
        span = instants[min(act.whom // 2, len(instants) - 1)] - world.now + second
        return Deed("advance", (max(span, timedelta(seconds=1)),))
    unit = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))[act.n % 4 - 1]
    return Deed("advance", (unit * (1 + chosen % (59, 23, 9)[act.n % 4 - 1]),))


def _due(world: World) -> list[datetime]:
    """The deadlines and expiries to come, in order; the grants when there are none."""
    instants = {x.deadline_at for x in world.letters if x.deadline_at and not x.settled_at}
    instants |= {x.expires_at for x in world.letters if x.expires_at and x.status == "delivered"}
    return sorted(instants or {member.next_grant_at for member in world.people})


_DEEDS: dict[str, Callable[[Act, World], Deed | None]] = {
    "send": _send,
    "deliver": _deliver,
    "sweep": lambda act, world: Deed("sweep"),
    "undo": _on_a_letter("queued", seen=False),
    "withdraw": _on_a_letter("delivered", seen=False),
    "open": _on_a_letter("delivered", seen=True),
    "answer": _answer,
    "accept": _accept,
    "block": _pair,
    "unblock": _pair,
    "connect": _pair,
    "disconnect": _pair,
    "leave": lambda act, world: Deed("leave", (_awaited(act, world).who,)),
    "come_back": lambda act, world: Deed("come_back", (act.who,)),
    "purchase": lambda act, world: Deed("purchase", (act.who, 1 + act.n % 11)),
    "adjust": lambda act, world: Deed("adjust", (act.who, act.n % 41 - 30 or 1)),
    "choose": lambda act, world: Deed("choose", (act.who, PLANS[act.n % len(PLANS)])),
    "rule": lambda act, world: Deed("rule", (list(POLICIES)[act.n % len(POLICIES)],)),
    "advance": _advance,
}
_NEEDS_NOBODY = {"deliver", "sweep", "advance", "rule", "adjust", "undo", "withdraw", "open", "answer"}


def begin(course: Course, *, length: int) -> World:
    """The world in which a course begins: the cast, two connections, and what two of them accept."""
    world = World(course.begins, course.policy, length=length)
    for plan, day, groups in CAST:
        world.join(plan=plan, billing_day=day, groups=frozenset(groups))
    for a, b in LINKS:
        world.connect(a, b)
    return world


LINKS = ((0, 1), (1, 2))

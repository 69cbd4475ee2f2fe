"""A course played on the model, and beside it on PostgreSQL: after every step the laws hold and both are equal."""

from __future__ import annotations

from collections import Counter
from typing import Protocol

from tests.laws import acts
from tests.laws.acts import Course, Deed
from tests.laws.members import No
from tests.laws.model import World
from tests.laws.state import State, broken, seen

LENGTH = 53  # characters of the one text that everybody sends


class Side(Protocol):
    """Another world that does the same deeds."""

    def do(self, deed: Deed, mishap: str) -> tuple[str, ...]:
        """The codes of the refusal, none when it was accepted; whatever `mishap` befalls it, it has one effect."""

    def state(self) -> State: ...

    def unlawful(self) -> list[str]:
        """What the side's own audit finds."""


class Broken(AssertionError):
    """A law does not hold, or the two sides differ; `story` tells every step up to there."""

    def __init__(self, why: str, story: list[str]):
        self.why, self.story = why, story
        super().__init__("\n".join([why, *story]))


def play(course: Course, side: Side | None = None) -> Counter:
    """Play `course` on the model and on `side`; counts what was done, refusals by code. Raises `Broken`."""
    world = acts.begin(course, length=LENGTH)
    story = [f"{course.begins:%Y-%m-%d %H:%M:%S}, policy {course.policy}"]
    done: Counter = Counter()
    before, theirs = world.state(), side and side.state()
    _agree(before, theirs, story)
    for act in course.acts:
        deed = acts.deed(act, world, harsh=course.harsh)
        if deed is None:
            continue
        codes = on(world, deed)
        story.append(f"{deed}{act.mishap and ' after a ' + act.mishap} -> {', '.join(codes) or 'done'}")
        if side and (said := _asked(side, deed, act.mishap, story)) != codes:
            raise Broken(f"the platform says {', '.join(said) or 'done'}", story)
        after, their_next = world.state(), side and side.state()
        _lawful(before, after, "the model", story)
        if side:
            _lawful(theirs, their_next, "the platform", story)
        _agree(after, their_next, story)
        before, theirs = after, their_next
        done[deed.verb] += 1
        done.update(f"no: {code}" for code in codes)
    if side and (found := side.unlawful()):
        raise Broken(f"in the end the platform finds: {'; '.join(found)}", story)
    done.update(f"entry: {entry.kind}" for entries in before.entries for entry in entries)
    done.update(letter.status for letter in before.letters)
    done.update(f"not delivered: {letter.refusal}" for letter in before.letters if letter.refusal)
    return done


def on(world: World, deed: Deed) -> tuple[str, ...]:
    try:
        getattr(world, deed.verb)(*deed.given, **deed.named)
    except No as refused:
        return refused.codes
    return ()


def _asked(side: Side, deed: Deed, mishap: str, story: list[str]) -> tuple[str, ...]:
    try:
        return side.do(deed, mishap)
    except Exception as error:
        raise Broken(f"the platform fails with {type(error).__name__}: {error}", story) from error


def _lawful(before: State, after: State, whose: str, story: list[str]) -> None:
    if laws := broken(before, after):
        raise Broken(f"{whose} breaks: {'; '.join(laws)}", story)


def _agree(ours: State, theirs: State | None, story: list[str]) -> None:
    if theirs is None or (ours := seen(ours)) == (theirs := seen(theirs)):
        return
    raise Broken("the two differ: " + "; ".join(differences(ours, theirs)), story)


def differences(ours, theirs, at: str = "") -> list[str]:
    """Where two nested values differ, each place with what the model and the platform say."""
    if ours == theirs:
        return []
    if isinstance(ours, tuple) and isinstance(theirs, tuple) and len(ours) == len(theirs):
        names = getattr(ours, "_fields", range(len(ours)))
        each = zip(names, ours, theirs, strict=True)
        return [found for name, a, b in each for found in differences(a, b, f"{at}.{name}")]
    return [f"{at[1:]}: model {ours}, platform {theirs}"]

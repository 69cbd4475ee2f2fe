"""A course whose acts come in twos, each two by real threads at one instant, committed as in earnest.

Law: what the two are told and what stands afterwards is what one after the other would have given, in one of the two
orders. A sweep follows them, for a bell leaves alone what somebody is at. Time passes, and sweeps, while nobody acts:
they are several transactions, between which others may well act.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from threading import Barrier

from django.db import connection
from django.utils import timezone

from clock import conflicts
from clock import timeline as clock
from inmail.models import Job
from tests.laws import acts, play
from tests.laws.acts import Act, Course, Deed
from tests.laws.model import World
from tests.laws.platform import Platform, codes_of
from tests.laws.state import seen

ALONE = ("advance", "sweep")
Codes = tuple[str, ...]


def run(course: Course, platform: Platform) -> Counter:
    """Play `course` in twos; counts what was done by two at once, and in which order it came out. Raises `Broken`."""
    world, done = acts.begin(course, length=play.LENGTH), Counter()
    story = [f"{course.begins:%Y-%m-%d %H:%M:%S}, policy {course.policy}"]
    for two in _twos(course):
        deeds = [found for act in two if (found := acts.deed(act, world, harsh=course.harsh))]
        if len(deeds) < 2 or any(deed.verb in ALONE for deed in deeds):
            for act in two:
                world = _alone(act, course, world, platform, story)
            continue
        said = _at_once(platform, deeds)
        story.append(" beside ".join(map(_told, deeds, said)))
        order, world = _explained(world, deeds, said, platform, story)
        done.update([order, *(deed.verb for deed in deeds), *(f"no: {code}" for codes in said for code in codes)])
    if found := platform.unlawful():
        raise play.Broken(f"in the end the platform finds: {'; '.join(found)}", story)
    return done


def _twos(course: Course) -> Iterator[tuple[Act, Act]]:
    """The acts by twos: a third of them by the same member, a third the very same, a third as they were drawn."""
    for first, second in zip(course.acts[::2], course.acts[1::2], strict=False):
        like = (second._replace(who=first.who), first._replace(whom=second.whom), second)
        yield first, like[second.n % 3]


def _alone(act: Act, course: Course, world: World, platform: Platform, story: list[str]) -> World:
    if deed := acts.deed(act, world, harsh=course.harsh):
        said = platform.do(deed, "")
        story.append(_told(deed, said))
        _, world = _explained(world, [deed], [said], platform, story)
    return world


def _at_once(platform: Platform, deeds: list[Deed]) -> list[Codes]:
    gate = Barrier(len(deeds))

    def act(deed: Deed) -> Codes:
        try:
            connection.ensure_connection()
            gate.wait(30)
            return conflicts.again(lambda: _do(platform, deed))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(act, deeds))


def _do(platform: Platform, deed: Deed) -> Codes:
    """As a view does it, in the clock's moment; as the worker does it, in transactions of its own."""
    if deed.verb == "deliver":
        platform.deliver(*deed.given)
        return ()

    def act() -> None:
        with clock.moment(platform.live):
            getattr(platform, deed.verb)(*deed.given, **deed.named)

    return codes_of(act)


def _told(deed: Deed, said: Codes) -> str:
    return f"{deed} -> {', '.join(said) or 'done'}"


def _explained(world: World, deeds: list[Deed], said: list[Codes], platform: Platform, story) -> tuple[str, World]:
    """The order of the two that gives what was said and what is there, and the world as it then is."""
    Job.objects.update(retry_at=timezone.now())  # the pause after an attempt goes by
    platform.sweep()
    theirs, tried = seen(platform.state()), []
    for order in dict.fromkeys((tuple(range(len(deeds))), tuple(reversed(range(len(deeds)))))):
        after, told = deepcopy(world), dict.fromkeys(range(len(deeds)), ())
        for place in order:
            told[place] = play.on(after, deeds[place])
        after.sweep()
        if list(told.values()) == said and seen(after.state()) == theirs:
            return ("as drawn" if order[0] == 0 else "the other way round"), after
        tried.append(f"{list(told.values())}, {play.differences(seen(after.state()), theirs)}")
    raise play.Broken(f"no order of the two explains it: {tried}", story)

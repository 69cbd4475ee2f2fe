"""One seed, one course: played, and when it fails cut down to the shortest part of it that still fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.laws import acts
from tests.laws.acts import Course


@dataclass(frozen=True)
class Failure:
    """A course that fails, and why."""

    seed: int
    course: Course
    error: Exception

    def __str__(self) -> str:
        again = f"python3 run.py laws --model 1 --database 1 --seed {self.seed}"
        return f"seed {self.seed}: {self.error}\n`{again}` finds the shortest course."


Play = Callable[[Course], Counter]


def run(number: int, play: Play, *, cut: bool = True) -> Counter | Failure:
    """Play the course of the seed `number`; what was done in it, or how it fails, with `cut` in the shortest way."""
    course = acts.drawn(number)
    done = _played(course, play)
    if isinstance(done, Counter):
        return done
    return Failure(number, *(shortest(course, done, play) if cut else (course, done)))


def shortest(course: Course, error: Exception, play: Play) -> tuple[Course, Exception]:
    """Leave out ever smaller parts of a course that fails, as long as it does."""
    size = len(course.acts) // 2
    while size:
        place = 0
        while place < len(course.acts):
            shorter = replace(course, acts=course.acts[:place] + course.acts[place + size :])
            if isinstance(found := _played(shorter, play), Exception):
                course, error = shorter, found
            else:
                place += size
        size //= 2
    return course, error


def _played(course: Course, play: Play) -> Counter | Exception:
    try:
        return play(course)
    except Exception as error:
        return error

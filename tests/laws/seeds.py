"""One seed, one course: drawn by Hypothesis, played, and when it fails cut down to the shortest that fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.laws import acts
from tests.laws.acts import Course

DRAW = (Phase.generate,)
DRAW_AND_CUT = (Phase.generate, Phase.shrink)


@dataclass(frozen=True)
class Failure:
    """The shortest course that fails, and why."""

    seed: int
    course: Course
    error: BaseException

    def __str__(self) -> str:
        again = f"python3 run.py laws --model 1 --database 1 --seed {self.seed}"
        return f"seed {self.seed}: {self.error}\n`{again}` finds the shortest course."


def run(number: int, play: Callable[[Course], Counter], *, cut: bool = True) -> Counter | Failure:
    """Play the course of the seed `number`; what was done in it, or how it fails, with `cut` in the shortest way."""
    tries: list[Course] = []
    done: list[Counter] = []

    @seed(number)
    @settings(
        max_examples=2,  # Hypothesis plays the plainest course first, then the seed's own
        phases=DRAW_AND_CUT if cut else DRAW,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(acts.courses())
    def courses(course: Course) -> None:
        tries.append(course)
        if len(tries) > 1:
            done.append(play(course))

    try:
        courses()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return Failure(number, tries[-1], error)
    return done[-1]

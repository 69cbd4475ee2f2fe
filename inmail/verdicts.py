"""What a page or a program says of writing an InMail to somebody: possible and at what cost, or why not."""

from __future__ import annotations

from dataclasses import dataclass

from inmail.facts import Pair
from inmail.refusals import Refusal, explain


@dataclass(frozen=True)
class Verdict:
    """`cost` in credits (None where no InMail is possible at all); `refusals` empty when allowed."""

    allowed: bool
    cost: int | None
    refusals: list[Refusal]


def of(pair: Pair) -> Verdict:
    """The verdict on the pair's facts, in the language in force."""
    refusals = explain(pair.refusals)
    return Verdict(not refusals, pair.cost, refusals)

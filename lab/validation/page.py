"""docs/validation.md as text: tables of rows, with what they were computed from.

Law: the text is a function of the scenario and the sizes alone, so that anyone can write it anew and compare.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from lab import scenario
from lab.validation import effects, people
from lab.validation.facts import COUNT, PERCENT, Row

PLACE = Path(__file__).resolve().parents[2] / "docs" / "validation.md"
READY = "return_on_silence"
HEAD = """# What the lab gives for what was published

Written by `python3 manage.py validate`; with `--check` that tells whether this still is what it would write. From
{sent:,} InMails: {replications} replications of the first arm of `{ready}` (scenario `{fingerprint}`), {members:,}
members, {days} days.

*Source*: S sure, P one credible source, D derived, F a free choice of ours, since nothing is published. *Fitted*: a
parameter was set from this very figure, so that agreement shows no more than that the lab does as it was told.
*Agrees*: the 95 % interval reaches the values that round to what was published. An effect is the rate of responses of
the same InMails with the same luck, where only that circumstance is changed; *raw* is the ratio in the run as it was,
which the strategies of senders confound.

{agree} of {all} rows agree; of the {outcomes} that were not fitted, {agreeing}.
"""


class Sizes(NamedTuple):
    """How much is drawn."""

    members: int = 1_000_000
    days: int = 60
    replications: int = 2
    drawn: int = 50_000
    built: int = 20_000
    dense: int = 5_000


FULL = Sizes()


@cache
def written(sizes: Sizes = FULL, seed: int | None = None) -> str:
    """The page; of the ready scenario's own seed where none is given."""
    s = scenario.load(scenario.ready()[READY])
    s = replace(s, members=sizes.members, days=sizes.days, replications=sizes.replications)
    s = s if seed is None else replace(s, seed=seed)
    sample = effects.sample(s, s.arms[0])
    degrees, expiry = sample.column("degree"), s.arms[0].policy.expiry_days * 86_400
    of_people = {"drawn": sizes.drawn, "built": sizes.built, "dense": sizes.dense}
    rows = [*effects.rows(sample, expiry), *people.rows(s, degrees, **of_people)]
    outcomes = [row for row in rows if not row.fitted]
    head = HEAD.format(
        sent=len(degrees), replications=s.replications, ready=READY, fingerprint=s.fingerprint, members=s.members,
        days=s.days, all=len(rows), agree=sum(row.agrees for row in rows),
        outcomes=len(outcomes), agreeing=sum(row.agrees for row in outcomes),
    )  # fmt: skip
    return "\n".join([head, *tables(rows)])


def tables(rows: list[Row]) -> Iterator[str]:
    for about, group in groupby(rows, lambda row: row.about):
        group = list(group)
        raw = any(row.raw is not None for row in group)
        names = ["", "published", "source", "the lab", "95 % interval", "n", *["raw"] * raw, "fitted", "agrees", ""]
        yield f"## {about}\n"
        yield f"| {' | '.join(names)} |"
        yield "|---" * len(names) + "|"
        yield from (line(row, raw) for row in group)
        yield ""


def line(row: Row, raw: bool) -> str:
    found, unit = row.found, row.unit
    low, high = figure(found.low, unit), figure(found.high, unit)
    cells = [row.fact, row.published, row.source, figure(found.value, unit), f"{low} to {high}", f"{found.n:,}"]
    cells += [figure(row.raw, unit) if row.raw is not None else ""] if raw else []
    cells += ["yes" if row.fitted else "no", "yes" if row.agrees else "**no**", row.note]
    return f"| {' | '.join(cells)} |"


def figure(value: float, unit: str) -> str:
    if unit == PERCENT:
        return f"{100 * value:.{2 if value < 0.02 else 1}f} %"
    return f"{value:.1f}" if unit == COUNT else f"{value:.3f}"

"""What long questions to the lab have found, kept as JSON beside the program, so that pages need not wait for them.

Law: only a command writes it, of a ready scenario, with its own words and the version of the program; a page reads.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from lab import scenario
from lab.version import version

FOLDER = Path(__file__).parent / "findings"
LIVE_TEST, SENSITIVITY = "live_test", "sensitivity"


class Kept(NamedTuple):
    """What was found about the ready scenario `name`, and how: `found` is as the command's `--out` writes it."""

    name: str
    found: dict
    command: str
    version: str
    on: date
    seconds: float
    load: float  # processes that wanted to run, on average over a minute, when it ended
    cores: int

    @property
    def is_of_this_version(self) -> bool:
        return self.version == version()


def check(name: str) -> None:
    """Raises ValueError for what is not the name of a ready scenario."""
    if name not in scenario.ready():
        raise ValueError(f"Only what is found of a ready scenario is kept: {', '.join(scenario.ready())}.")


def measured(kind: str, name: str, options: str, ask: Callable[[], dict]) -> Kept:
    """Ask, and note how long it took on how busy a machine; `options` are those of the command `kind`."""
    began = time.monotonic()
    found = ask()
    seconds, today = round(time.monotonic() - began, 1), datetime.now(UTC).date()
    command = f"manage.py {kind} {name} {options} --keep"
    return Kept(name, found, command, version(), today, seconds, round(os.getloadavg()[0], 1), os.cpu_count() or 1)


def keep(kind: str, kept: Kept) -> Path:
    """Write it where `of` finds it; an older one of that scenario gives way."""
    check(kept.name)
    place = FOLDER / kind / f"{kept.name}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    told = kept._asdict() | {"on": kept.on.isoformat()}
    place.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return place


def names(kind: str) -> list[str]:
    """The ready scenarios of which something of that kind is kept."""
    return sorted(path.stem for path in (FOLDER / kind).glob("*.json"))


def of(kind: str, name: str) -> Kept:
    """What is kept of a scenario among `names`."""
    told = json.loads((FOLDER / kind / f"{name}.json").read_text("utf-8"))
    return Kept(**told | {"on": date.fromisoformat(told["on"])})

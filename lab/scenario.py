"""An experiment as a value: who there is, who sends what, under which policies; read strictly from TOML.

Law: what cannot be meant is refused with its line and what was expected; nothing is guessed, nothing is ignored.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from inmail import policy
from lab.measures import NAMES, Welfare
from lab.world import Population
from simulation.character import Behaviour
from simulation.senders import Habits

MEMBERS = (1_000, 300_000_000)
DAYS = (1, 1_000)
REPLICATIONS = (1, 1_000)
READY = Path(__file__).parent / "scenarios"


class ScenarioError(ValueError):
    """What is wrong with a scenario, in a sentence; `line` of its text, where that is known."""

    def __init__(self, sentence: str, line: int | None = None):
        self.sentence, self.line = sentence, line
        super().__init__(f"Line {line}: {sentence}" if line else sentence)


@dataclass(frozen=True)
class Arm:
    """One of the policies that are compared, and what else of the rules is another in it."""

    name: str
    policy: policy.Policy
    quality: bool = True  # whether the quality rule is in force
    free_open_profiles: bool = True
    categories: str = "shown"  # enforced (a mismatch is refused), shown, hidden (a match is luck)


@dataclass(frozen=True)
class Scenario:
    """All that a run depends on, but the version of the program."""

    name: str
    arms: tuple[Arm, ...]
    seed: int = 2014
    start: date = date(2014, 6, 2)
    members: int = 1_000_000
    days: int = 90
    replications: int = 5
    measure: str = NAMES[0]  # what the experiment is about
    precision: float | None = None  # wanted half-width of its interval; then replications are a limit
    margin: float = 0.01  # differences within it, relative to the first arm, are of no relevance
    load: float = 1.0  # factor on what every sender intends
    population: Population = field(default_factory=Population)
    habits: Habits = field(default_factory=Habits)
    behaviour: Behaviour = field(default_factory=Behaviour)
    welfare: Welfare = field(default_factory=Welfare)

    @property
    def end(self) -> date:
        """The day after the last."""
        return self.start + timedelta(days=self.days)

    @cached_property
    def fingerprint(self) -> str:
        """The same for equal scenarios, whatever they are called."""
        plain = asdict(replace(self, name=""))
        return hashlib.sha256(json.dumps(plain, sort_keys=True, default=str).encode()).hexdigest()[:16]


def load(path: Path | str) -> Scenario:
    """Read a file. Raises ScenarioError with its line, also for a file that is no text."""
    try:
        text = Path(path).read_text("utf-8")
    except UnicodeDecodeError as problem:
        raise ScenarioError("A scenario is a text file in UTF-8.") from problem
    except OSError as problem:
        raise ScenarioError(f"{path} cannot be read: {problem.strerror}.") from problem
    return read(text)


def ready() -> dict[str, Path]:
    """The scenarios that are shipped, by name."""
    return {path.stem: path for path in sorted(READY.glob("*.toml"))}


def read(text: str) -> Scenario:
    """Read TOML. Raises ScenarioError with the line and what was expected there."""
    try:
        return _Reading(text).scenario(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        found = re.search(r"\(at line (\d+)", str(problem))
        words = str(problem).split(" (at")[0]
        raise ScenarioError(f"This is not TOML: {words}.", int(found[1]) if found else None) from problem
    except ScenarioError:
        raise
    except (RecursionError, ValueError) as problem:  # what the library itself does not foresee
        raise ScenarioError("This is nested too deeply, or has a number of too many digits.") from problem


class _Reading:
    """One reading of one text, so that every refusal can name its line."""

    def __init__(self, text: str):
        self.lines = text.splitlines()

    def scenario(self, given: Mapping) -> Scenario:
        plain = {f.name for f in fields(Scenario)} - {"arms", "population", "habits", "behaviour"}
        self.known(given, plain | {"arms", "population", "senders", "behaviour"}, ())
        arms = self.arms(given.get("arms"))
        return Scenario(
            name=self.words(given, "name", (), required=True),
            arms=arms,
            seed=self.whole(given, "seed", (), 0, 2**63 - 1, 2014),
            start=self.day(given, "start", ()),
            members=self.whole(given, "members", (), *MEMBERS, 1_000_000),
            days=self.whole(given, "days", (), *DAYS, 90),
            replications=self.whole(given, "replications", (), *REPLICATIONS, 5),
            measure=self.one_of(given, "measure", (), NAMES, NAMES[0]),
            precision=self.number(given, "precision", (), 0, 1, None),
            margin=self.number(given, "margin", (), 0, 1, 0.01),
            load=self.number(given, "load", (), 0, 100, 1.0),
            population=self.population(given.get("population", {})),
            habits=self.values(given.get("senders", {}), "senders", Habits),
            behaviour=self.values(given.get("behaviour", {}), "behaviour", Behaviour),
            welfare=self.values(given.get("welfare", {}), "welfare", Welfare),
        )

    # --- where ---

    def line(self, where: tuple[str, ...], key: str) -> int | None:
        """The line that gives `key` in the table `where`; of several tables of that name, the one counted."""
        table, turn = (where[0], int(where[1]) if len(where) > 1 else 0) if where else ("", 0)
        seen, inside = -1, table == ""
        for number, line in enumerate(self.lines, start=1):
            header = re.match(r"\s*\[+\s*([\w.\-]+)\s*\]+", line)
            if header:
                if header[1] == table:
                    seen += 1
                inside = header[1].split(".")[0] == table and seen == turn
                if inside and header[1].endswith(f".{key}"):
                    return number
            elif inside and re.search(rf"(^|[{{,])\s*[\"']?{re.escape(key)}[\"']?\s*[.=]", line):
                return number
        return None

    def refuse(self, sentence: str, where: tuple[str, ...], key: str):
        raise ScenarioError(sentence, self.line(where, key))

    # --- what ---

    def known(self, given: object, names: set[str], where: tuple[str, ...], within: str = "") -> None:
        """Refuses what is no table, and keys that it does not know; `within` a table written in the line of a key."""
        here = within or (where[0] if where else "")
        if not isinstance(given, Mapping):
            line = self.line(where, within) if within else self.line((), here)
            raise ScenarioError(f"{here} must be a table, not {given!r}.", line)
        for key in given:
            if key not in names:
                near = f"Known here: {', '.join(sorted(names))}."
                self.refuse(f"{key} is not known{' in ' + here if here else ''}. {near}", where, key)

    def words(self, given, key, where, *, required=False) -> str:
        value = given.get(key)
        if value is None and required:
            raise ScenarioError(f"{key} is missing{' in ' + where[0] if where else ''}.", None)
        if not isinstance(value, str) or not 0 < len(value.strip()) <= 100 or not value.strip().isprintable():
            self.refuse(f"{key} must be a text of 1 to 100 printable characters, not {value!r}.", where, key)
        return value.strip()

    def whole(self, given, key, where, low, high, default) -> int:
        value = given.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.refuse(f"{key} must be a whole number from {low:,} to {high:,}, not {value!r}.", where, key)
        return value

    def number(self, given, key, where, low, high, default) -> float | None:
        value = given.get(key, default)
        if value is None and default is None:
            return None
        if not is_number(value):
            self.refuse(f"{key} must be a number, not {value!r}.", where, key)
        if not low <= value <= high:
            self.refuse(f"{key} must lie between {low} and {high}, not {value!r}.", where, key)
        return float(value)

    def one_of(self, given, key, where, names: tuple[str, ...], default: str) -> str:
        value = given.get(key, default)
        if not isinstance(value, str) or value not in names:
            self.refuse(f"{key} must be one of {', '.join(names)}, not {value!r}.", where, key)
        return value

    def truth(self, given, key, where, default) -> bool:
        value = given.get(key, default)
        if not isinstance(value, bool):
            self.refuse(f"{key} must be true or false, not {value!r}.", where, key)
        return value

    def day(self, given, key, where) -> date:
        value = given.get(key, date(2014, 6, 2))
        if isinstance(value, datetime) or not isinstance(value, date) or not 1970 <= value.year <= 2200:
            self.refuse(f"{key} must be a calendar day such as 2014-06-02, not {value!r}.", where, key)
        return value

    def population(self, given) -> Population:
        made = self.values(given, "population", Population)
        where = ("population",)
        for key in ("premium", "declares", "off", "no_free", "open_profile", "open_to_work", "active", "shared_group",
                    "former_colleagues"):  # fmt: skip
            if not 0 <= getattr(made, key) <= 1:
                self.refuse(f"{key} must lie between 0 and 1, not {getattr(made, key)!r}.", where, key)
        if made.off + made.no_free > 1:
            self.refuse("off and no_free together must not exceed 1.", where, "off")
        for key, size in (("plans", 6), ("declared", 4)):
            shares = getattr(made, key)
            if len(shares) != size or abs(sum(shares) - 1) > 1e-9 or min(shares) < 0:
                self.refuse(f"{key} must be {size} shares that sum to 1, not {shares!r}.", where, key)
        if len(made.popularity) != 8 or min(made.popularity) <= 0:
            self.refuse("popularity must be 8 numbers above 0.", where, "popularity")
        if len(made.degrees) != 3 or min(made.degrees) < 0 or sum(made.degrees) > 1:
            self.refuse(
                "degrees must be three shares (out of network, 1st, 2nd) of 1 at most together.", where, "degrees"
            )
        if not 0 <= made.lowest_score <= 5:
            self.refuse("lowest_score must lie between 0 and 5 stars.", where, "lowest_score")
        return made

    def values(self, given, table: str, kind: type):
        """A dataclass of numbers and rows of numbers, each of the shape of its default."""
        where, default = (table,), kind()
        names = {f.name for f in fields(kind) if f.init}
        self.known(given, names, where)
        changed = {key: self.shaped(value, getattr(default, key), where, key) for key, value in given.items()}
        try:
            return kind(**changed)
        except ValueError as problem:
            named = next((key for key in changed if key in str(problem)), table)
            raise ScenarioError(str(problem), self.line(where, named) or self.line((), table)) from problem

    def shaped(self, value, default, where, key):
        if isinstance(default, tuple):
            if not isinstance(value, list):
                self.refuse(f"{key} must be a list, not {value!r}.", where, key)
            inner = default[0]
            return tuple(self.shaped(each, inner, where, key) for each in value)
        if not is_number(value):
            self.refuse(f"{key} must be a number, not {value!r}.", where, key)
        if isinstance(default, int) and not isinstance(value, int):
            self.refuse(f"{key} must be a whole number, not {value!r}.", where, key)
        return float(value) if isinstance(default, float) else value  # 1 is 1.0, in the fingerprint too

    def arms(self, given) -> tuple[Arm, ...]:
        if not isinstance(given, list) or len(given) < 2 or len(given) > 12:
            raise ScenarioError("An experiment has two to twelve arms, each a table [[arms]].", self.line((), "arms"))
        arms = tuple(self.arm(each, turn) for turn, each in enumerate(given))
        for turn, arm in enumerate(arms):
            if arm.name in {earlier.name for earlier in arms[:turn]}:
                self.refuse(
                    f"Two arms are called {arm.name!r}; each needs a name of its own.", ("arms", str(turn)), "name"
                )
        return arms

    def arm(self, given, turn: int) -> Arm:
        where = ("arms", str(turn))
        own = {"name", "policy", "quality", "free_open_profiles", "categories"}
        numbers = {"deadline_days", "expiry_days", "bonus_on_interested", "to_recipient_on_report"}
        self.known(given, own | numbers | {"returns", "monthly", "cap"}, where)
        preset = self.one_of(given, "policy", where, tuple(policy.PRESETS), policy.DEFAULT)
        return Arm(
            name=self.words(given, "name", where, required=True),
            policy=self.changed(policy.PRESETS[preset], given, where),
            quality=self.truth(given, "quality", where, True),
            free_open_profiles=self.truth(given, "free_open_profiles", where, True),
            categories=self.one_of(given, "categories", where, ("enforced", "shown", "hidden"), "shown"),
        )

    def changed(self, p: policy.Policy, given, where) -> policy.Policy:
        limits = {"deadline_days": (1, 365), "bonus_on_interested": (0, 10), "to_recipient_on_report": (0, 10)}
        numbers = {key: self.whole(given, key, where, *limits[key], getattr(p, key)) for key in limits}
        expiry = self.whole(given, "expiry_days", where, 0, 365, p.expiry_days or 0) or None
        returns = dict(p.returns)
        ends = (policy.SILENCE, policy.INTERESTED, policy.REPLY, policy.NOT_INTERESTED, policy.REPORT)
        self.known(given.get("returns", {}), set(ends), where, "returns")
        returns |= {end: self.whole(given["returns"], end, where, 0, 1, 0) for end in given.get("returns", {})}
        plans = dict(p.plans)
        for what in ("monthly", "cap"):
            self.known(given.get(what, {}), set(policy.PLAN_NAMES), where, what)
            for name in given.get(what, {}):
                credits = self.whole(given[what], name, where, 0, 100_000, 0)
                plans[name] = replace(plans[name], **{what: credits})
        return replace(p, **numbers, expiry_days=expiry, returns=returns, plans=plans)


def is_number(value: object) -> bool:
    """A finite number; true and false are none, and neither is a whole number beyond all measure."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1e300 and math.isfinite(value)

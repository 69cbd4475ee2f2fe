"""A scenario as it is typed into a form: every value a text under its name, there and back without loss.

Law: nothing is judged here. What was typed becomes TOML, one value on a line, and `scenario.read` alone says what is
wrong with it; the line leads back to the field. A field left empty means its default.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import NamedTuple

from inmail import policy
from lab import scenario, writing
from lab.scenario import Scenario, ScenarioError

PLAIN = tuple(f.name for f in fields(Scenario) if f.name not in (*writing.TABLES, "arms"))
WORDS = ("name", "measure")
PARTS = {
    table: tuple(f.name for f in fields(type(getattr(Scenario(name="", arms=()), part))) if f.init)
    for part, table in writing.TABLES.items()
}
OF_ARM = ("name", "policy", *writing.OF_ARM, *writing.OF_POLICY, "expiry_days")
ARM_WORDS, ARM_TRUTHS = ("name", "policy", "categories"), ("quality", "free_open_profiles")
ENDS = (policy.SILENCE, policy.INTERESTED, policy.REPLY, policy.NOT_INTERESTED, policy.REPORT)
OF_EACH = {"returns": ENDS, "monthly": policy.PLAN_NAMES, "cap": policy.PLAN_NAMES}
MOST_ARMS = 12
WHOLE = re.compile(r"[+-]?\d{1,25}")
REAL = re.compile(r"[+-]?(\d{1,25}\.?\d{0,25}|\.\d{1,25})([eE][+-]?\d{1,3})?")
SPACED = re.compile(r"(?<=\d)[ _'’\u00a0\u202f](?=\d{3}(?!\d))")
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:([,.])\d{3})(?:\1\d{3})*")
NARROW, LARGE = "\u202f", 10_000  # numbers from there on are typed with their thousands apart
COMMA = re.compile(r"[+-]?\d{1,25},\d{1,25}")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Written(NamedTuple):
    """TOML, and which field stands on which of its lines (counted from 1)."""

    text: str
    fields: Mapping[int, tuple[str, ...]]


def of_scenario(given: Scenario) -> dict[str, str]:
    """Every field of the form as it would be typed; empty in an arm where it is as in the preset."""
    typed = {name: _typed(getattr(given, name)) for name in PLAIN}
    for part, table in writing.TABLES.items():
        typed |= {f"{table}.{name}": _typed(getattr(getattr(given, part), name)) for name in PARTS[table]}
    for turn, arm in enumerate(given.arms):
        said = writing.of_arm(arm) | {name: getattr(arm, name) for name in writing.OF_ARM}
        typed |= {f"arms.{turn}.{name}": _typed(said.get(name)) for name in OF_ARM}
        for what, names in OF_EACH.items():
            typed |= {f"arms.{turn}.{what}.{name}": _typed(said.get(what, {}).get(name)) for name in names}
    return typed


def default_of(name: str) -> str:
    """What an empty field outside the arms means."""
    return _DEFAULTS.get(name, "")


def _typed(value: object) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    if isinstance(value, tuple):
        return ", ".join(f"{_typed(a[0])}: {_typed(a[1])}" if isinstance(a, tuple) else _typed(a) for a in value)
    if isinstance(value, int) and abs(value) >= LARGE:
        return f"{value:,}".replace(",", NARROW)
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, str) else repr(value)


_DEFAULTS = of_scenario(Scenario(name="", arms=()))


def arms_of(typed: Mapping[str, str]) -> int:
    """How many arms were typed: one more than the last that has a name, even an empty one."""
    turns = (re.fullmatch(r"arms\.(\d{1,2})\.name", name) for name in typed)
    return min(MOST_ARMS, max((int(found[1]) + 1 for found in turns if found), default=0))


def without_arm(typed: Mapping[str, str], turn: int) -> dict[str, str]:
    """The same, the arms after it moved up."""
    kept = {}
    for name, value in typed.items():
        place = re.match(r"arms\.(\d{1,2})\.", name)
        if not place or int(place[1]) < turn:
            kept[name] = value
        elif int(place[1]) > turn:
            kept[f"arms.{int(place[1]) - 1}.{name[place.end() :]}"] = value
    return kept


def with_arm(typed: Mapping[str, str], name: str) -> dict[str, str]:
    """One more arm, begun as the default policy."""
    turn = arms_of(typed)
    more = {"name": name, "policy": policy.DEFAULT, "categories": "shown", "quality": "on", "free_open_profiles": "on"}
    return {**typed, **{f"arms.{turn}.{key}": value for key, value in more.items()}}


def written(typed: Mapping[str, str]) -> Written:
    """What was typed as TOML. What is no number is written as a text, so that the reader refuses it in its words."""
    lines, places = [], {}

    def write(line: str, *names: str) -> None:
        lines.append(line)
        places[len(lines)] = names

    for name in PLAIN:
        value = typed.get(name, "").strip()
        if value or name == "name":
            said = writing.literal(value) if name in WORDS else _literal(value, like=_DEFAULTS[name] or "0.0")
            write(f"{name} = {said}", name)
    for table, names in PARTS.items():
        given = [name for name in names if typed.get(f"{table}.{name}", "").strip()]
        if given:
            write(f"[{table}]")
        for name in given:
            full = f"{table}.{name}"
            write(f"{name} = {_literal(typed[full].strip(), like=_DEFAULTS[full])}", full)
    for turn in range(arms_of(typed)):
        write("[[arms]]")
        for line, names in _arm(typed, f"arms.{turn}."):
            write(line, *names)
    return Written("\n".join(lines) + "\n", places)


def _arm(typed: Mapping[str, str], before: str):
    for name in OF_ARM:
        value = typed.get(before + name, "").strip()
        if name in ARM_TRUTHS:
            yield f"{name} = {'true' if value else 'false'}", (before + name,)
        elif value or name == "name":
            said = writing.literal(value) if name in ARM_WORDS else _literal(value)
            yield f"{name} = {said}", (before + name,)
    for what, names in OF_EACH.items():
        given = [name for name in names if typed.get(f"{before}{what}.{name}", "").strip()]
        if given:
            inner = (f"{name} = {_literal(typed[f'{before}{what}.{name}'].strip())}" for name in given)
            yield f"{what} = {{ {', '.join(inner)} }}", tuple(f"{before}{what}.{name}" for name in given)


def _literal(value: str, *, like: str = "") -> str:
    """As TOML what is of the kind of `like`: a day, a list, a number where it is one, or else a text."""
    if DAY.fullmatch(like) and DAY.fullmatch(value):
        return value
    if ":" in like:
        pairs = (_row(pair, ":") for pair in value.split(",") if pair.strip())
        return f"[{', '.join(f'[{pair}]' for pair in pairs)}]"
    if "," in like:
        return "[" + _row(value, ",") + "]"
    return _number(value, whole=bool(WHOLE.fullmatch(SPACED.sub("", like))) or not like)


def _row(value: str, between: str) -> str:
    return ", ".join(_number(each.strip(), whole=False) for each in value.split(between) if each.strip())


def _number(value: str, *, whole: bool) -> str:
    """A number as people write them: a million with its separators, half a per cent with a comma."""
    value = SPACED.sub("", value)
    if whole and (found := GROUPED.fullmatch(value)):
        value = value.replace(found[1], "")
    elif COMMA.fullmatch(value):
        value = value.replace(",", ".")
    if WHOLE.fullmatch(value):
        return str(int(value))
    return repr(float(value)) if REAL.fullmatch(value) else writing.literal(value)


class Read(NamedTuple):
    """The scenario that was typed, or what is wrong with it and in which field, where that is known."""

    scenario: Scenario | None
    error: ScenarioError | None = None
    field: str | None = None


def read(typed: Mapping[str, str]) -> Read:
    """What the reader says of it."""
    text, places = written(typed)
    try:
        return Read(scenario.read(text))
    except ScenarioError as problem:
        return Read(None, problem, _field(problem, places.get(problem.line, ()), typed))


def _field(problem: ScenarioError, names: tuple[str, ...], typed: Mapping[str, str]) -> str | None:
    """Of several fields on the line, the one that the sentence begins with."""
    said = problem.sentence.split(" ", 1)[0]
    called = [name for name in names if name.rsplit(".", 1)[-1] == said]
    alike = [name for name in typed if called and name.rsplit(".", 2)[0] == called[0].rsplit(".", 2)[0]]
    for name in alike:  # monthly and cap have the same plans; the value that is refused tells which
        if (
            name.endswith(f".{said}")
            and typed[name].strip()
            and problem.sentence.endswith(f"not {_shown(typed[name])}.")
        ):
            return name
    return (called or list(names) or [None])[0]


def _shown(value: str) -> str:
    literal = _number(value.strip(), whole=True)
    return literal if not literal.startswith('"') else repr(value.strip())

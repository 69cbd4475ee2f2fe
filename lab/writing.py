"""A scenario as TOML that reads back as the equal scenario: only what differs from the defaults is written.

Law: `scenario.read(toml(s)) == s`, also in its fingerprint, for every scenario that can be read at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date

from inmail import policy
from lab.scenario import Arm, Scenario

TABLES = {"population": "population", "habits": "senders", "behaviour": "behaviour", "welfare": "welfare"}
LARGE = 10_000  # whole numbers from there on are written with their thousands apart
OF_ARM = {"quality": True, "free_open_profiles": True, "categories": "shown"}
OF_POLICY = ("deadline_days", "bonus_on_interested", "to_recipient_on_report")
READABLE = (*OF_POLICY, "name", "expiry_days", "returns", "plans")


def toml(scenario: Scenario) -> str:
    """The text. Raises ValueError for an arm whose policy no text can name."""
    return "\n".join(_lines(scenario)) + "\n"


def _lines(scenario: Scenario) -> Iterator[str]:
    for f in fields(Scenario):
        value = getattr(scenario, f.name)
        if f.name in ("name", "seed", "members", "days", "replications") or (_is_plain(f) and value != f.default):
            yield f"{f.name} = {literal(value)}"
    for name, table in TABLES.items():
        part = getattr(scenario, name)
        changed = differing(part, type(part)())
        if changed:
            yield from ("", f"[{table}]", *(f"{key} = {literal(value)}" for key, value in changed.items()))
    for arm in scenario.arms:
        yield from ("", "[[arms]]", *(f"{key} = {literal(value)}" for key, value in of_arm(arm).items()))


def _is_plain(f) -> bool:
    return f.name not in TABLES and f.name != "arms"


def differing(part: object, default: object) -> dict:
    """The fields of `part`, a dataclass, that are not those of `default`; 1 is not 1.0, as in a fingerprint."""
    pairs = ((f.name, getattr(part, f.name), getattr(default, f.name)) for f in fields(part) if f.init)
    return {name: value for name, value, usual in pairs if repr(value) != repr(usual)}


def of_arm(arm: Arm) -> dict:
    """What a table [[arms]] says of it: its name, the preset, and what is another."""
    p = arm.policy
    preset = policy.PRESETS.get(p.name)
    if preset is None or any(
        getattr(p, f.name) != getattr(preset, f.name) for f in fields(p) if f.name not in READABLE
    ):
        raise ValueError(f"The policy {p.name!r} of the arm {arm.name!r} cannot be written: no text could name it.")
    said = {"name": arm.name, "policy": p.name}
    said |= {key: getattr(arm, key) for key, usual in OF_ARM.items() if getattr(arm, key) != usual}
    said |= {key: getattr(p, key) for key in OF_POLICY if getattr(p, key) != getattr(preset, key)}
    if p.expiry_days != preset.expiry_days:
        said["expiry_days"] = p.expiry_days or 0
    said["returns"] = {end: n for end, n in p.returns.items() if preset.returns.get(end) != n}
    for what in ("monthly", "cap"):
        pairs = ((name, getattr(p.plans[name], what), getattr(preset.plans[name], what)) for name in preset.plans)
        said[what] = {name: value for name, value, usual in pairs if value != usual}
    return {key: value for key, value in said.items() if value != {}}


def literal(value: object) -> str:
    """One value of TOML, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:_}" if abs(value) >= LARGE else str(value)
    if isinstance(value, str):
        return f'"{"".join(map(_escaped, value))}"'
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {literal(each)}" for key, each in value.items()) + " }"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(map(literal, value)) + "]"
    return repr(value)


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    return letter if letter.isprintable() else f"\\U{ord(letter):08X}"

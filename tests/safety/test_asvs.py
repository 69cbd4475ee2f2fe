"""`docs/asvs.md` names tests that exist, each requirement once, and counts what it says it counts."""

import ast
import re
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "docs" / "asvs.md").read_text()
ROW = re.compile(r"^\| (V[0-9.]+) \| ([12]) \| .+ \| (met|partly|not met) \| (.+) \|$", re.M)
NOT_APPLICABLE = re.compile(r"^Not applicable: (.+)$", re.M)


@cache
def known_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_test_that_is_named_exists():
    named = re.findall(r"`([a-z_/0-9]+\.py)::(\w+)`", TEXT)
    assert len(named) > 150
    assert [f"{path}::{name}" for path, name in named if name not in known_in(path)] == []


def test_what_is_met_is_shown_by_a_test():
    assert [number for number, _, status, shown in ROW.findall(TEXT) if status == "met" and "::" not in shown] == []


def test_every_requirement_stands_once_and_the_sums_are_right():
    rows = ROW.findall(TEXT)
    others = [number for line in NOT_APPLICABLE.findall(TEXT) for number in re.findall(r"\bV\d+\.\d+\.\d+\b", line)]
    numbers = [number for number, *_ in rows] + others
    statuses = [status for _, _, status, _ in rows]
    assert len(set(numbers)) == len(numbers) == 253  # of levels 1 and 2 in version 5.0.0
    sums = (statuses.count("met"), statuses.count("partly"), statuses.count("not met"), len(others))
    assert "{} are met, {} partly, {} not; {} do not apply".format(*sums) in TEXT

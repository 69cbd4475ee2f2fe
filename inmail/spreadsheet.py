"""Rows as CSV for a spreadsheet: the one place that writes such files.

The law: whatever stands in a cell stays text. What a spreadsheet would run as a formula is led by an apostrophe.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

# Spaces and the like before it do not help: a spreadsheet may drop them. The wide forms count as the plain ones.
FORMULA = re.compile(r"[\s\0\ufeff\u200b'\"]*[=+\-@|%＝＋－＠]|[\t\r\n\0]")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


class _Echo:
    """A file that hands back what is written, so that rows can be streamed."""

    def write(self, value: str) -> str:
        return value


def lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Each row as a line of CSV."""
    writer = csv.writer(_Echo())
    return (writer.writerow([safe(cell) for cell in row]) for row in rows)


def safe(cell: Any) -> Any:
    """A text that no spreadsheet takes for a formula; numbers, also those written as text, stay as they are."""
    if not isinstance(cell, str) or NUMBER.fullmatch(cell) or not FORMULA.match(cell):
        return cell
    return f"'{cell}"

"""Reading an edge list: two whole numbers a line, with a comma, a semicolon or white space between them.

A line that is neither an edge, a comment, blank nor the header refuses the whole file by its number.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from accounts.models import HANDLE

_EDGE = re.compile(r"\s*([0-9]{1,15})(?:\s*[,;]\s*|\s+)([0-9]{1,15})\s*")
_HEADER = re.compile(r"\s*\"?[A-Za-z_]\w*\"?(?:\s*[,;]\s*|\s+)\"?[A-Za-z_]\w*\"?\s*")
_ID = re.compile("[0-9]{1,15}")
_GZIP = b"\x1f\x8b"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # the mark at the beginning of what Excel calls "Unicode text"
MOST = 1 << 30  # bytes of one file, unpacked: a small packed file may unpack to anything


class BadFile(ValueError):
    """Why a file cannot be used, in a sentence for people."""


@dataclass
class Edges:
    """The connections of a file, smaller id first, each once; and the lines that say nothing new."""

    pairs: list[tuple[int, int]] = field(default_factory=list)
    skipped: list[dict] = field(default_factory=list)

    @property
    def ids(self) -> list[int]:
        return sorted({end for pair in self.pairs for end in pair})


def text_of(path: str | Path) -> str:
    """A text file in UTF-8 or UTF-16, unpacked if it is a gzip; raises `BadFile`."""
    try:
        return _decoded(path, _unpacked(path))
    except FileNotFoundError:
        raise BadFile(_("There is no file %(file)s.") % {"file": path}) from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise BadFile(_("%(file)s is damaged: it cannot be unpacked to its end.") % {"file": path}) from None
    except UnicodeDecodeError:
        raise BadFile(_("%(file)s is not a text in UTF-8.") % {"file": path}) from None
    except OSError as error:
        reason = {"file": path, "reason": error.strerror or error}
        raise BadFile(_("%(file)s cannot be read: %(reason)s.") % reason) from None


def _unpacked(path: str | Path) -> bytes:
    with open(path, "rb") as file:
        is_packed = file.read(len(_GZIP)) == _GZIP
        file.seek(0)
        if str(path).endswith(".gz") and not is_packed:
            raise BadFile(_("%(file)s is not a gzip file.") % {"file": path})
        with gzip.GzipFile(fileobj=file) if is_packed else file as plain:
            raw = plain.read(MOST + 1)
    if len(raw) > MOST:
        raise BadFile(_("%(file)s is too large: at most %(most)d MB are read.") % {"file": path, "most": MOST >> 20})
    return raw


def _decoded(path: str | Path, raw: bytes) -> str:
    text = raw.decode("utf-16" if raw.startswith(_UTF_16) else "utf-8-sig")
    if "\0" in text:
        raise BadFile(_("%(file)s is not a text in UTF-8.") % {"file": path})
    return text


def read(path: str | Path) -> Edges:
    """The connections of an edge list; self-loops and duplicates are skipped and listed. Raises `BadFile`."""
    edges, seen = Edges(), set()
    is_first = True
    for number, line in enumerate(io.StringIO(text_of(path), newline=None), start=1):
        if line.isspace() or line.lstrip().startswith("#"):
            continue
        match = _EDGE.fullmatch(line)
        if match is None and not (is_first and _HEADER.fullmatch(line)):
            raise BadFile(_not_an_edge(number, line))
        is_first = False
        if match:
            _take(edges, seen, number, int(match[1]), int(match[2]))
    if not edges.pairs:
        raise BadFile(_("%(file)s holds no connection.") % {"file": path})
    return edges


def handles(path: str | Path) -> dict[int, str]:
    """Handles by id, from lines of id and handle with `,`, `;` or tab between, header or not. Raises `BadFile`."""
    found: dict[int, str] = {}
    text = text_of(path).translate({ord("\t"): ",", ord(";"): ","})
    for number, row in csv_rows(path, text, ","):
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].startswith("#") or (not found and not cells[0].isdecimal()):
            continue
        handle = cells[1].lower() if len(cells) > 1 else ""
        if not (_ID.fullmatch(cells[0]) and HANDLE.regex.match(handle)):
            wrong = {"number": number, "line": ", ".join(row)[:60]}
            raise BadFile(_("Line %(number)s, “%(line)s”: write an id and a handle.") % wrong)
        found[int(cells[0])] = handle
    return found


def csv_rows(path: str | Path, text: str, between: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV, each with the line it ends in; raises `BadFile` where a cell never ends."""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=between)
        yield from ((rows.line_num, row) for row in rows)
    except csv.Error as error:
        raise BadFile(_("%(file)s is not a CSV: %(reason)s.") % {"file": path, "reason": error}) from None


def _take(edges: Edges, seen: set, number: int, a: int, b: int) -> None:
    pair = (a, b) if a < b else (b, a)
    if a == b or pair in seen:
        why = "self-loop" if a == b else "duplicate"
        edges.skipped.append({"line": number, "edge": [a, b], "reason": why})
        return
    seen.add(pair)
    edges.pairs.append(pair)


def _not_an_edge(number: int, line: str) -> str:
    return _(
        "Line %(number)s, “%(line)s”: write two whole numbers with a comma, a semicolon or white space between them. "
        "Nothing was imported."
    ) % {"number": number, "line": line.strip()[:60]}

"""Reading an edge list: two whole numbers a line, with commas or white space between them.

A line that is neither an edge, a comment, blank nor the header refuses the whole file by its number.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from accounts.models import HANDLE

_EDGE = re.compile(r"\s*([0-9]{1,15})(?:\s*,\s*|\s+)([0-9]{1,15})\s*")
_HEADER = re.compile(r"\s*\"?[A-Za-z_]\w*\"?(?:\s*,\s*|\s+)\"?[A-Za-z_]\w*\"?\s*")
_GZIP = b"\x1f\x8b"


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
    """A text file, unpacked if it is a gzip; raises `BadFile`."""
    try:
        raw = Path(path).read_bytes()
        if raw.startswith(_GZIP):
            raw = gzip.decompress(raw)
        elif str(path).endswith(".gz"):
            raise BadFile(_("%(file)s is not a gzip file.") % {"file": path})
        if b"\0" in raw:
            raise BadFile(_("%(file)s is not a text in UTF-8.") % {"file": path})
        return raw.decode("utf-8-sig")
    except FileNotFoundError:
        raise BadFile(_("There is no file %(file)s.") % {"file": path}) from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise BadFile(_("%(file)s is damaged: it cannot be unpacked to its end.") % {"file": path}) from None
    except UnicodeDecodeError:
        raise BadFile(_("%(file)s is not a text in UTF-8.") % {"file": path}) from None
    except OSError as error:
        reason = {"file": path, "reason": error.strerror or error}
        raise BadFile(_("%(file)s cannot be read: %(reason)s.") % reason) from None


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
    """Handles by id, from lines of id and handle with a comma or tab between, header or not. Raises `BadFile`."""
    found: dict[int, str] = {}
    for number, row in enumerate(csv.reader(io.StringIO(text_of(path).replace("\t", ","))), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].startswith("#") or (not found and not cells[0].isdecimal()):
            continue
        handle = cells[1].lower() if len(cells) > 1 else ""
        if not (cells[0].isdecimal() and HANDLE.regex.match(handle)):
            wrong = {"number": number, "line": ", ".join(row)[:60]}
            raise BadFile(_("Line %(number)s, “%(line)s”: write an id and a handle.") % wrong)
        found[int(cells[0])] = handle
    return found


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
        "Line %(number)s, “%(line)s”: write two whole numbers with a comma or white space between them. "
        "Nothing was imported."
    ) % {"number": number, "line": line.strip()[:60]}

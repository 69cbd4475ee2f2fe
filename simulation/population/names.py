"""Names by country: real given names and surnames, combined at random into people who do not exist."""

import json
import unicodedata
from functools import cache
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
# Letters that Unicode does not take apart.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i", "ə": "e"}
)


@cache
def pools() -> dict[str, dict[str, list[str]]]:
    """men, women, surnames and, where they differ, women_surnames of each pool. Sources: NAMES.md."""
    return json.loads((HERE / "names.json").read_text(encoding="utf-8"))


def choose(pool: str, woman: bool, first: float, last: float) -> tuple[str, str]:
    """A given name and a surname by two draws in [0, 1)."""
    names = pools()[pool]
    given = names["women" if woman else "men"]
    surnames = names.get("women_surnames", names["surnames"]) if woman else names["surnames"]
    return given[int(first * len(given))], surnames[int(last * len(surnames))]


def choose_all(pool_names: list[str], women: np.ndarray, first: np.ndarray, last: np.ndarray):
    """Given names and surnames of many: two lists."""
    rows = zip(pool_names, women.tolist(), first.tolist(), last.tolist(), strict=True)
    chosen = [choose(*row) for row in rows]
    return [given for given, _ in chosen], [surname for _, surname in chosen]


def slug(text: str) -> str:
    """Lower-case ASCII letters and digits, joined by single hyphens."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(PLAIN))
    kept = "".join(c if c.isascii() and c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return "-".join(kept.replace("'", "").split())


def handles(first: list[str], last: list[str], taken: frozenset[str] = frozenset()) -> list[str]:
    """A unique handle each: giulia-conti, giulia-conti-2, …; none of those `taken`."""
    used, next_of, result = set(taken), {}, []
    for given, surname in zip(first, last, strict=True):
        base = slug(f"{given} {surname}".replace("'", "").replace("’", ""))[:50] or "member"
        handle, count = base, next_of.get(base, 1)
        while handle in used:
            count += 1
            handle = f"{base}-{count}"
        used.add(handle)
        next_of[base] = count
        result.append(handle)
    return result

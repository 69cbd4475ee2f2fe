"""Which program a run's numbers come from: a hash of every text and library that has a say in them.

Law: equal scenarios under equal versions give equal reports, to the last bit. What only asks, keeps and shows runs
has no say; of this folder, all else has.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version as of_package
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# In this folder, what only asks, keeps and shows; a module that is not named here counts.
AROUND = {
    "__init__", "admin", "api", "api_urls", "apps", "departure", "estimate", "figures", "forms", "here", "kept",
    "models", "platform", "queue", "runs", "settling", "urls", "version", "work", "worker", "writing",
}  # fmt: skip
BELOW = (
    "inmail/eligibility.py",
    "inmail/policy.py",
    "inmail/score.py",
    "simulation/behaviour.py",
    "simulation/character.py",
    "simulation/draws.py",
    "simulation/market.py",
    "simulation/senders.py",
    "simulation/population/people.py",
    "simulation/population/places.txt",
)
LIBRARIES = ("llvmlite", "numba", "numpy", "scipy")


@cache
def version() -> str:
    """Sixteen hexadecimal digits."""
    own = sorted(path for path in (ROOT / "lab").glob("*.py") if path.stem not in AROUND)
    found = hashlib.sha256()
    for path in [*own, *(ROOT / name for name in BELOW)]:
        found.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    for library in LIBRARIES:
        found.update(f"{library} {of_package(library)}\0".encode())
    return found.hexdigest()[:16]

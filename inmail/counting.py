"""What the rows do not keep and is worth counting: refusals of acts, by code, of this process and its siblings."""

from collections.abc import Iterable
from contextlib import suppress

from prometheus_client import Counter

REFUSALS = Counter("inmail_refusals", "Acts that the rules refused, by code.", ["code"])


def refused(codes: Iterable[str]) -> None:
    """Never the act's problem: with a full disk the count is lost."""
    with suppress(OSError, ValueError):
        for code in codes:
            REFUSALS.labels(code).inc()

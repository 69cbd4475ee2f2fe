"""Totals of all arms as bytes and back: what is kept of a part between two markets."""

from __future__ import annotations

import struct

from lab.shards import Totals

LENGTH = struct.Struct("<Q")


def pack(told: list[Totals]) -> bytes:
    """Each arm's bytes after their length."""
    kept = [totals.as_bytes() for totals in told]
    return b"".join(LENGTH.pack(len(each)) + each for each in kept)


def unpack(kept: bytes) -> list[Totals]:
    """What `pack` has made bytes of."""
    told, at = [], 0
    while at < len(kept):
        (length,) = LENGTH.unpack_from(kept, at)
        at += LENGTH.size + length
        told.append(Totals.from_bytes(kept[at - length : at]))
    return told


def together(told: list[Totals] | None, more: list[Totals]) -> list[Totals]:
    """Arm by arm; None stands for nothing so far."""
    return more if told is None else [a + b for a, b in zip(told, more, strict=True)]

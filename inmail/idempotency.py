"""A repeat under the same key has the effect and the answer of the first: the key's row commits with the act.

Law: claimed before the act and answered in its transaction, so that an act that fails leaves its key free.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from django.db import OperationalError, connection
from django.utils.translation import gettext as _

from inmail.models import IdempotencyKey
from inmail.refusals import Refused

MAX_KEY = IdempotencyKey._meta.get_field("key").max_length
REUSED = "idempotency_key_reused"
LOCK_NOT_AVAILABLE = "55P03"

CLAIM = """
INSERT INTO inmail_idempotencykey (member_id, key, fingerprint, made_at) VALUES (%s, %s, %s, now())
ON CONFLICT (member_id, key) DO NOTHING RETURNING id
"""


class StillRunning(Exception):
    """The first request with this key has not ended yet; the text is a sentence for people."""

    def __init__(self) -> None:
        super().__init__(_("The first request with this key is still running; ask again in a moment."))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first request was answered; `replayed` when this one did nothing itself."""

    status: int
    body: dict
    replayed: bool = False


def fingerprint(*parts) -> str:
    """What tells one request from another under the same key: a hash of its plain values."""
    text = json.dumps(parts, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def once(member, key: str, of: str, act: Callable[[], tuple[int, dict]]) -> Answer:
    """Run `act` unless `member` has used `key` before; its status and JSON are kept as the answer.

    Call it inside the transaction of the act. `of` is the fingerprint of the request. Raises `Refused` when the key
    stands for another request, `StillRunning` when the first has not ended within the lock timeout.
    """
    pk = _claim(member, key, of)
    if pk is None:
        return _stored(member, key, of)
    status, body = act()
    IdempotencyKey.objects.filter(pk=pk).update(status_code=status, answer=body)
    return Answer(status, body)


def _claim(member, key: str, of: str) -> int | None:
    """The id of the new row, or None when there is one already; waits for one that is being made."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, [member.pk, key, of])
            row = cursor.fetchone()
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) == LOCK_NOT_AVAILABLE:
            raise StillRunning from error
        raise
    return row[0] if row else None


def _stored(member, key: str, of: str) -> Answer:
    row = IdempotencyKey.objects.filter(member=member, key=key).first()
    if row is None or row.status_code is None:
        raise StillRunning
    if row.fingerprint != of:
        raise Refused([REUSED])
    return Answer(row.status_code, row.answer, replayed=True)

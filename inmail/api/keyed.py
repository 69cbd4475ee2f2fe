"""Calls that honour `Idempotency-Key`: under a key they are done once and answered alike.

Law: a view that says `keeps_keys` answers its POST through `answer`; only such a call may be repeated unasked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from inmail import idempotency

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


def key_of(request) -> str | None:
    """The idempotency key of the request, if it has one."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not key.strip() or len(key) > idempotency.MAX_KEY or _UNPRINTABLE.search(key):
        raise ValidationError({"Idempotency-Key": [_("A key has 1 to 255 printable characters.")]})
    return key


def answer(request, address: str, given: dict, act: Callable[[], dict]) -> Response:
    """201 with what `act` returns, or with what it returned when the key was first used for `given` at `address`.

    Call it inside the transaction of the act.
    """
    key = key_of(request)

    def done() -> tuple[int, dict]:
        return 201, json.loads(json.dumps(act(), cls=JSONEncoder))  # as it is kept, so that a replay is the same

    if key is None:
        found = idempotency.Answer(*done())
    else:
        found = idempotency.once(request.user, key, idempotency.fingerprint(address, given), done)
    headers = {"Idempotent-Replayed": "true"} if found.replayed else {}
    return Response(found.body, status=found.status, headers=headers)

"""One request as one of the seven who may come; then everything is as before."""

import json
import re
from typing import NamedTuple

from django.db import connection, transaction

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")
VISITOR, CLERK, ADMIN = None, "stella", "admin"
STRANGER, BLOCKED = "sam", "mallory"
IN = "in"  # the way to the sign-in page
DENIED = {IN, "401", "403", "404", "405"}
WRITES = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM) (?!\"?(django_session|usersessions_))")


class Visit(NamedTuple):
    status: str
    writes: list[str]
    body: str
    seen: object = None

    @property
    def is_denied_but_wrote(self) -> bool:
        return self.status in DENIED and bool(self.writes)


def visit(world, handle, method, path, data=None, *, look=lambda: None) -> Visit:
    """What `handle` is answered and what was written; `look` is called before all of it is taken back."""
    client, body = world.browser(handle), {}
    if path.startswith("/api/") and method not in ("GET", "HEAD", "TRACE"):
        body = {"data": json.dumps(data or {}), "content_type": "application/json"}
    elif method == "POST":
        body = {"data": data or {}}
    send = getattr(client, method.lower())
    writes = []

    def watch(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if WRITES.search(sql) and context["cursor"].rowcount:
            writes.append(sql)
        return result

    with transaction.atomic(), connection.execute_wrapper(watch):
        answer = send(path.format(**world.ids), **body)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        seen = look()
        transaction.set_rollback(True)
    to_the_door = answer.status_code == 302 and re.match(r"/accounts/login/\?next=|/admin/login/", answer.url)
    return Visit(IN if to_the_door else str(answer.status_code), writes, content.decode(errors="replace"), seen)

"""How often one may call. Nothing of views here: the framework loads this while it makes its own."""

from __future__ import annotations

import hashlib

from rest_framework.throttling import SimpleRateThrottle, UserRateThrottle


class MemberThrottle(UserRateThrottle):
    """So many calls a member, generous: it is there for loops that have run wild."""

    scope = "member"


class TokenThrottle(SimpleRateThrottle):
    """So many attempts at one handle from one address."""

    scope = "token"

    def get_cache_key(self, request, view) -> str:
        handle = request.data.get("handle") if isinstance(request.data, dict) else None
        ident = hashlib.sha256(f"{self.get_ident(request)} {handle!r}"[:500].encode("utf-8", "replace")).hexdigest()
        return self.cache_format % {"scope": self.scope, "ident": ident}

"""How often one may call, counted by all web processes together. Nothing of views here: the framework loads this
while it makes its own.
"""

from __future__ import annotations

import hashlib
import math

from rest_framework.throttling import SimpleRateThrottle, UserRateThrottle


class Window(SimpleRateThrottle):
    """So many calls in each minute, hour or day, as one number in the cache.

    A number costs one question to the cache, the framework's list of instants two and 27 kB at 3,000 calls. The price:
    who calls at the end of one window and at the beginning of the next may come to twice the rate.
    """

    def allow_request(self, request, view) -> bool:
        if self.rate is None or (key := self.get_cache_key(request, view)) is None:
            return True
        self.now = self.timer()
        number, into = divmod(self.now, self.duration)
        self.left = self.duration - into
        return self._count(f"{key}_{number:.0f}") <= self.num_requests

    def wait(self) -> int:
        return math.ceil(self.left)

    def _count(self, key: str) -> int:
        try:
            return self.cache.incr(key)
        except ValueError:
            # Two may find no counter at once; only one of them makes it.
            return 1 if self.cache.add(key, 1, self.duration * 2) else self.cache.incr(key)


class MemberThrottle(Window, UserRateThrottle):
    """So many calls a member, generous: it is there for loops that have run wild."""

    scope = "member"


class AddressThrottle(Window):
    """So many attempts from one address, at whichever handles."""

    scope = "address"

    def get_cache_key(self, request, view) -> str:
        ident = hashlib.sha256(f"{self.get_ident(request)}"[:500].encode("utf-8", "replace")).hexdigest()
        return self.cache_format % {"scope": self.scope, "ident": ident}


class TokenThrottle(Window):
    """So many attempts at one handle from one address."""

    scope = "token"

    def get_cache_key(self, request, view) -> str:
        handle = request.data.get("handle") if isinstance(request.data, dict) else None
        ident = hashlib.sha256(f"{self.get_ident(request)} {handle!r}"[:500].encode("utf-8", "replace")).hexdigest()
        return self.cache_format % {"scope": self.scope, "ident": ident}

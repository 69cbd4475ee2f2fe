"""Every address of the platform, found in its map rather than listed: what is added tomorrow is tried too."""

import re
from collections.abc import Iterator

from django.urls import get_resolver, resolve
from django.urls.resolvers import URLPattern, URLResolver

VALUES = {
    "int": "1",
    "slug": "data-science-italia",
    "str": "alice",
    "path": "1",
    "uuid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12,
}
NAMED = {"app_label": "inmail", "uidb36": "1", "key": "none", "url": "nothing"}


def addresses() -> list[str]:
    """One address for each pattern, each of which leads there or to one that stands before it."""
    found = sorted({fill(route) for route in routes()})
    for address in found:
        resolve(address)
    return found


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        yield from [route] if isinstance(pattern, URLPattern) else routes(pattern, route)


def fill(route: str) -> str:
    """`members/<str:handle>/` as `/members/alice/`."""
    plain = re.sub(r"<(\w+):\w+>", lambda found: VALUES[found[1]], route.replace("\\Z", ""))
    plain = re.sub(r"\(\?P<(\w+)>(?:\[[^]]*\]|[^()])*\)", lambda found: NAMED[found[1]], plain)
    return "/" + plain.replace("^", "").replace("$", "")

"""The addresses there are, as the platform itself lists them."""

import re

from django.urls import get_resolver
from django.urls.resolvers import URLResolver

PARAMETER = re.compile(r"<\w+:\w+>|\(\?P<\w+>(?:[^()]|\([^()]*\))*\)")
TEXT = re.compile(r"<(str|path|slug):\w+>|\(\?P<(handle|slug|key)>[^)]*\)")


def leaves(resolver=None, prefix=""):
    """Every address pattern of the platform, with what answers it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from leaves(pattern, route)
        else:
            yield route, pattern


def in_admin(route):
    return route.startswith("admin/")


def path_of(route, *values):
    """The address of `route` with `values` where its parameters stand; a number's is the name of a row of the world."""
    given = iter(values)

    def fill(found):
        value = str(next(given, "1"))
        return f"{{{value}}}" if found[0].startswith(("<int:", "<uuid:")) and not value.isdigit() else value

    return "/" + PARAMETER.sub(fill, route).replace("^", "").replace("$", "")


def with_nul(route):
    """The address of `route` with a NUL wherever a text stands; None when it takes none."""
    if not TEXT.search(route):
        return None
    return "/" + re.sub(r"<int:\w+>|\(\?P<[^>]*>[^)]*\)", "1", TEXT.sub("%00", route)).replace("^", "").replace("$", "")

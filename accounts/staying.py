"""The library's own pages, on which members change how they sign in, held against their leaving at that very moment.

Law: nothing comes back of who has left; whoever goes on acting finds the door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps

from django.conf import settings
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver

from accounts import departure
from clock import timeline as clock

SAFE = ("GET", "HEAD", "OPTIONS")
# A password takes its time to be looked at, and the clock would stand still meanwhile: the adapter holds what it
# writes. The others write nothing but the session.
ALONE = {
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "account_logout",
}


def held(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The same addresses, each act of a member on them one with their being there."""
    return [_branch(each) if isinstance(each, URLResolver) else _leaf(each) for each in patterns]


def _branch(found: URLResolver) -> URLResolver:
    return URLResolver(found.pattern, held(found.url_patterns), found.default_kwargs, found.app_name, found.namespace)


def _leaf(found: URLPattern) -> URLPattern:
    view = found.callback if found.name in ALONE else while_they_stay(found.callback)
    return URLPattern(found.pattern, view, found.default_args, found.name)


def while_they_stay(view: Callable) -> Callable:
    """`view`, whose acts by a member are done in one transaction, in which that member does not leave."""

    @wraps(view)
    def acting(request, *args, **kwargs):
        if request.method in SAFE or not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        with clock.moment():
            if not departure.stays(request.user):
                return redirect(settings.LOGIN_URL)
            return view(request, *args, **kwargs)

    return acting

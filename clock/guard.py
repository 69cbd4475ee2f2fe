"""Who may come in on the lower floors: staff, and for each power those who hold its permission."""

from __future__ import annotations

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied


def staff_only(view):
    """For staff; other members are refused (403), visitors sign in first."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


def holders_only(permission: str):
    """For who holds `permission`, one of the models' own; a superuser holds all. Others are refused (403)."""

    def guard(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


def staff_may(permission: str):
    """For staff who hold `permission`."""
    return lambda view: staff_only(holders_only(permission)(view))

"""Passwords: how long one may be, and how one is tried at the door.

Law: every attempt costs one check, whoever is meant and whether there is anybody.
"""

from __future__ import annotations

import structlog
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

log = structlog.get_logger(__name__)
LONGEST = 256  # characters, for a new one: room for a sentence, and nothing that costs time to look at
# What somebody guesses first who guesses here: the names of this place and its matter, whatever is put around them.
OF_THIS_PLACE = ("inmail", "linkedin", "simulator", "simulatore", "recruiter", "sales navigator")
LEAST_BESIDE = 8  # characters that a password with such a word has besides
LONGEST_TYPED = 1_000  # at the door, so that who set a longer one by other means is not locked out


class NotTooLong:
    def validate(self, password: str, user=None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return _("A password has at most %(most)s characters.") % {"most": LONGEST}


class NotOfThisPlace:
    def validate(self, password: str, user=None) -> None:
        left = password.lower()
        for word in sorted(OF_THIS_PLACE, key=len, reverse=True):
            left = left.replace(word, "").replace(word.replace(" ", ""), "")
        if len(left) < min(len(password), LEAST_BESIDE):
            raise ValidationError(self.get_help_text(), code="password_of_this_place")

    def get_help_text(self) -> str:
        return _("A password is not the name of this site with a little added.")


class OneCheck(AuthenticationBackend):
    """As django-allauth's, which tries the password of a known address twice: that could be measured."""

    def _authenticate(self, request, **credentials):
        email, handle = (credentials.get(name) or "" for name in ("email", "username"))
        found = filter_users_by_email(email, prefer_verified=True, for_login=True) if email else []
        found = sorted(found, key=lambda member: (member.email != email.lower(), member.pk))
        member = found[0] if found else handle and get_user_by_username(handle)
        proved = self._check_password(member or None, credentials["password"])
        if proved is None:
            log.warning("sign-in refused", why="password", member=member.pk if member else None)
        return proved

"""How long a password may be. Law: whatever is typed is answered within a bounded time."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 256  # characters, for a new one: room for a sentence, and nothing that costs time to look at
LONGEST_TYPED = 1_000  # at the door, so that who set a longer one by other means is not locked out


class NotTooLong:
    def validate(self, password: str, user=None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return _("A password has at most %(most)s characters.") % {"most": LONGEST}

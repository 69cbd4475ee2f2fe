"""Sets of members as queries: adjectives filter, `visible_to(member)` scopes."""

from __future__ import annotations

from django.contrib.auth.models import BaseUserManager
from django.db import models

from clock import timeline as clock


class MemberQuerySet(models.QuerySet):
    def active(self) -> MemberQuerySet:
        return self.filter(deactivated_at__isnull=True)

    def people(self) -> MemberQuerySet:
        return self.filter(simulated=False)

    def simulated_ones(self) -> MemberQuerySet:
        return self.filter(simulated=True)

    def visible_to(self, viewer) -> MemberQuerySet:
        """All but those whom another member imported from their own archive."""
        return self.filter(models.Q(imported_by__isnull=True) | models.Q(imported_by=viewer.pk))


class MemberManager(BaseUserManager):
    """Makes members one at a time, with a hashed password; crowds are loaded by COPY."""

    def create_user(self, handle: str, *, first_name: str, joined_at, email=None, password=None, **fields):
        member = self.model(
            handle=handle.lower(),
            first_name=first_name,
            joined_at=joined_at,
            email=self.normalize_email(email).lower() if email else None,
            **fields,
        )
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, handle: str, **fields):
        """For `manage.py createsuperuser`: joins at the live clock's now."""
        fields.setdefault("joined_at", clock.now())
        return self.create_user(handle, is_staff=True, is_superuser=True, **fields)

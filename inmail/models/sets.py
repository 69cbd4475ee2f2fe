"""Sets of InMails and threads: adjectives filter, `visible_to` scopes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class InmailQuerySet(models.QuerySet):
    def on(self, timeline) -> InmailQuerySet:
        return self.filter(timeline=timeline)

    def queued(self) -> InmailQuerySet:
        return self.filter(status="queued")

    def delivered(self) -> InmailQuerySet:
        return self.filter(delivered_at__isnull=False)

    def sent_by(self, member) -> InmailQuerySet:
        return self.filter(sender=member)

    def received_by(self, member) -> InmailQuerySet:
        """A recipient knows of nothing that was not delivered, nor of what was withdrawn."""
        return self.delivered().filter(recipient=member).exclude(status="withdrawn")

    def visible_to(self, member) -> InmailQuerySet:
        return self.filter(
            Q(sender=member) | (Q(recipient=member, delivered_at__isnull=False) & ~Q(status="withdrawn"))
        )


class ThreadQuerySet(models.QuerySet):
    def on(self, timeline) -> ThreadQuerySet:
        return self.filter(timeline=timeline)

    def visible_to(self, member) -> ThreadQuerySet:
        return self.filter(Q(opener=member, opener_at__isnull=False) | Q(other=member, other_at__isnull=False))

    def unread_by(self, member) -> ThreadQuerySet:
        return self.filter(Q(opener=member, opener_unread=True) | Q(other=member, other_unread=True))

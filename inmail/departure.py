"""A member is deleted with everything that is theirs; what the ledger needs stays, with a number and without a name.

Law: entries, wallets and outcomes are not touched, so every sum stays; others keep their own words and their threads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts import departure as person
from accounts.models import Member
from clock import timeline as clock
from clock.models import Timeline
from inmail import delivery, jobs, ledger, messaging
from inmail.models import (
    BulkRule,
    Draft,
    IdempotencyKey,
    Inmail,
    Message,
    Sanction,
    ScheduledInmail,
    SenderScore,
    Subscription,
    Thread,
)
from privacy import departure as privacy

STAFF_STAY = _("Staff lay their rights down first: the log must be able to say who they are.")


class MayNotLeave(Exception):
    """Why a member cannot be deleted now; the text is a sentence for people."""


@contextmanager
def standstill(*, patience: str = "") -> Iterator[datetime]:
    """A transaction in which nobody acts on any timeline; yields the live now.

    Acts of people and of workers hold these locks shared: what is under way ends first, so that no word that is being
    sent comes after the words are gone. (An act that had found them signed in and begins only now could; deleting them
    once more, by their new handle, takes that too.) `patience` is how long to wait for that, if longer than a page may.
    """
    with transaction.atomic():
        live = clock.live()
        with connection.cursor() as cursor:
            if patience:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [patience])
                cursor.execute("SET LOCAL statement_timeout = 0")
            for pk in Timeline.objects.order_by("pk").values_list("pk", flat=True):
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [clock.LOCK_SPACE, pk])
        yield clock.now(live)


def depart(member: Member, *, at: datetime) -> dict[str, int]:
    """`member`, and whom they had imported from their own archive, are gone; call it in a `standstill`.

    What they had queued is undone and what is queued to them refused, at the now of its timeline, and the credits come
    back. Returns how many of each kind are gone. Raises `MayNotLeave`.
    """
    if member.is_staff or member.is_superuser:
        raise MayNotLeave(STAFF_STAY)
    members = [member.pk, *Member.objects.filter(imported_by=member).values_list("pk", flat=True)]
    person.close(members, at=at)
    counts = {"undone": 0, "refused": 0}
    for timeline in Timeline.objects.order_by("pk"):
        counts["undone"] += _undo(timeline, members)
        counts["refused"] += _refuse(timeline, members)
    _forget_upstairs(members)
    counts["texts"] = _blank(members)
    _forget(members)
    privacy.forget(members)
    counts |= person.forget(members)
    _drop_imported(member)
    return counts


def _undo(timeline: Timeline, members: Collection[int]) -> int:
    queued = list(Inmail.objects.on(timeline).queued().filter(sender__in=members).order_by("pk"))
    for inmail in queued:
        messaging.undo(inmail, at=timeline.now_at)
    jobs.done([inmail.pk for inmail in queued])
    return len(queued)


def _refuse(timeline: Timeline, members: Collection[int]) -> int:
    """What waits to be delivered to them meets the rules of delivery now: the recipient is gone."""
    queued = Inmail.objects.on(timeline).queued().filter(recipient__in=members).select_for_update()
    ids = list(queued.order_by("pk").values_list("pk", flat=True))
    batch = delivery.deliver(timeline, [(pk, timeline.now_at) for pk in ids])
    ledger.post(timeline, batch.drafts)
    jobs.done(ids)
    return batch.counts["refused"]


def _blank(members: Collection[int]) -> int:
    """Their words are gone, and all words of threads that nobody is left to read; how many texts of theirs."""
    threads = Thread.objects.filter(Q(opener__in=members) | Q(other__in=members))
    unread = threads.filter(_nobody("opener", members), _nobody("other", members))
    texts = Message.objects.filter(thread__in=threads, author__in=members).update(body="")
    texts += Inmail.objects.filter(sender__in=members).update(subject="", body="")
    threads.filter(kind=Thread.Kind.INMAIL, opener__in=members).update(subject="")
    Inmail.objects.filter(thread__in=threads).update(answer_text="")
    Message.objects.filter(thread__in=unread).update(body="")
    Inmail.objects.filter(thread__in=unread).update(subject="", body="")
    unread.update(subject="", opener_unread=False, other_unread=False)
    return texts


def _nobody(side: str, members: Collection[int]) -> Q:
    """Whether that side of a thread is one of them, was deleted before, or is simulated."""
    return Q(**{f"{side}__in": members}) | Q(**{f"{side}__first_name": ""}) | Q(**{f"{side}__simulated": True})


def _forget(members: Collection[int]) -> None:
    """What they began, planned and were given; the ledger is none of it."""
    Draft.objects.filter(sender__in=members).delete()
    ScheduledInmail.objects.filter(Q(sender__in=members) | Q(recipient__in=members)).delete()
    for of_member in (IdempotencyKey, SenderScore, Sanction, BulkRule, Subscription):
        of_member.objects.filter(member__in=members).delete()


def _forget_upstairs(members: Collection[int]) -> None:
    for path in getattr(settings, "INMAIL_ON_DEPARTURE", ()):
        import_string(path)(members)


def _drop_imported(owner: Member) -> None:
    """Whom they had imported, and who has nothing in the ledger or in a thread, needs no row at all."""
    imported = Member.objects.filter(imported_by=owner, wallets__isnull=True)
    imported.filter(threads_opened__isnull=True, threads_received__isnull=True).delete()

"""Offers to connect: sent with a note, then accepted, ignored or withdrawn, once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import apart, network
from accounts.models import Connection, Invitation, Member

MAX_NOTE = Invitation._meta.get_field("note").max_length
PENDING = Invitation.Status.PENDING


class Refused(Exception):
    """Why an invitation cannot be sent or answered: a code, and a sentence for people."""

    def __init__(self, code: str, sentence: str):
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


def invite(sender: Member, recipient: Member, *, at: datetime, note: str = "") -> Invitation:
    """`recipient` is asked to connect; raises `Refused`."""
    note = note.replace("\r\n", "\n").strip()
    with transaction.atomic():
        network.hold(sender, recipient)
        _check(sender, recipient, note)
        return Invitation.objects.create(sender=sender, recipient=recipient, note=note, sent_at=at)


def accept(invitation: Invitation, *, at: datetime) -> Invitation:
    """The two are connected from `at` on, and whatever else was pending between them is accepted too."""
    with transaction.atomic():
        network.hold(invitation.sender, invitation.recipient)
        _answer(invitation, Invitation.Status.ACCEPTED, at)
        if not (invitation.sender.is_active and invitation.recipient.is_active):
            raise Refused("recipient_gone", _("This member has left the platform."))
        if apart.between(invitation.sender, invitation.recipient):
            raise Refused("unavailable", _("This member is unavailable."))
        _pending_between(invitation.sender, invitation.recipient).update(
            status=Invitation.Status.ACCEPTED, answered_at=at
        )
        network.connect(invitation.sender, invitation.recipient, at=at)
    return invitation


def ignore(invitation: Invitation, *, at: datetime) -> Invitation:
    """The invitation is out of the way; its sender is not told."""
    return _answer(invitation, Invitation.Status.IGNORED, at)


def withdraw(invitation: Invitation, *, at: datetime) -> Invitation:
    """Its sender takes the invitation back."""
    return _answer(invitation, Invitation.Status.WITHDRAWN, at)


def end_between(one: Member, other: Member, *, at: datetime) -> None:
    """What `one` had sent to `other` is withdrawn, what `other` had sent is ignored."""
    pending = Invitation.objects.filter(status=PENDING)
    pending.filter(sender=one, recipient=other).update(status=Invitation.Status.WITHDRAWN, answered_at=at)
    pending.filter(sender=other, recipient=one).update(status=Invitation.Status.IGNORED, answered_at=at)


def _answer(invitation: Invitation, status: str, at: datetime) -> Invitation:
    changed = Invitation.objects.filter(pk=invitation.pk, status=PENDING).update(status=status, answered_at=at)
    if not changed:
        raise Refused("answered", _("This invitation is no longer pending."))
    invitation.status, invitation.answered_at = status, at
    return invitation


def _check(sender: Member, recipient: Member, note: str) -> None:
    name = recipient.name
    if sender == recipient:
        raise Refused("self", _("You cannot connect with yourself."))
    if not recipient.is_active:
        raise Refused("recipient_gone", _("This member has left the platform."))
    if apart.between(sender, recipient):
        raise Refused("unavailable", _("This member is unavailable."))
    if "\0" in note or len(note) > MAX_NOTE:
        raise Refused("note", _("A note has at most %(most)s characters.") % {"most": MAX_NOTE})
    if Connection.objects.filter(member=sender, other=recipient).exists():
        raise Refused("first_degree", _("You and %(name)s are connected already.") % {"name": name})
    if Invitation.objects.filter(sender=sender, recipient=recipient, status=PENDING).exists():
        raise _already_pending(recipient)
    if Invitation.objects.filter(sender=recipient, recipient=sender, status=PENDING).exists():
        raise Refused(
            "invited_you",
            _("%(name)s has invited you already: accept the invitation on your network page.") % {"name": name},
        )


def _already_pending(recipient: Member) -> Refused:
    return Refused("pending", _("Your invitation to %(name)s is still pending.") % {"name": recipient.name})


def _pending_between(a: Member, b: Member):
    pair = Q(sender=a, recipient=b) | Q(sender=b, recipient=a)
    return Invitation.objects.filter(pair, status=PENDING)

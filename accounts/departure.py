"""What the accounts floor forgets of members who are deleted: who they are, whom they know, how they signed in.

Law: a row with their number stays, so that what others have with them still names somebody; nothing in it is theirs.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from rest_framework.authtoken.models import Token

from accounts.models import Connection, Invitation, Member, Membership, SentMail, WaitingMail

NOBODY = "-"
BLANK = {
    "first_name": "",
    "last_name": "",
    "headline": "",
    "industry": "",
    "country": "",
    "place": "",
    "about": "",
    "email": None,
    "language": "en",
    "undo_seconds": None,
    "last_login": None,
    "password": "!",  # no password hashes to this
    "open_to_work": False,
}


def close(members: Collection[int], *, at: datetime) -> None:
    """From now on they have left: the rules refuse whatever is still to reach them, and they can act no more."""
    Member.objects.filter(pk__in=members).update(deactivated_at=Coalesce(F("deactivated_at"), at))


def stays(member: Member) -> bool:
    """Whether `member` has not left; true until the transaction ends, for who sends them away waits for it."""
    row = Member.objects.active().select_for_update(no_key=True).filter(pk=member.pk)
    return row.values_list("pk", flat=True).first() is not None


def forget(members: Collection[int]) -> dict[str, int]:
    """Nothing of theirs is left on this floor but numbered rows without a name; how many of each kind are gone."""
    _forget_mails(members)
    _forget_keys(members)
    _forget_admin_log(members)
    connected, _ = Connection.objects.filter(member__in=members).delete()
    invited, _ = Invitation.objects.filter(Q(sender__in=members) | Q(recipient__in=members)).delete()
    joined, _ = Membership.objects.filter(member__in=members).delete()
    EmailAddress.objects.filter(user__in=members).delete()
    for rights in (Member.groups, Member.user_permissions):
        rights.through.objects.filter(member__in=members).delete()
    Member.objects.filter(pk__in=members).update(**BLANK)
    _rename(members)
    return {"connections": connected, "invitations": invited, "memberships": joined}


def _forget_keys(members: Collection[int]) -> None:
    """Tokens, second factors, sessions. Sessions say whose they are only when unpacked: all are looked at, once."""
    for keys in (Token, Authenticator, UserSession):
        keys.objects.filter(user__in=members).delete()
    theirs = {str(pk) for pk in members}
    for session in Session.objects.iterator(chunk_size=2_000):
        if session.get_decoded().get(SESSION_KEY) in theirs:
            session.delete()


def _addresses(members: Collection[int]) -> set[str]:
    own = Member.objects.filter(pk__in=members, email__isnull=False).values_list("email", flat=True)
    confirmed = EmailAddress.objects.filter(user__in=members).values_list("email", flat=True)
    return {address.lower() for address in (*own, *confirmed)}


def _forget_mails(members: Collection[int]) -> None:
    """The mails of the demo's outbox that were for them (it keeps two hundred in all), and those still on their way."""
    addresses = _addresses(members)
    for mail in WaitingMail.objects.all():
        if addresses & {address.strip().lower() for address in mail.fields["to"]}:
            mail.delete()
    for mail in SentMail.objects.all():
        if addresses & {address.strip().lower() for address in mail.to.split(",")}:
            mail.delete()


def _forget_admin_log(members: Collection[int]) -> None:
    """The Django admin notes what a row was called when it was edited: a name, an address."""
    addresses = EmailAddress.objects.filter(user__in=members).values_list("pk", flat=True)
    for model, pks in ((Member, members), (EmailAddress, addresses)):
        kind = ContentType.objects.get_for_model(model)
        noted = LogEntry.objects.filter(content_type=kind, object_id__in=[str(pk) for pk in pks])
        noted.update(object_repr=NOBODY, change_message="")


def _rename(members: Collection[int]) -> None:
    """`former-12` for the member of number 12, whoever else may have thought of that handle."""
    for pk, number in Member.objects.filter(pk__in=members).values_list("pk", "number"):
        handle, n = f"former-{number}", 1
        while Member.objects.filter(handle=handle).exclude(pk=pk).exists():
            n += 1
            handle = f"former-{number}-{n}"
        Member.objects.filter(pk=pk).update(handle=handle)

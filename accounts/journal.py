"""The log of what staff do: who, what, on whom, why. Written in the transaction of the act, never changed after."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.throttling import BaseThrottle
from structlog.contextvars import get_contextvars

from accounts.models import JournalEntry, Member


class Act(models.TextChoices):
    """What is written down; the word before the dot is its kind."""

    CREDITS_ADJUSTED = "credits.adjusted", _("Balance adjusted")
    ROLES_CHANGED = "roles.changed", _("Rights changed")
    ROLES_DELETED = "roles.deleted", _("Role deleted")
    POLICIES_CHANGED = "policies.changed", _("Policy added or changed")
    POLICIES_DELETED = "policies.deleted", _("Policy deleted")
    CLOCK_SPEED = "clock.speed", _("Speed of the clock set")
    CLOCK_ADVANCED = "clock.advanced", _("Clock moved on")
    TEXTS_READ = "texts.read", _("Private text read")
    IMPERSONATION_BEGUN = "impersonation.begun", _("Impersonation begun")
    IMPERSONATION_ENDED = "impersonation.ended", _("Impersonation ended")
    JOBS_RETRIED = "jobs.retried", _("Dead job tried again")
    JOBS_RETURNED = "jobs.returned", _("Dead job given up, credit returned")
    MEMBERS_CHANGED = "members.changed", _("Profile changed by staff")
    MEMBERS_DEACTIVATED = "members.deactivated", _("Member deactivated")
    MEMBERS_REACTIVATED = "members.reactivated", _("Member reactivated")
    MEMBERS_DELETED = "members.deleted", _("Member deleted")
    TOKENS_ISSUED = "tokens.issued", _("API token issued")
    FACTORS_FORGOTTEN = "tokens.factors", _("Second factor forgotten")


KINDS = {
    "credits": _("Credits"),
    "roles": _("Roles"),
    "policies": _("Policies"),
    "clock": _("Clock"),
    "texts": _("Private texts"),
    "impersonation": _("Impersonation"),
    "jobs": _("Dead jobs"),
    "members": _("Members"),
    "tokens": _("API tokens"),
}


def record(request, act: str, *, on: Member | None = None, what: str = "", reason: str = "", **details) -> JournalEntry:
    """Write down that the one behind `request` has done `act`, on the member `on`, in the transaction of the act.

    Without a request it was an operator at the command line. `details` are plain values, none of them personal:
    what is written here stays when a member is deleted.
    """
    entry = _entry(request, act, on, what, reason, details)
    entry.save(force_insert=True)
    return entry


def record_each(request, act: str, members: Iterable[Member], **said) -> None:
    """The same act on several members, an entry each."""
    JournalEntry.objects.bulk_create([_entry(request, act, member, "", "", said) for member in members])


def entries(*, kind: str = "", member: Member | None = None) -> QuerySet[JournalEntry]:
    """What is on record, of a kind, by or on a member."""
    found = JournalEntry.objects.all()
    if kind:
        found = found.filter(act__startswith=f"{kind}.")
    if member is not None:
        found = found.filter(Q(actor_number=member.number) | Q(member_number=member.number))
    return found


def _entry(request, act: str, on: Member | None, what: str, reason: str, details: dict) -> JournalEntry:
    actor = None if request is None else actor_of(request)
    return JournalEntry(
        act=Act(act),
        actor_number=actor.number if actor else None,
        actor_handle=actor.handle if actor else "",
        member_number=on.number if on else None,
        what=what[:200],
        reason=reason[:300],
        details=details,
        request_id=str(get_contextvars().get("request_id", ""))[:64],
        address=None if request is None else address_of(request),
    )


def actor_of(request) -> Member:
    """Who is really there: the one who impersonates, not the one who is impersonated."""
    if getattr(request.user, "is_hijacked", False):
        return Member.objects.get(pk=request.session["hijack_history"][-1])
    return request.user


def address_of(request) -> str | None:
    """The address of the client, behind as many proxies as settings trust; None when it is not one."""
    try:
        return str(ipaddress.ip_address(BaseThrottle().get_ident(request) or ""))
    except ValueError:
        return None

"""A member's page: who they are, how near, and what may be written to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import network
from accounts.models import Invitation, Member
from clock import timeline as clock
from inmail import eligibility, facts, verdicts
from inmail.views.guard import member_only, member_or_404
from privacy import reception
from privacy.models import Block, Category

APART = {eligibility.GONE, eligibility.UNAVAILABLE}


@dataclass(frozen=True)
class Common:
    """Connections that two members share: how many, and a few of them."""

    count: int
    sample: list[Member]


@require_safe
@member_only
def profile(request, handle):
    viewer, member = request.user, member_or_404(request.user, handle)
    live = clock.live()
    verdict = verdicts.of(facts.of(live, viewer, member, at=live.now_at))
    bare = [refusal for refusal in verdict.refusals if refusal.code in APART]
    blocked = bool(bare) and Block.objects.filter(blocker=viewer, blocked=member).exists()
    if bare and not blocked:
        return render(request, "inmail/profile.html", {"member": member, "unavailable": bare[0].message})
    degree = network.degree(viewer, member)
    declared = reception.of(member)
    common = Common(*network.shared_connections(viewer, member, sample=6)) if degree else Common(0, [])
    context = {
        "member": member,
        "degree": degree,
        "verdict": verdict,
        "blocked": blocked,
        "connect": "unavailable" if blocked else _connect(viewer, member, degree),
        "interests": [Category(value).label for value in declared.interests],
        "advice": declared.advice,
        "common": common,
        "groups": list(network.shared_groups(viewer, member)) if degree != 0 else [],
        "paths": _paths(viewer, member, degree, common),
        "inactive_mark": _inactive_mark(member, live.now_at),
    }
    return render(request, "inmail/profile.html", context)


def _connect(viewer: Member, member: Member, degree: int | None) -> str:
    """What the blue button can do: `none` yet, `sent`, `received`, `connected`, or `self`."""
    if degree in (0, 1):
        return "connected" if degree else "self"
    pair = Q(sender=viewer, recipient=member) | Q(sender=member, recipient=viewer)
    pending = Invitation.objects.filter(pair, status=Invitation.Status.PENDING).first()
    if pending is None:
        return "none"
    return "sent" if pending.sender_id == viewer.pk else "received"


def _paths(viewer: Member, member: Member, degree: int | None, common: Common) -> list[list[Member]]:
    """A shortest way from one to the other; at the 2nd degree it is known already."""
    if degree == 2 and common.sample:
        return [[viewer, common.sample[0], member]]
    path = network.path(viewer, member) if degree in (2, 3) else []
    return [path] if path else []


def _inactive_mark(member: Member, at: datetime) -> str:
    """Whether somebody is active this month is known to the floor that animates them; settings name it."""
    path = getattr(settings, "INMAIL_IS_ACTIVE", "")
    if not path or import_string(path)(member, at):
        return ""
    return _("not active this month")

"""The plans of the cast: alice is on Recruiter Lite with credits, erin on Career, the others on Basic."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Member
from clock.models import Timeline
from inmail import subscriptions
from inmail.models.terms import PlanName
from privacy import cast

PLANS = {"alice": PlanName.RECRUITER_LITE, "erin": PlanName.CAREER}


def assemble(timeline: Timeline, at: datetime) -> dict[str, Member]:
    """The cast by handle, each with a plan on `timeline`; who has one already keeps it."""
    people = cast.assemble(at)
    for handle, member in people.items():
        if subscriptions.of(timeline, member) is None:
            subscriptions.join(member, plan=PLANS.get(handle, PlanName.BASIC), at=at, timeline=timeline)
    return people

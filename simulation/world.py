"""The only bridge between simulated people and the platform: they act through the same verbs as everybody.

Law: what they do is decided by hash draws, and done at its own instant, in the clock's order.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.utils.translation import pgettext_lazy

from clock.models import Timeline
from privacy import reception
from privacy.models import Messages
from simulation import planning, replies
from simulation.models import SwitchOff
from simulation.recipients import react

__all__ = ["SimulatedPeople", "react"]
# The kinds of event as the clock's page counts them.
KINDS = (
    pgettext_lazy("count", "planned"),
    pgettext_lazy("count", "switched off"),
    pgettext_lazy("count", "accepted"),
    pgettext_lazy("count", "replied"),
)


class SimulatedPeople:
    """The clock's source for simulated members (see `clock.due`)."""

    def release(self, timeline: Timeline) -> Counter:
        return Counter()

    def midnight(self, timeline: Timeline, at: datetime) -> Counter:
        counts = Counter(switched_off=switch_off(timeline, at=at))
        counts["planned"] = planning.plan(timeline, at=at)
        return +counts

    def run(self, timeline: Timeline, after: datetime, until: datetime) -> Counter:
        replies.decide(timeline)
        return replies.write(timeline, until=until)


def switch_off(timeline: Timeline, *, at: datetime) -> int:
    """Those who tired of InMail before the midnight `at` accept introductions only from now on."""
    due = SwitchOff.objects.filter(timeline=timeline, decided_at__lt=at).select_related("member").order_by("id")
    switched = {row.member_id: row.member for row in due}
    for member in switched.values():
        reception.change(member, at=at, messages=Messages.INTRODUCTIONS_ONLY)
    due.delete()
    return len(switched)

"""Senders with credits, and recipients who never answer by themselves: what becomes of an InMail, the platform did."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from rest_framework.authtoken.models import Token

from accounts.models import Member
from clock import timeline
from clock.models import Timeline
from inmail import ledger, subscriptions
from inmail.models.terms import PlanName


@dataclass
class World:
    """People on the live timeline; `pairs` gives each pair of sender and recipient once."""

    live: Timeline
    senders: list[Member]
    recipients: list[Member]
    tokens: dict[str, str]
    admin: Member
    _unused: object = field(default=None, repr=False)

    def __post_init__(self):
        turns = range(len(self.recipients))
        self._unused = ((sender, self.recipients[k]) for k in turns for sender in self.senders)

    def pairs(self, count: int) -> list[tuple[Member, Member]]:
        """So many pairs that no InMail was sent between yet."""
        found = list(islice(self._unused, count))
        assert len(found) == count, "the world has no more pairs"
        return found

    def credits(self) -> int:
        """What all senders together have left."""
        return sum(ledger.balance(self.live, sender) for sender in self.senders)


def populate(live: Timeline, *, senders: int, recipients: int, credits: int) -> World:
    """A world of so many senders with `credits` each, on Basic, and so many recipients whom nobody knows."""
    at = timeline.now(live)
    admin = Member.objects.create(handle="admin", first_name="Admin", is_staff=True, is_superuser=True, joined_at=at)
    writing, reading = _members("sender", senders, at), _members("reader", recipients, at)
    for member in writing:
        subscriptions.join(member, plan=PlanName.BASIC, at=at, timeline=live)
        if credits:
            ledger.adjust(live, member, amount=credits, reason="for the test of faults", author=admin, at=at)
    Token.objects.bulk_create(Token(user=member, key=Token.generate_key()) for member in [*writing, *reading, admin])
    tokens = dict(Token.objects.values_list("user__handle", "key"))
    return World(live, writing, reading, tokens, admin)


def _members(stem: str, count: int, at: datetime) -> list[Member]:
    rows = [Member(handle=f"{stem}{k}", first_name=stem.title(), last_name=str(k), joined_at=at) for k in range(count)]
    return Member.objects.bulk_create(rows)

"""Members as the rule book has them: credits, plans, what they accept, whom they know. Plain Python.

Law: nothing of the platform is imported (see `tests.laws.model`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tests.laws import rulebook
from tests.laws.rulebook import LENGTHS, POLICIES, REPORT_SPAN
from tests.laws.state import Entry, Person

OPEN_TO_ALL, NO_FREE, OFF = "introductions_inmail_open", "introductions_inmail", "introductions_only"


class No(Exception):
    """Refused: nothing has happened; `codes` say why."""

    def __init__(self, *codes: str):
        self.codes = tuple(sorted(codes))


@dataclass
class Member:
    plan: str
    billing_day: int
    next_grant_at: datetime
    groups: frozenset[str]
    next_plan: str | None = None
    granted: int = 0
    gone: bool = False
    messages: str = OPEN_TO_ALL
    open_profile: bool = False
    interests: tuple[str, ...] = ()
    lowest: Decimal = Decimal(3)
    score: Decimal | None = None
    steps: int = 0
    reports: list[datetime] = field(default_factory=list)
    banned: list[tuple[datetime, datetime]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def balance(self) -> int:
        return self.entries[-1].balance if self.entries else 0

    def post(self, kind: str, amount: int, at: datetime, letter: int | None = None) -> None:
        if amount:
            number, balance = len(self.entries) + 1, self.balance + amount
            self.entries.append(Entry(number, kind, amount, balance, letter, at))

    def report(self, when: datetime, at: datetime) -> None:
        """Each third report within thirty days is one step, from the next midnight, `at`, on."""
        self.reports = [earlier for earlier in self.reports if when - earlier < REPORT_SPAN] + [when]
        if len(self.reports) < 3:
            return
        self.reports, self.steps = [], self.steps + 1
        if length := LENGTHS[min(self.steps, len(LENGTHS)) - 1]:
            self.banned.append((at, at + length))

    def seen(self) -> Person:
        return Person(
            self.gone,
            self.messages,
            self.open_profile,
            self.interests,
            self.lowest,
            self.plan,
            self.next_plan,
            self.next_grant_at,
            self.granted,
            self.score,
            self.balance,
        )


@dataclass
class Society:
    """The members by their place, and what stands between them, at `now` and under the policy in force."""

    now: datetime
    policy: str
    people: list[Member] = field(default_factory=list)
    blocks: set[tuple[int, int]] = field(default_factory=set)
    links: set[tuple[int, int]] = field(default_factory=set)

    # --- credits ---------------------------------------------------------------------------------

    def join(self, *, plan: str, billing_day: int, groups: frozenset[str] = frozenset()) -> None:
        member = Member(plan, billing_day, rulebook.billing_after(self.now, billing_day), groups)
        self.people.append(member)
        self._grant_rest(member)

    def _grant_rest(self, member: Member) -> None:
        """What a new or larger plan gives at once."""
        monthly, cap = POLICIES[self.policy].plan(member.plan)
        amount = max(0, min(monthly - member.granted, cap - member.balance))
        member.post("grant", amount, self.now)
        member.granted += amount

    def purchase(self, who: int, quantity: int) -> None:
        member, limit = self.people[who], POLICIES[self.policy].on_sale
        month = rulebook.midnight(self.now).replace(day=1)
        if not limit:
            raise No("not_sold")
        if quantity + sum(e.amount for e in member.entries if e.kind == "purchase" and e.at >= month) > limit:
            raise No("purchase_limit")
        member.post("purchase", quantity, self.now)

    def adjust(self, who: int, amount: int) -> None:
        if self.people[who].balance + amount < 0:
            raise No("insufficient")
        self.people[who].post("adjustment", amount, self.now)

    def choose(self, who: int, plan: str) -> None:
        member, policy = self.people[who], POLICIES[self.policy]
        if policy.plan(plan)[0] > policy.plan(member.plan)[0]:
            member.plan, member.next_plan = plan, None
            self._grant_rest(member)
        else:
            member.next_plan = plan if plan != member.plan else None

    def bill(self, member: Member, at: datetime) -> None:
        leaves = member.plan != "basic" and member.next_plan == "basic"
        member.plan, member.next_plan = member.next_plan or member.plan, None
        if leaves:
            member.post("forfeit", -member.balance, at)
            member.open_profile = False
        monthly, cap = POLICIES[self.policy].plan(member.plan)
        member.granted = max(0, min(monthly, cap - member.balance))
        member.post("grant", member.granted, at)
        member.next_grant_at = rulebook.billing_after(at, member.billing_day)

    def rule(self, policy: str) -> None:
        """Staff put another policy in force from now on."""
        self.policy = policy

    # --- who accepts what ------------------------------------------------------------------------

    def accept(self, who: int, **declared) -> None:
        member = self.people[who]
        if declared.get("open_profile") and not member.open_profile and member.plan == "basic":
            raise No("open_profile")
        for name, value in declared.items():
            setattr(member, name, value)

    def block(self, who: int, whom: int) -> None:
        self.blocks.add((who, whom))
        self.disconnect(who, whom)

    def unblock(self, who: int, whom: int) -> None:
        self.blocks.discard((who, whom))

    def connect(self, who: int, whom: int) -> None:
        self.links.add((min(who, whom), max(who, whom)))

    def disconnect(self, who: int, whom: int) -> None:
        self.links.discard((min(who, whom), max(who, whom)))

    def leave(self, who: int) -> None:
        self.people[who].gone = True

    def come_back(self, who: int) -> None:
        self.people[who].gone = False

    def are_apart(self, a: int, b: int) -> bool:
        return (a, b) in self.blocks or (b, a) in self.blocks

    def degree(self, a: int, b: int) -> int | None:
        reached, at = {a}, {a}
        for degree in (1, 2, 3):
            at = {y if x in at else x for x, y in self.links if (x in at) != (y in at)} - reached
            if b in at:
                return degree
            reached |= at
        return None

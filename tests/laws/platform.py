"""The platform as the other side of a course: its own verbs on PostgreSQL, and what stands in its tables afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from accounts import groups, network
from accounts.models import Group, Member
from clock import due
from clock import timeline as clock
from inmail import audit, delivery, idempotency, jobs, ledger, messaging, subscriptions, terms
from inmail.models import Inmail, Job, Wallet
from inmail.refusals import Refused
from privacy import blocks, reception
from tests.laws.acts import CAST, LINKS, Course, Deed
from tests.laws.play import LENGTH
from tests.laws.state import Entry, Letter, Outcome, Person, State

UNDO_SECONDS = 3_600  # of wall time: longer than any course takes

LETTERS = """
SELECT id, sender_id, recipient_id, n, category, cost, policy_id, sender_score, created_at, status, awaiting, refusal,
    delivered_at, deadline_at, expires_at, opened_at, answer, answered_at, settled_at, returned
FROM inmail_inmail WHERE timeline_id = %s ORDER BY id
"""
OUTCOMES = """
SELECT inmail_id, category, interests, match, degree, shared_groups, sender_score, length, load, notified,
    delivered_at, opened_at, answer, answered_at, settled_at
FROM inmail_outcome WHERE timeline_id = %s ORDER BY inmail_id
"""
ENTRIES = """
SELECT member_id, number, kind, amount, balance, inmail_id, at
FROM inmail_ledgerentry WHERE timeline_id = %s ORDER BY member_id, number
"""
PEOPLE = """
SELECT m.deactivated_at IS NOT NULL, coalesce(r.messages, 'introductions_inmail_open'),
    coalesce(r.open_profile, false), coalesce(r.interests, '{}'), coalesce(r.lowest_score, 3), s.plan, s.next_plan,
    s.next_grant_at, s.granted_this_period, c.score, coalesce(w.balance, 0)
FROM accounts_member m JOIN inmail_subscription s ON s.member_id = m.id AND s.timeline_id = %(timeline)s
LEFT JOIN privacy_reception r ON r.member_id = m.id
LEFT JOIN inmail_senderscore c ON c.member_id = m.id AND c.timeline_id = %(timeline)s
LEFT JOIN inmail_wallet w ON w.member_id = m.id AND w.timeline_id = %(timeline)s
WHERE m.id = ANY(%(members)s) ORDER BY m.id
"""


class Killed(Exception):
    """The process died just before its commit."""


@contextmanager
def inmail_alone() -> Iterator[None]:
    """The clock does the work of InMail alone: there is nobody who is simulated."""
    with override_settings(CLOCK_SOURCES=["inmail.due.InmailWork"]):
        due.sources.cache_clear()
        try:
            yield
        finally:
            due.sources.cache_clear()


@contextmanager
def forgotten() -> Iterator[None]:
    """A transaction of which nothing stays; what the database checks at a commit, it checks before that."""
    with transaction.atomic(), inmail_alone():
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def cast(at: datetime) -> list[Member]:
    """The members of every course with their groups, and the admin as the last; stays between courses."""
    people = [Member(handle=f"law{n}", first_name="Law", last_name=str(n), joined_at=at) for n in range(len(CAST) + 1)]
    members = sorted(Member.objects.bulk_create(people), key=lambda member: member.pk)
    for name in "gh":
        group = Group.objects.create(slug=f"law-{name}", name=name, about=name)
        for member, (_, _, in_groups) in zip(members, CAST, strict=False):
            if name in in_groups:
                groups.join(member, group, at=at)
    return members


class Platform:
    """The cast on a live timeline of its own, which stands still but for `advance`."""

    def __init__(self, course: Course, members: list[Member]):
        *self.members, self.admin = members
        self.places = {member.pk: place for place, member in enumerate(self.members)}
        self.live = clock.begin(at=course.begins, speed=0, seed=1)
        self.keys = 0
        terms.put_in_force(self.live, name=course.policy, from_at=course.begins)
        for member, (plan, day, _) in zip(self.members, CAST, strict=True):
            subscriptions.join(member, plan=plan, at=course.begins, timeline=self.live, billing_day=day)
        for a, b in LINKS:
            network.connect(self.members[a], self.members[b], at=course.begins)

    # --- deeds -----------------------------------------------------------------------------------

    def do(self, deed: Deed, mishap: str) -> tuple[str, ...]:
        def act() -> tuple[str, ...]:
            return codes_of(lambda: getattr(self, deed.verb)(*deed.given, **deed.named))

        if mishap == "crash" and deed.verb in ("deliver", "sweep"):
            self._claim(*deed.given)
        elif mishap == "crash":
            _killed(act)
        if mishap != "lost":
            with transaction.atomic():
                return act()
        return self._answer_lost(deed)

    def _claim(self, place: int | None = None) -> None:
        """The worker counts its attempt and dies in the work; then the pause before the next attempt goes by."""
        if place is None:
            ids = jobs.take(self.live, limit=3)
        else:
            ids = jobs.take_these([self._inmail(place).pk])
        Job.objects.filter(pk__in=ids).update(retry_at=timezone.now())

    def _answer_lost(self, deed: Deed) -> tuple[str, ...]:
        """Done twice under one key: the second time nothing happens, and the answer is the first one's."""
        self.keys += 1
        key, of = f"key {self.keys}", idempotency.fingerprint(str(deed))

        def act() -> tuple[int, dict]:
            getattr(self, deed.verb)(*deed.given, **deed.named)
            balances = Wallet.objects.filter(timeline=self.live).order_by("member").values_list("balance", flat=True)
            return 201, {"deed": str(deed), "balances": list(balances)}

        found: list[idempotency.Answer] = []
        first, second = (codes_of(lambda: found.append(idempotency.once(self.admin, key, of, act))) for _ in range(2))
        if found and (len(found) != 2 or not found[1].replayed or found[0].body != found[1].body):
            return ("the repeat was answered differently", *map(str, found))
        return first if first == second else ("the repeat was refused differently", *first, *second)

    def _at(self) -> datetime:
        return clock.now(self.live)

    def _inmail(self, place: int) -> Inmail:
        return Inmail.objects.filter(timeline=self.live).order_by("pk")[place]

    def send(self, who: int, whom: int, category: str, is_held: bool) -> None:
        letter = messaging.Letter(category, "A question", "x" * LENGTH)
        with clock.moment(self.live) as at:
            undo_seconds = UNDO_SECONDS if is_held else 0
            pair = self.members[who], self.members[whom]
            messaging.send(self.live, *pair, letter, at=at, undo_seconds=undo_seconds)

    def deliver(self, place: int) -> None:
        delivery.deliver_one(self._inmail(place).pk)

    def sweep(self) -> None:
        while delivery.deliver_due(self.live, limit=3) + delivery.deliver_tried(self.live):
            pass

    def undo(self, place: int) -> None:
        messaging.undo(self._inmail(place), at=self._at())

    def withdraw(self, place: int) -> None:
        messaging.withdraw(self._inmail(place), at=self._at())

    def open(self, place: int) -> None:
        messaging.open(self._inmail(place), at=self._at())

    def answer(self, place: int, answer: str) -> None:
        messaging.answer(self._inmail(place), answer=answer, body="My own words.", at=self._at())

    def accept(self, who: int, **declared) -> None:
        names = {"lowest": "lowest_score"}
        declared = {names.get(name, name): value for name, value in declared.items()}
        declared |= {name: list(value) for name, value in declared.items() if name == "interests"}
        reception.change(self.members[who], at=self._at(), **declared)

    def block(self, who: int, whom: int) -> None:
        blocks.block(self.members[who], self.members[whom], at=self._at())

    def unblock(self, who: int, whom: int) -> None:
        blocks.unblock(self.members[who], self.members[whom])

    def connect(self, who: int, whom: int) -> None:
        network.connect(self.members[who], self.members[whom], at=self._at())

    def disconnect(self, who: int, whom: int) -> None:
        network.disconnect(self.members[who], self.members[whom])

    def leave(self, who: int) -> None:
        Member.objects.filter(pk=self.members[who].pk).update(deactivated_at=self._at())

    def come_back(self, who: int) -> None:
        Member.objects.filter(pk=self.members[who].pk).update(deactivated_at=None)

    def purchase(self, who: int, quantity: int) -> None:
        subscriptions.purchase(self.live, self.members[who], quantity=quantity, at=self._at())

    def adjust(self, who: int, amount: int) -> None:
        ledger.adjust(self.live, self.members[who], amount=amount, reason="test", author=self.admin, at=self._at())

    def choose(self, who: int, plan: str) -> None:
        subscriptions.choose(self.live, self.members[who], plan=plan, at=self._at())

    def rule(self, policy: str) -> None:
        terms.put_in_force(self.live, name=policy, from_at=self._at(), author=self.admin)

    def advance(self, span) -> None:
        clock.advance(self.live, until=self._at() + span)

    # --- what stands in the tables ---------------------------------------------------------------

    def unlawful(self) -> list[str]:
        """What the platform's own audit finds."""
        found = audit.ledger()
        return [] if found.holds else [f"the audit: {found.violations}, residual {found.residual}"]

    def state(self) -> State:
        letters = _rows(LETTERS, [self.live.pk])
        placed = {row[0]: place for place, row in enumerate(letters)}
        people = _rows(PEOPLE, {"timeline": self.live.pk, "members": [member.pk for member in self.members]})
        return State(
            now=self._at(),
            people=tuple(Person(*row[:3], tuple(row[3]), *row[4:]) for row in people),
            letters=tuple(Letter(self.places[row[1]], self.places[row[2]], *row[3:]) for row in letters),
            outcomes=tuple(
                Outcome(placed[row[0]], row[1], tuple(row[2]), *row[3:]) for row in _rows(OUTCOMES, [self.live.pk])
            ),
            entries=self._entries(placed),
            blocks=self._pairs("SELECT blocker_id, blocked_id FROM privacy_block"),
            links=self._pairs("SELECT member_id, other_id FROM accounts_connection WHERE member_id < other_id"),
        )

    def _entries(self, placed: dict[int, int]) -> tuple[tuple[Entry, ...], ...]:
        found: list[list[Entry]] = [[] for _ in self.members]
        for member, number, kind, amount, balance, inmail, at in _rows(ENTRIES, [self.live.pk]):
            found[self.places[member]].append(Entry(number, kind, amount, balance, placed.get(inmail), at))
        return tuple(tuple(entries) for entries in found)

    def _pairs(self, sql: str) -> frozenset[tuple[int, int]]:
        pairs = _rows(sql, [])
        return frozenset((self.places[a], self.places[b]) for a, b in pairs if a in self.places and b in self.places)


def _rows(sql: str, values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def codes_of(act: Callable[[], object]) -> tuple[str, ...]:
    """Do `act` in a transaction of its own; the codes of its refusal."""
    try:
        with transaction.atomic():
            act()
    except Refused as refused:
        return tuple(sorted(refused.codes))
    except subscriptions.NotSold as refused:
        return (refused.code,)
    except ledger.Insufficient:
        return ("insufficient",)
    except ValidationError as error:
        return tuple(sorted(error.message_dict))
    return ()


def _killed(act: Callable[[], object]) -> None:
    """Do `act`, and lose all of it just before the commit."""
    try:
        with transaction.atomic():
            act()
            raise Killed
    except Killed:
        pass

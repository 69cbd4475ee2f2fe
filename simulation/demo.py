"""The demo world: the cast among simulated members, with sixty days of past that went through the same verbs.

Law: building is idempotent; a build that was interrupted is taken up where it stood.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
from django.conf import settings
from django.db import transaction

from accounts import network
from accounts.models import Connection, Group, Member, Membership
from clock import timeline as clock
from clock.models import Timeline
from inmail import cast as people_with_plans
from inmail import subscriptions
from inmail.policy import PLAN_NAMES
from privacy import cast as people
from simulation import loading, population, wording
from simulation.draws import hash64_array
from simulation.models import World

PRESENT = datetime(2014, 6, 3, 14, 5, tzinfo=UTC)
PREMIUM = 0.10
PAST_DAYS = 60
MOST_PAST_INMAILS = 20_000
A_DAY = (
    0.18  # InMails that a premium member sends a day in the default world, measured; only to choose the past's length
)
SPEED = 720
ACQUAINTANCE = 301  # the decision drawn for whom the cast knows
ACQUAINTANCES = {"alice": 14, "bob": 22, "carol": 9, "erin": 6}

Say = Callable[[str], None]


def build(*, members: int = 2_000, seed: int = 2014, say: Say = lambda sentence: None) -> dict[str, int]:
    """Build the world or extend it to `members` simulated ones; returns how much there is of what."""
    live = _begin(members, seed)
    world, _ = World.objects.get_or_create(defaults={"seed": seed})
    with transaction.atomic():
        cast = people.assemble(live.began_at)
        _passwords(cast)
    if world.members < members:
        say(f"Making {members - world.members:,} simulated members.")
        add(live, world, members - world.members, cast)
        loading.analyze()
    if subscriptions.of(live, cast["alice"]) is None:
        _live_through_the_past(live, say)
        with clock.moment(live) as at:
            people_with_plans.assemble(live, at)
        clock.set_speed(live, speed=SPEED)
    return {
        "members": Member.objects.count(),
        "connections": Connection.objects.count() // 2,
        "groups": Group.objects.count(),
    }


def _begin(members: int, seed: int) -> Timeline:
    days = min(PAST_DAYS, max(7, int(MOST_PAST_INMAILS / max(1.0, members * PREMIUM * A_DAY))))
    began_at = (PRESENT - timedelta(days=days)).replace(hour=0, minute=0)
    return clock.begin(at=began_at, speed=0, seed=seed)


def _live_through_the_past(live: Timeline, say: Say) -> None:
    while live.now_at < PRESENT:
        until = min(PRESENT, live.now_at + timedelta(days=10))
        say(f"Living through the past up to {until:%d %B %Y, %H:%M}; the present is {PRESENT:%d %B}.")
        clock.advance(live, until=until)
        live.refresh_from_db()


@transaction.atomic
def add(live: Timeline, world: World, count: int, cast: dict[str, Member]) -> None:
    """`count` more members with all they have: receptions, connections, groups, plans and their first credits."""
    taken = frozenset(Member.objects.values_list("handle", flat=True))
    first = loading.reserve_numbers(count)
    begins_at = int(live.now_at.timestamp())
    made = population.generate(count, world.seed, start_number=first, premium=PREMIUM, begins_at=begins_at, taken=taken)
    ids = _members(made)
    _connections(made, ids)
    _groups(made, ids)
    premium = np.flatnonzero(made.people.plan)
    loading.subscribe(
        live,
        [(int(ids[i]), PLAN_NAMES[made.people.plan[i]], int(made.people.billing_day[i])) for i in premium],
        at=live.now_at,
    )
    _acquaint(cast, ids, world.seed, live.now_at)
    World.objects.filter(pk=world.pk).update(members=world.members + count)


def _members(made: population.World) -> np.ndarray:
    p = made.people
    lands, trades = population.COUNTRIES, population.INDUSTRIES
    count = len(p.number)
    loading.copy(
        "accounts_member",
        (
            "number", "handle", "password", "is_superuser", "first_name", "last_name", "headline", "industry",
            "country", "place", "about", "open_to_work", "simulated", "joined_at", "is_staff", "language",
        ),
        (
            (
                int(p.number[i]), p.handle[i], "!", False, p.first_name[i], p.last_name[i], p.headline[i],
                trades[p.industry[i]], lands[p.country[i]], p.place[i], p.about[i], p.open_to_work[i], True,
                datetime.fromtimestamp(int(p.joined_at[i]), UTC), False,
                wording.language_of(lands[p.country[i]]),
            )
            for i in range(count)
        ),
    )  # fmt: skip
    ids = loading.ids_of(int(p.number[0]), count)
    _receptions(p, ids)
    return ids


def _receptions(p, ids: np.ndarray) -> None:
    names = population.CATEGORIES
    loading.copy(
        "privacy_reception",
        ("member_id", "messages", "open_profile", "interests", "advice", "lowest_score"),
        (
            (
                ids[i],
                population.RECEPTIONS[p.reception[i]],
                p.open_profile[i],
                [name for bit, name in enumerate(names) if p.interests[i] >> bit & 1],
                p.advice[i],
                "3.0",
            )
            for i in range(len(ids))
        ),
    )


def _connections(made: population.World, ids: np.ndarray) -> None:
    pairs = ids[made.edges]
    columns = ("member_id", "other_id", "since")
    loading.copy_dated("accounts_connection", columns, pairs[:, 0], pairs[:, 1], made.connected_at)


def _groups(made: population.World, ids: np.ndarray) -> None:
    known = set(Group.objects.values_list("slug", flat=True))
    rows = Group.objects.bulk_create(
        Group(name=g.name, slug=_free_slug(g.slug, known), about=g.about) for g in made.groups
    )
    pks = np.array([row.pk for row in rows], dtype=np.int64)
    loading.copy_dated(
        "accounts_membership",
        ("group_id", "member_id", "since"),
        pks[made.memberships[:, 0]],
        ids[made.memberships[:, 1]],
        made.joined_group_at,
    )


def _free_slug(slug: str, known: set[str]) -> str:
    free, turn = slug, 2
    while free in known:
        free, turn = f"{slug[:70]}-{turn}", turn + 1
    known.add(free)
    return free


def _acquaint(cast: dict[str, Member], ids: np.ndarray, seed: int, at: datetime) -> None:
    """The cast knows some of them, so that every degree occurs; dave and frank know nobody."""
    for turn, (handle, count) in enumerate(ACQUAINTANCES.items()):
        order = np.argsort(hash64_array(seed, ids.astype(np.uint64), ACQUAINTANCE, turn), kind="stable")
        for pk in ids[order[:count]]:
            network.connect(cast[handle], Member(pk=int(pk)), at=at)
    italians = Member.objects.simulated_ones().filter(country="IT").order_by("number").values_list("pk", flat=True)[:25]
    group = Group.objects.get(slug="data-science-italia")
    Membership.objects.bulk_create(
        [Membership(group=group, member_id=pk, since=at) for pk in italians], ignore_conflicts=True
    )


def _passwords(cast: dict[str, Member]) -> None:
    """Every one of the cast has a generated password, the same at the next run, kept in a file for the owner alone."""
    path = settings.VAR / "demo-passwords.json"
    try:
        kept = json.loads(path.read_text())
    except (OSError, ValueError):
        kept = {}
    passwords = {handle: kept.get(handle) or secrets.token_urlsafe(9) for handle in cast}
    for handle, member in cast.items():
        if not member.has_usable_password() or not member.check_password(passwords[handle]):
            member.set_password(passwords[handle])
            member.save(update_fields=["password"])
    if passwords != kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(passwords, file, indent=2)
        path.chmod(0o600)

"""The seven people whom the demo world and the tests share: who they are and whom they know."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings

from accounts import groups, network, second_factor
from accounts.models import Group, Member

PROFILES = {
    "alice": {
        "first_name": "Alice",
        "last_name": "Moreau",
        "headline": "Talent partner for data teams",
        "industry": "Human Resources",
        "country": "FR",
        "place": "Lyon",
        "about": "I help data people find teams they like, and teams find people who stay.",
    },
    "bob": {
        "first_name": "Bob",
        "last_name": "Lindqvist",
        "headline": "Engineering manager, payments",
        "industry": "Finance",
        "country": "SE",
        "place": "Stockholm",
        "about": "Twelve years of moving other people's money without losing any of it.",
    },
    "carol": {
        "first_name": "Carol",
        "last_name": "Conti",
        "headline": "Head of Data at a mobility company",
        "industry": "Information Technology",
        "country": "IT",
        "place": "Torino",
        "about": "Maps, timetables and the people who read them. Previously a physicist.",
    },
    "dave": {
        "first_name": "Dave",
        "last_name": "Okafor",
        "headline": "Founder, cold-chain logistics",
        "industry": "Logistics",
        "country": "NG",
        "place": "Lagos",
        "about": "Vaccines and vegetables arrive as cold as they left.",
    },
    "erin": {
        "first_name": "Erin",
        "last_name": "Ní Bhriain",
        "headline": "Data scientist, public health",
        "industry": "Health Care",
        "country": "IE",
        "place": "Galway",
        "about": "Small numbers that matter to many.",
        "open_to_work": True,
    },
    "frank": {
        "first_name": "Frank",
        "last_name": "Neumann",
        "headline": "Finance director, mechanical engineering",
        "industry": "Manufacturing",
        "country": "DE",
        "place": "Hamburg",
        "about": "I read every contract to the end.",
    },
    "admin": {
        "first_name": "Ada",
        "last_name": "Novak",
        "headline": "Looks after this platform",
        "industry": "Information Technology",
        "country": "SI",
        "place": "Ljubljana",
        "is_staff": True,
        "is_superuser": True,
    },
}
CONNECTIONS = (("alice", "bob"), ("bob", "carol"))
GROUP = {
    "slug": "data-science-italia",
    "name": "Data Science Italia",
    "about": "People who work with data in Italy, or would like to.",
}
IN_GROUP = ("alice", "erin")


def assemble(at: datetime) -> dict[str, Member]:
    """The seven by handle, connected as the story needs them; those who exist are left as they are."""
    cast = {handle: _member(handle, profile, at) for handle, profile in PROFILES.items()}
    for one, other in CONNECTIONS:
        network.connect(cast[one], cast[other], at=at)
    group, _made = Group.objects.get_or_create(slug=GROUP["slug"], defaults=GROUP)
    for handle in IN_GROUP:
        groups.join(cast[handle], group, at=at)
    _let_in(cast)
    return cast


def _let_in(cast: dict[str, Member]) -> None:
    """Their addresses are ours, so nobody has to confirm them; where an operator can ask for codes, staff have one."""
    known = set(EmailAddress.objects.filter(user__in=cast.values()).values_list("user_id", flat=True))
    unknown = [member for member in cast.values() if member.email and member.pk not in known]
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=member, email=member.email, primary=True, verified=True) for member in unknown]
    )
    ours = [f"{handle}@example.org" for handle in cast]
    EmailAddress.objects.filter(user__in=cast.values(), email__in=ours, verified=False).update(verified=True)
    if settings.EMBEDDED or settings.TESTING:
        second_factor.enrol(member for member in cast.values() if member.is_staff)


def _member(handle: str, profile: dict, at: datetime) -> Member:
    found = Member.objects.filter(handle=handle).first()
    return found or Member.objects.create_user(handle, joined_at=at, email=f"{handle}@example.org", **profile)

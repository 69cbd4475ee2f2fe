"""Members as the API shows them: a page of them in a constant number of queries, with degree and verdict."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from accounts import network
from accounts.models import HANDLE, Member
from clock.models import Timeline
from inmail import facts, verdicts
from inmail.api.fields import NO_MEMBER
from inmail.api.schema import RefusalSerializer
from privacy import blocks, reception
from privacy.models import Category


class VerdictSerializer(serializers.Serializer):
    allowed = serializers.BooleanField()
    cost = serializers.IntegerField(allow_null=True, help_text="0 or 1; null where no InMail is possible at all.")
    refusals = RefusalSerializer(many=True)


class MemberSerializer(serializers.Serializer):
    handle = serializers.CharField()
    name = serializers.CharField()
    headline = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166 code.")
    industry = serializers.CharField()
    degree = serializers.ChoiceField([1, 2, 3], allow_null=True, help_text="null is out of network, or oneself.")
    inmail = VerdictSerializer()


class PersonSerializer(serializers.Serializer):
    handle = serializers.CharField()
    name = serializers.CharField()


class SharedConnectionsSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    sample = PersonSerializer(many=True)


class SharedGroupSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()


class ProfileSerializer(MemberSerializer):
    place = serializers.CharField()
    about = serializers.CharField()
    open_to_work = serializers.BooleanField()
    simulated = serializers.BooleanField()
    interests = serializers.ListField(child=serializers.ChoiceField(Category.choices))
    advice = serializers.CharField()
    shared_connections = SharedConnectionsSerializer()
    shared_groups = SharedGroupSerializer(many=True)


def find(handle: str, *, viewer: Member) -> Member:
    """The member of that handle whom `viewer` may know of, or a 404."""
    handle = handle.lower()
    found = HANDLE.regex.match(handle) and Member.objects.visible_to(viewer).filter(handle=handle).first()
    if not found:
        raise Http404
    return found


def named(handle: str, *, viewer: Member, field: str) -> Member:
    """The same for a handle in a request's body: a 400 at its field."""
    try:
        return find(handle, viewer=viewer)
    except Http404:
        raise ValidationError({field: [NO_MEMBER]}) from None


def rows(timeline: Timeline, viewer: Member, members: Sequence[Member]) -> list[dict]:
    """`members` as `viewer` sees them in a list: two queries, however many they are."""
    degrees = network.degrees(viewer, members)
    pairs = facts.seen_by(timeline, viewer, members, at=timeline.now_at)
    return [_row(member, degrees[member.pk], pairs[member.pk]) for member in members]


def rows_or_bare(timeline: Timeline, viewer: Member, members: Sequence[Member]) -> list[dict]:
    """The same where some may have left or may have blocked `viewer`: of those, the name and the verdict."""
    blockers = set(blocks.blockers_of(viewer).filter(blocker__in=members).values_list("blocker_id", flat=True))
    hidden = [not member.is_active or member.pk in blockers for member in members]
    found = rows(timeline, viewer, members)
    return [row | _BARE_ROW if hide else row for row, hide in zip(found, hidden, strict=True)]


def profile(timeline: Timeline, viewer: Member, member: Member) -> dict:
    """One member as `viewer` sees them; bare when they have left or do not want to be seen by `viewer`."""
    (row,) = rows(timeline, viewer, [member])
    if blocks.keeps_from(member, viewer):
        return row | _BARE_ROW | _BARE
    accepts = reception.of(member)
    count, sample = network.shared_connections(viewer, member)
    return row | {
        "place": member.place,
        "about": member.about,
        "open_to_work": member.open_to_work,
        "simulated": member.simulated,
        "interests": accepts.interests,
        "advice": accepts.advice,
        "shared_connections": {"count": count, "sample": [person(known) for known in sample]},
        "shared_groups": [{"slug": g.slug, "name": g.name} for g in network.shared_groups(viewer, member)],
    }


def person(member: Member) -> dict:
    return {"handle": member.handle, "name": member.name}


_BARE_ROW = {"headline": "", "country": "", "industry": "", "degree": None}
_BARE = {
    "place": "",
    "about": "",
    "open_to_work": False,
    "simulated": False,
    "interests": [],
    "advice": "",
    "shared_connections": {"count": 0, "sample": []},
    "shared_groups": [],
}


def _row(member: Member, degree: int | None, pair: facts.Pair) -> dict:
    verdict = verdicts.of(pair)
    return {
        "handle": member.handle,
        "name": member.name,
        "headline": member.headline,
        "country": member.country,
        "industry": member.industry,
        "degree": degree or None,
        "inmail": {
            "allowed": verdict.allowed,
            "cost": verdict.cost,
            "refusals": [{"code": r.code, "message": r.message} for r in verdict.refusals],
        },
    }

"""What members accept. The row of now and the record of every change are written together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from privacy.models import MAX_ADVICE, Category, Reception, ReceptionChange

FIELDS = ("messages", "open_profile", "interests", "advice", "lowest_score")


def of(member: Member) -> Reception:
    """What `member` accepts now; the defaults for one who never chose."""
    return Reception.objects.filter(member=member).first() or Reception(member=member)


def of_all(members: Iterable[Member]) -> dict[int, Reception]:
    """What each of `members` accepts now, by id, in one query."""
    members = list(members)
    found = Reception.objects.in_bulk([member.pk for member in members])
    return {member.pk: found.get(member.pk) or Reception(member=member) for member in members}


def as_of(member: Member, *, at: datetime) -> ReceptionChange | Reception:
    """What `member` had declared at `at`; the row of now when no change of theirs is on record."""
    changes = ReceptionChange.objects.filter(member=member)
    before = changes.filter(at__lte=at).order_by("-at", "-id").first()
    if before:
        return before
    return Reception(member=member) if changes.exists() else of(member)


def accepts_inmail(member: Member) -> bool:
    """Whether `member` has InMail switched on."""
    return not of(member).inmail_off


def change(member: Member, *, at: datetime, **fields) -> Reception:
    """From `at` on, `member` accepts what `fields` say; what they do not name stays.

    Raises ValidationError by field. A change that changes nothing leaves no record.
    """
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"reception has no {', '.join(sorted(unknown))}")
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).only("pk").get(pk=member.pk)
        row = of(member)
        before = _facts(row)
        for name, value in fields.items():
            setattr(row, name, value)
        _check(row, was_open=before["open_profile"])
        after = _facts(row)
        if row._state.adding or after != before:
            row.save()
        if after != before:
            ReceptionChange.objects.create(member=member, at=at, **after)
    return row


def may_open_profile(member: Member) -> bool:
    """Whether `member`'s plan lets them open their profile; an upper floor says, named in settings."""
    return _is_premium()(member)


@cache
def _is_premium():
    path = getattr(settings, "PRIVACY_IS_PREMIUM", "")
    return import_string(path) if path else lambda member: False


def _facts(row: Reception) -> dict:
    return {name: getattr(row, name) for name in FIELDS}


def _check(row: Reception, *, was_open: bool) -> None:
    if not isinstance(row.interests, list | tuple | set | frozenset):
        raise ValidationError({"interests": _("Give a list of categories.")})
    given = {str(value) for value in row.interests}
    row.interests = [c.value for c in Category if c.value in given] + sorted(given - set(Category.values))
    row.clean_fields(exclude=["member"])
    if len(row.advice) > MAX_ADVICE:
        raise ValidationError({"advice": _("At most %(most)s characters.") % {"most": MAX_ADVICE}})
    if "\0" in row.advice or not _is_text(row.advice):
        raise ValidationError({"advice": _("This is not a text.")})
    if not 0 <= row.lowest_score <= 5:
        raise ValidationError({"lowest_score": _("Choose a score from 0 to 5 stars.")})
    if row.open_profile and not was_open and not may_open_profile(row.member):
        raise ValidationError({"open_profile": _("Only premium members can open their profile.")})


def _is_text(text: str) -> bool:
    """Whether `text` holds no half of a character (a lone surrogate, as JSON can)."""
    return not any("\ud800" <= c <= "\udfff" for c in text)

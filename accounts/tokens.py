"""API tokens: a way in that asks for nothing more.

Law: none outlives the password, the second factor or the rights under which it was given. Of the password the
database itself sees to that, by whichever road it is changed (a hash renewed at the door counts as a change).
"""

from __future__ import annotations

from django.db import transaction
from rest_framework.authtoken.models import Token

from accounts.models import Member


def revoke(member: Member) -> None:
    """`member`'s token opens nothing from now on, also one that is being given at this very moment."""
    with transaction.atomic():
        hold(member)
        Token.objects.filter(user_id=member.pk).delete()


def hold(member: Member) -> Member | None:
    """`member` as they are now; who gives a token and who revokes it wait for each other until they are done."""
    return Member.objects.select_for_update(no_key=True).filter(pk=member.pk).first()

"""What the seven people of the cast accept: carol declares interests with advice, frank has InMail off."""

from __future__ import annotations

from datetime import datetime

from accounts import cast
from accounts.models import Member
from privacy import reception
from privacy.models import Category, Messages, Reception

DECLARED = {
    "bob": {"interests": [Category.EXPERTISE_REQUEST, Category.GETTING_BACK_IN_TOUCH]},
    "carol": {
        "interests": [Category.CAREER_OPPORTUNITY, Category.EXPERTISE_REQUEST],
        "advice": "Please say which project it is about, and how long you need me.",
    },
    "dave": {"interests": [Category.BUSINESS_DEAL, Category.NEW_VENTURE, Category.CONSULTING_OFFER]},
    "erin": {
        "interests": [Category.CAREER_OPPORTUNITY, Category.REFERENCE_REQUEST],
        "advice": "Part time only, please.",
    },
    "frank": {"messages": Messages.INTRODUCTIONS_ONLY},
}


def assemble(at: datetime) -> dict[str, Member]:
    """The cast by handle, with what they accept; whoever has chosen since is left alone."""
    people = cast.assemble(at)
    for handle, fields in DECLARED.items():
        if not Reception.objects.filter(member=people[handle]).exists():
            reception.change(people[handle], at=at, **fields)
    return people

"""What a sender may expect of one InMail to a simulated member; people's chances are nobody's business: 404."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import network
from accounts.models import Member
from clock import timeline as clock
from clock.models import Timeline
from inmail import facts
from inmail.api import people
from inmail.api.fields import query
from inmail.api.schema import describe
from inmail.delivery import LOAD_DAYS
from inmail.models import Inmail
from inmail.models.letters import MAX_BODY
from privacy import blocks
from privacy.models import Category
from simulation import behaviour, recipients
from simulation.forecast import forecast


class ForecastQuery(serializers.Serializer):
    category = serializers.ChoiceField(Category.choices, required=False)
    length = serializers.IntegerField(
        required=False, min_value=0, max_value=MAX_BODY, default=0, help_text=_("Characters of the body; 0: the mean.")
    )


class FactorSerializer(serializers.Serializer):
    name = serializers.CharField()
    effect = serializers.FloatField(
        help_text="Percentage points of the response: with this circumstance, less without it."
    )


class ForecastSerializer(serializers.Serializer):
    open = serializers.FloatField(help_text="Chance of being opened, 0-1.")
    answer = serializers.FloatField(help_text="Chance of an answer once opened and not reported.")
    report = serializers.FloatField(help_text="Chance of a report once opened.")
    response = serializers.FloatField(help_text="Chance of an answer of an InMail delivered: all of them together.")
    factors = FactorSerializer(many=True)


class ForecastView(APIView):
    @describe(
        "members_forecast",
        "The chances of an InMail to a simulated member, were it delivered now",
        {200: ForecastSerializer},
        query=ForecastQuery,
        also=(400, 404),
    )
    def get(self, request, handle: str):
        asked = query(ForecastQuery, request)
        member = people.find(handle, viewer=request.user)
        if not member.simulated or member == request.user or blocks.between(request.user, member):
            raise Http404
        timeline = clock.live()
        letter = circumstances(
            timeline, request.user, member, asked.get("category"), asked["length"], at=timeline.now_at
        )
        found = forecast(recipients.character().tables, letter)
        return Response(
            {
                "open": found.open,
                "answer": found.answer,
                "report": found.report,
                "response": found.response,
                "factors": [{"name": name, "effect": points} for name, points in found.factors],
            }
        )


def circumstances(
    timeline: Timeline, sender: Member, recipient: Member, category: str | None, length: int, *, at: datetime
) -> behaviour.Inmails:
    """The InMail as behaviour would see it if it were delivered at `at`."""
    pair = facts.of(timeline, sender, recipient, at=at)
    match = pair.match(category) if category else facts.Match.UNDECLARED
    return behaviour.Inmails(
        sender=sender.number,
        recipient=recipient.number,
        n=pair.n,
        match=recipients.MATCH_CODES[match],
        notified=pair.notifies,
        load=_load(timeline, recipient, at),
        degree=network.degree(sender, recipient) or behaviour.OUT_OF_NETWORK,
        length=length,
        weekday=at.weekday(),
        career=recipient.open_to_work and category == Category.CAREER_OPPORTUNITY,
        shared_group=pair.facts.shared_groups > 0,
        former_employer=behaviour.former_colleagues(
            recipients.character(), recipients.world_seed(), sender.number, recipient.number
        ),
        active=recipients.is_active(recipient, at),
    )


def _load(timeline: Timeline, recipient: Member, at: datetime) -> int:
    """InMails delivered to the recipient on the thirty whole days before today."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    received = Inmail.objects.on(timeline).filter(recipient=recipient)
    return received.filter(delivered_at__gte=day - timedelta(days=LOAD_DAYS), delivered_at__lt=day).count()

"""The signed-in member."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from clock import timeline as clock
from inmail import conversation, ledger, subscriptions
from inmail.api.schema import describe
from inmail.models import SenderScore
from inmail.models.terms import PlanName


class MeSerializer(serializers.Serializer):
    handle = serializers.CharField()
    name = serializers.CharField()
    plan = serializers.ChoiceField(PlanName.choices)
    credits = serializers.IntegerField()
    score = serializers.FloatField(allow_null=True, help_text="Stars out of 5; null before the first answer.")
    unread = serializers.IntegerField(help_text="Threads with something new.")


class MeView(APIView):
    @describe("me_retrieve", "Who is signed in, with credits, score and what is unread", {200: MeSerializer})
    def get(self, request):
        timeline, member = clock.live(), request.user
        held = subscriptions.of(timeline, member)
        score = SenderScore.objects.filter(timeline=timeline, member=member).values_list("score", flat=True).first()
        return Response(
            {
                "handle": member.handle,
                "name": member.name,
                "plan": held.plan if held else PlanName.BASIC,
                "credits": ledger.balance(timeline, member),
                "score": None if score is None else float(score),
                "unread": conversation.unread(timeline, member),
            }
        )

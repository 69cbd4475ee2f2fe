"""For staff: outcomes, the audit of the ledger, and corrections with author and reason."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import journal
from clock import timeline as clock
from inmail import audit, ledger, outcomes
from inmail.api import keyed, people
from inmail.api.auth import staff_may
from inmail.api.fields import Handle, Strict, Text, WholeNumber, read
from inmail.api.schema import IDEMPOTENCY_KEY, describe
from inmail.api.wallet import EntrySerializer, entry_as_json
from inmail.models import Match

MOST = 10_000


class ShareSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True, help_text="Of those delivered, 0-1; null when nothing was.")
    low = serializers.FloatField(help_text="Of the 95 % interval.")
    high = serializers.FloatField()


class OutcomesSerializer(serializers.Serializer):
    match = serializers.ChoiceField(Match.choices)
    delivered = serializers.IntegerField()
    opened = ShareSerializer()
    answered = ShareSerializer()
    interested = ShareSerializer()
    reported = ShareSerializer()


class ViolationSerializer(serializers.Serializer):
    law = serializers.CharField()
    rows = serializers.ListField(child=serializers.ListField(child=serializers.JSONField()))


class AuditSerializer(serializers.Serializer):
    holds = serializers.BooleanField()
    entries = serializers.IntegerField()
    balances = serializers.IntegerField(help_text="The sum of all balances.")
    residual = serializers.IntegerField(help_text="0, or credits have appeared or vanished.")
    sums = serializers.DictField(child=serializers.IntegerField())
    violations = ViolationSerializer(many=True)
    laws = serializers.ListField(child=serializers.CharField())


class AdjustmentSerializer(Strict):
    member = Handle()
    amount = WholeNumber(
        least=-MOST, most=MOST, sentence=_("Write a whole number of credits, not 0, at most 10,000 either way.")
    )
    reason = Text(limit=300)

    def validate_amount(self, value: int) -> int:
        if value == 0:
            raise ValidationError([self.fields["amount"].sentence])
        return value


class OutcomesView(APIView):
    permission_classes = (staff_may("inmail.view_outcome"),)

    @describe(
        "outcomes_summary", "Outcomes by match, with intervals", {200: OutcomesSerializer(many=True)}, also=(403,)
    )
    def get(self, request):
        return Response(outcomes.as_json(outcomes.summary(clock.live())))


class AuditView(APIView):
    permission_classes = (staff_may("inmail.view_ledgerentry"),)

    @describe("audit_ledger", "Prove the laws of the ledger from its entries", {200: AuditSerializer}, also=(403,))
    def get(self, request):
        return Response(audit.ledger().as_json())


class AdjustmentsView(APIView):
    keeps_keys = True
    permission_classes = (staff_may("inmail.add_ledgerentry"),)

    @describe(
        "audit_adjust",
        "Correct a balance, with a reason",
        {201: EntrySerializer},
        asks=AdjustmentSerializer,
        also=(409, 422),
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request):
        given = read(AdjustmentSerializer, request)
        timeline = clock.live()
        with clock.moment(timeline) as at:
            return keyed.answer(request, "audit/adjustments", given, lambda: _adjust(request, timeline, given, at))


def _adjust(request, timeline, given: dict, at: datetime) -> dict:
    member = people.named(given["member"], viewer=request.user, field="member")
    entry = ledger.adjust(timeline, member, amount=given["amount"], reason=given["reason"], author=request.user, at=at)
    journal.record(request, journal.Act.CREDITS_ADJUSTED, on=member, reason=given["reason"], amount=given["amount"])
    return entry_as_json(entry)

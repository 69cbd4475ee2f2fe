"""Credits: the balance with the entries that prove it, and extra ones to buy (simulated)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from clock import timeline as clock
from inmail import ledger, subscriptions, terms
from inmail.api import keyed, paging
from inmail.api.fields import Strict, WholeNumber, read
from inmail.api.schema import IDEMPOTENCY_KEY, describe
from inmail.models import Kind, LedgerEntry
from inmail.models.terms import PlanName

MOST = 1_000_000


class EntrySerializer(serializers.Serializer):
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(Kind.choices)
    amount = serializers.IntegerField()
    balance = serializers.IntegerField(help_text="After this entry.")
    inmail = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField(help_text="A code; the author's sentence where staff corrected.")
    reason_text = serializers.CharField(help_text="The same in words.")
    at = serializers.DateTimeField()


class CreditsSerializer(serializers.Serializer):
    balance = serializers.IntegerField()
    plan = serializers.ChoiceField(PlanName.choices)
    policy = serializers.CharField()
    next_grant_at = serializers.DateTimeField(allow_null=True)
    entries = EntrySerializer(many=True, help_text="Newest first.")
    next = serializers.URLField(allow_null=True, help_text="Earlier entries.")
    previous = serializers.URLField(allow_null=True)


class PurchaseSerializer(Strict):
    quantity = WholeNumber(least=1, most=MOST, sentence=_("Buy a whole number of credits, at least one."))


class CreditsView(APIView):
    @describe(
        "credits_retrieve",
        "The balance, and the entries that prove it",
        {200: CreditsSerializer},
        query=paging.Paged,
        also=(400,),
    )
    def get(self, request):
        timeline, member = clock.live(), request.user
        page = paging.page(request, ledger.entries(timeline, member), name="entries", order=("-number",))
        held = subscriptions.of(timeline, member)
        return Response(
            {
                "balance": ledger.balance(timeline, member),
                "plan": held.plan if held else PlanName.BASIC,
                "policy": terms.name_at(timeline, timeline.now_at),
                "next_grant_at": held.next_grant_at if held else None,
                "entries": [entry_as_json(entry) for entry in page.rows],
                "next": paging.url(request, page.next),
                "previous": paging.url(request, page.previous),
            }
        )


class PurchaseView(APIView):
    keeps_keys = True

    @describe(
        "credits_purchase",
        "Buy extra credits, as far as the policy sells them; no card is ever asked for",
        {201: EntrySerializer},
        asks=PurchaseSerializer,
        also=(409, 422),
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request):
        given = read(PurchaseSerializer, request)
        timeline = clock.live()
        with clock.moment(timeline) as at:

            def act() -> dict:
                return entry_as_json(subscriptions.purchase(timeline, request.user, **given, at=at))

            return keyed.answer(request, "credits/purchase", given, act)


def entry_as_json(entry: LedgerEntry) -> dict:
    return {
        "number": entry.number,
        "kind": entry.kind,
        "amount": entry.amount,
        "balance": entry.balance,
        "inmail": entry.inmail_id,
        "reason": entry.note or entry.reason,
        "reason_text": entry.note or entry.get_reason_display(),
        "at": entry.at,
    }

"""What one receives, and whom one does not want to hear from."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Member
from clock import timeline as clock
from inmail.api import paging, people
from inmail.api.fields import Choice, Handle, Number, Strict, Text, YesNo, read
from inmail.api.schema import describe, page_of
from privacy import blocks, reception
from privacy.models import MAX_ADVICE, Block, Category, Messages, Reception


class ReceptionSerializer(serializers.Serializer):
    messages = serializers.ChoiceField(Messages.choices)
    open_profile = serializers.BooleanField()
    interests = serializers.ListField(child=serializers.ChoiceField(Category.choices))
    advice = serializers.CharField()
    lowest_score = serializers.FloatField()


class ReceptionChangeSerializer(Strict):
    messages = Choice(Messages.choices, required=False)
    open_profile = YesNo(required=False, help_text="Premium members may open theirs.")
    interests = serializers.ListField(child=Choice(Category.choices), required=False, max_length=100)
    advice = Text(limit=MAX_ADVICE, blank=True, required=False)
    lowest_score = Number(required=False, help_text="0 to 5 stars, one decimal.")

    def validate_lowest_score(self, value: float) -> str:
        return str(value)


class BlockSerializer(Strict):
    member = Handle()


class ReceptionView(APIView):
    @describe("reception_retrieve", "What one receives", {200: ReceptionSerializer})
    def get(self, request):
        return Response(as_json(reception.of(request.user)))

    @describe(
        "reception_update",
        "Change what one receives, from now on; what is not named stays",
        {200: ReceptionSerializer},
        asks=ReceptionChangeSerializer,
    )
    def patch(self, request):
        given = read(ReceptionChangeSerializer, request)
        with clock.moment() as at:
            row = reception.change(request.user, at=at, **given)
        return Response(as_json(row))


class BlocksView(APIView):
    @describe(
        "blocks_list",
        "The members one has blocked, by name",
        {200: page_of(people.MemberSerializer)},
        query=paging.Paged,
        also=(400,),
    )
    def get(self, request):
        timeline = clock.live()
        blocked = Member.objects.filter(pk__in=Block.objects.filter(blocker=request.user).values("blocked_id"))
        return paging.answer(
            request,
            blocked,
            lambda rows: people.rows_or_bare(timeline, request.user, rows),
            name="blocks",
            order=("name_key", "pk"),
        )

    @describe(
        "blocks_create",
        "Block a member: neither can write to the other",
        {200: people.MemberSerializer, 201: people.MemberSerializer},
        asks=BlockSerializer,
    )
    def post(self, request):
        timeline = clock.live()
        with clock.moment(timeline) as at:
            member = self._member(request)
            if member == request.user:
                raise ValidationError({"member": [_("You cannot block yourself.")]})
            made = blocks.block(request.user, member, at=at)
        (row,) = people.rows_or_bare(timeline, request.user, [member])
        return Response(row, status=201 if made else 200)

    @describe("blocks_delete", "Lift a block", {204: None}, asks=BlockSerializer, also=(404,))
    def delete(self, request):
        with clock.moment():
            if not blocks.unblock(request.user, self._member(request)):
                raise Http404
        return Response(status=204)

    def _member(self, request) -> Member:
        return people.named(read(BlockSerializer, request)["member"], viewer=request.user, field="member")


def as_json(row: Reception) -> dict:
    return {
        "messages": row.messages,
        "open_profile": row.open_profile,
        "interests": row.interests,
        "advice": row.advice,
        "lowest_score": float(row.lowest_score),
    }

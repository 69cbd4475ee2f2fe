"""Finding members and looking at one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import search as words
from clock import timeline as clock
from inmail.api import paging, people
from inmail.api.fields import query
from inmail.api.schema import describe, page_of
from privacy import search
from privacy.models import Category


class MemberQuery(paging.Paged):
    q = serializers.CharField(
        required=False, allow_blank=True, help_text=_("Words of name, headline, industry or country; each a prefix.")
    )
    country = serializers.RegexField(
        r"^[A-Za-z]{2}\Z", required=False, allow_blank=True, help_text=_("ISO 3166 code of two letters.")
    )
    industry = serializers.CharField(required=False, allow_blank=True)
    degree = serializers.ChoiceField(
        [(str(degree), str(degree)) for degree in words.DEGREES], required=False, allow_blank=True
    )
    open_to = serializers.ChoiceField(
        Category.choices, required=False, allow_blank=True, help_text=_("A category they have declared they welcome.")
    )


class MembersView(APIView):
    @describe(
        "members_list",
        "Find members, by name",
        {200: page_of(people.MemberSerializer)},
        query=MemberQuery,
        also=(400,),
    )
    def get(self, request):
        asked = query(MemberQuery, request)
        timeline, text = clock.live(), asked.get("q", "")
        degree = asked.get("degree") or None
        found = search.find(
            text,
            viewer=request.user,
            country=asked.get("country", ""),
            industry=asked.get("industry", ""),
            open_to=asked.get("open_to", ""),
            degree=int(degree) if degree and degree.isdigit() else degree,
        )
        return paging.answer(
            request,
            found,
            lambda members: people.rows(timeline, request.user, members),
            name="members",
            order=("name_key", "pk"),
            notice=words.understand(text).notice,
        )


class MemberView(APIView):
    @describe("members_retrieve", "One member's profile", {200: people.ProfileSerializer}, also=(404,))
    def get(self, request, handle: str):
        member = people.find(handle, viewer=request.user)
        return Response(people.profile(clock.live(), request.user, member))

"""Connections and invitations."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import impersonation, invitations, network
from accounts.models import Invitation
from clock import timeline as clock
from inmail.api import paging, people
from inmail.api.fields import Handle, Nothing, Strict, Text, query, read
from inmail.api.schema import describe, page_of

PENDING, IGNORED = Invitation.Status.PENDING, Invitation.Status.IGNORED


class InviteSerializer(Strict):
    member = Handle()
    note = Text(limit=invitations.MAX_NOTE, blank=True, required=False)


class InvitationSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    sender = serializers.CharField(help_text="Handle.")
    recipient = serializers.CharField(help_text="Handle.")
    note = serializers.CharField()
    status = serializers.ChoiceField(Invitation.Status.choices, help_text="Ignored is pending to its sender.")
    sent_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class InvitationQuery(paging.Paged):
    box = serializers.ChoiceField(["received", "sent"], required=False, default="received")


class ConnectionsView(APIView):
    @describe(
        "connections_list",
        "One's connections, by name",
        {200: page_of(people.MemberSerializer)},
        query=paging.Paged,
        also=(400,),
    )
    def get(self, request):
        timeline, member = clock.live(), request.user
        return paging.answer(
            request,
            network.connections(member),
            lambda rows: people.rows(timeline, member, rows),
            name="connections",
            order=("name_key", "pk"),
        )


class ConnectionView(APIView):
    @describe("connections_delete", "End a connection", {204: None}, also=(403, 404))
    def delete(self, request, handle: str):
        other = people.find(handle, viewer=request.user)
        with clock.moment():
            if not network.disconnect(request.user, other):
                raise Http404
        return Response(status=204)


class InvitationsView(APIView):
    @describe(
        "invitations_list",
        "Invitations received or sent, newest first",
        {200: page_of(InvitationSerializer)},
        query=InvitationQuery,
        also=(400,),
    )
    def get(self, request):
        box = query(InvitationQuery, request)["box"]
        side = Q(sender=request.user) if box == "sent" else Q(recipient=request.user)
        rows = Invitation.objects.filter(side).select_related("sender", "recipient")
        return paging.answer(
            request,
            rows,
            lambda found: [as_json(row, request.user) for row in found],
            name=f"invitations.{box}",
            order=("-pk",),
        )

    @describe(
        "invitations_create", "Ask a member to connect", {201: InvitationSerializer}, asks=InviteSerializer, also=(422,)
    )
    def post(self, request):
        given = read(InviteSerializer, request)
        with clock.moment() as at:
            member = people.named(given["member"], viewer=request.user, field="member")
            made = invitations.invite(request.user, member, at=at, note=given.get("note", ""))
        return Response(as_json(made, request.user), status=201)


class InvitationActView(APIView):
    """One act on a pending invitation, by its recipient or its sender."""

    side = "recipient"

    def act(self, request, pk: int, verb) -> Response:
        read(Nothing, request)
        with clock.moment() as at:
            mine = Invitation.objects.select_related("sender", "recipient").filter(**{self.side: request.user})
            row = mine.filter(pk=pk).first()
            if row is None:
                raise Http404
            return Response(as_json(verb(row, at=at), request.user))


def _act(name: str, summary: str):
    return describe(name, summary, {200: InvitationSerializer}, asks=Nothing, also=(404, 422))


class AcceptView(InvitationActView):
    @_act("invitations_accept", "Accept an invitation: the two are connected")
    def post(self, request, pk: int):
        return self.act(request, pk, invitations.accept)


class IgnoreView(InvitationActView):
    @_act("invitations_ignore", "Put an invitation out of the way; its sender is not told")
    def post(self, request, pk: int):
        return self.act(request, pk, invitations.ignore)


class WithdrawView(InvitationActView):
    side = "sender"

    @_act("invitations_withdraw", "Take back an invitation one has sent")
    def post(self, request, pk: int):
        return self.act(request, pk, invitations.withdraw)


def as_json(row: Invitation, viewer) -> dict:
    """The invitation; its sender does not learn that it was ignored."""
    hidden = row.status == IGNORED and viewer.pk == row.sender_id
    return {
        "id": row.pk,
        "sender": row.sender.handle,
        "recipient": row.recipient.handle,
        "note": "" if impersonation.is_on(viewer) else row.note,
        "status": PENDING if hidden else row.status,
        "sent_at": row.sent_at,
        "answered_at": None if hidden else row.answered_at,
    }

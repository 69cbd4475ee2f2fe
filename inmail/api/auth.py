"""Who may call: tokens for members without a second factor, and what is for staff only."""

from __future__ import annotations

import structlog
from django.apps import apps
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import tokens
from inmail.api.fields import Strict, read
from inmail.api.schema import describe
from inmail.api.throttles import AddressThrottle, TokenThrottle

log = structlog.get_logger(__name__)
_BAD = {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"]}


class IsStaff(IsAuthenticated):
    """Signed in and of the staff; others are told so in a sentence."""

    message = gettext_lazy("This is for staff only.")

    def has_permission(self, request, view) -> bool:
        return super().has_permission(request, view) and request.user.is_staff


def staff_may(permission: str) -> type[IsStaff]:
    """Staff who hold `permission`, one of the models' own; a superuser holds all."""

    class Holds(IsStaff):
        def has_permission(self, request, view) -> bool:
            return super().has_permission(request, view) and request.user.has_perm(permission)

    return Holds


class Anyone(BasePermission):
    def has_permission(self, request, view) -> bool:
        return True


class Secret(serializers.CharField):
    """A string taken as it is."""

    def to_internal_value(self, data) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return data


class CredentialsSerializer(Strict):
    handle = Secret(max_length=60)
    password = Secret(max_length=1_000, trim_whitespace=False)


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField()


class TokenView(APIView):
    authentication_classes = ()
    permission_classes = (Anyone,)
    throttle_classes = (AddressThrottle, TokenThrottle)

    @describe(
        "token_create",
        "Sign in: a token for `Authorization: Token …`",
        {200: TokenSerializer, 401: _BAD, 403: _BAD},
        asks=CredentialsSerializer,
        also=(429, 503),
        public=True,
    )
    def post(self, request):
        given = read(CredentialsSerializer, request)
        member = authenticate(request._request, username=given["handle"].lower(), password=given["password"])
        with transaction.atomic():
            now = member and tokens.hold(member)
            if now is None or not now.is_active or now.password != member.password:
                detail = _("This handle and password do not fit together.")
                return Response({"detail": detail}, status=401, headers={"WWW-Authenticate": "Token"})
            return Response({"token": _token_of(now)})


def _token_of(member) -> str:
    if member.is_staff:
        raise PermissionDenied(_("Staff get their token from an operator: manage.py token HANDLE."))
    if has_second_factor(member):
        raise PermissionDenied(_("With a second factor a token comes from an operator: manage.py token HANDLE."))
    token, _made = Token.objects.get_or_create(user=member)
    log.info("token given", member=member.pk)
    return token.key


def has_second_factor(member) -> bool:
    """Whether a password alone is not enough for `member`; never where second factors are not installed."""
    if not apps.is_installed("allauth.mfa"):
        return False
    return apps.get_model("mfa", "Authenticator").objects.filter(user=member).exists()

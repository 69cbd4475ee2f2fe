"""How each call is described: what it asks, every status it answers with, and who may call it."""

from __future__ import annotations

from functools import cache

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers

from inmail.api.fields import Strict

_SENTENCES = {"type": "array", "items": {"type": "string"}}
_BY_FIELD = {"type": "object", "additionalProperties": _SENTENCES}
_DETAIL = {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"]}


class StrictShape(OpenApiSerializerExtension):
    """A body takes the fields it names and no others."""

    target_class = Strict
    match_subclasses = True

    def map_serializer(self, auto_schema, direction):
        shape = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**shape, "additionalProperties": False}


class RefusalSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()


class RefusalsSerializer(serializers.Serializer):
    refusals = RefusalSerializer(many=True)


_REFUSALS = OpenApiExample(
    "Refused",
    value={"refusals": [{"code": "no_credits", "message": "You have no credits left; …"}]},
    response_only=True,
    status_codes=["422"],
)
_INVALID = OpenApiExample(
    "Unusable input",
    value={"subject": ["Write something; this cannot be blank."], "colour": ["There is no such field."]},
    response_only=True,
    status_codes=["400"],
)
_PROBLEMS = {
    400: (_BY_FIELD, "Unusable input: sentences by field.", [_INVALID]),
    401: (_DETAIL, "No valid token or session.", []),
    403: (_DETAIL, "Signed in, but not allowed: staff only, or the CSRF token of the session is missing.", []),
    404: (_DETAIL, "Not there, or not yours.", []),
    409: (_DETAIL, "The first request with the same key is still running; see Retry-After.", []),
    415: (_DETAIL, "The body is not JSON.", []),
    422: (RefusalsSerializer, "The rules refuse; nothing was changed.", [_REFUSALS]),
    429: (_DETAIL, "Too many requests; see Retry-After.", []),
    503: (
        _DETAIL,
        "Busy, or the database is away; `detail` says so when it is not known whether it was done. See Retry-After.",
        [],
    ),
}
_BODY = (400, 415)
_MEMBER = (401, 429, 503)


def describe(name: str, summary: str, answers: dict, *, asks=None, query=None, also: tuple = (), public=False, **more):
    """Decorates a view's method. `answers` maps a status to a serializer, a schema or None; `also` names the
    problems beside those that every call of its kind may have."""
    codes = set(also) | (set() if public else set(_MEMBER))
    codes |= set(_BODY) if asks else set()
    codes |= {403} if "auth" not in more and asks and not public else set()
    responses = {status: _response(status, found) for status, found in answers.items()}
    for status in sorted(codes - set(answers)):
        schema, description, examples = _PROBLEMS[status]
        responses[status] = OpenApiResponse(schema, description=description, examples=examples)
    return extend_schema(
        operation_id=name,
        summary=summary,
        request=asks,
        responses=dict(sorted(responses.items())),
        parameters=[*([query] if query else []), *more.pop("parameters", [])],
        **({"auth": []} if public else {}),
        **more,
    )


def _response(status: int, found):
    if found is None:
        return OpenApiResponse(description="Done; no content.")
    return found


@cache
def page_of(row: type[serializers.Serializer], **more) -> type[serializers.Serializer]:
    """The description of a page of rows."""
    return inline_serializer(
        f"{row.__name__.removesuffix('Serializer')}Page",
        fields={
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": row(many=True),
        },
    )


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="At most 255 characters. The same key and body again: the same answer, done once.",
)

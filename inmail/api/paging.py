"""Lists by cursor: `{"next", "previous", "results"}`, at most a hundred a page, as quick at the end as at the start."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts import cursor as pages


class Paged(serializers.Serializer):
    """The query parameters of every list."""

    cursor = serializers.CharField(required=False, help_text=gettext_lazy("As given out in `next` and `previous`."))
    page_size = serializers.IntegerField(
        required=False, min_value=1, help_text=gettext_lazy("20 unless told; more than 100 is 100.")
    )


def size(request) -> int:
    """How many rows a page has; more than a hundred is a hundred."""
    asked = request.query_params.get("page_size", str(pages.SIZE))
    if not (asked.isascii() and asked.isdigit() and 0 < int(asked[:9])):
        raise ValidationError({"page_size": [_("Write a whole number from 1 to 100.")]})
    return min(int(asked[:9]), pages.MAX_SIZE)


def page(request, rows: QuerySet, *, name: str, order: Sequence[str]) -> pages.Page:
    """The page that the request's cursor and size ask for; raises `BadCursor`."""
    return pages.page(rows, request.query_params.get("cursor", ""), size=size(request), order=order, name=name)


def answer(
    request, rows: QuerySet, as_json: Callable[[list], list[dict]], *, name: str, order: Sequence[str], **more
) -> Response:
    """The page as every list answers it, its rows as `as_json` writes them."""
    found = page(request, rows, name=name, order=order)
    ends = {"next": url(request, found.next), "previous": url(request, found.previous)}
    return Response({**ends, **more, "results": as_json(found.rows)})


def url(request, cursor: str) -> str | None:
    """The address of the page at `cursor`, everything else as it was asked."""
    if not cursor:
        return None
    parameters = request.query_params.copy()
    parameters["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")

"""How the API says no: every refusal has its status and a sentence, and none of them is a traceback.

400 `{field: [sentence]}` · 401 · 403 · 404 · 409 · 422 `{"refusals": [...]}` · 429 with `Retry-After`.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts import invitations
from accounts.cursor import BadCursor
from inmail import idempotency, ledger, subscriptions
from inmail.refusals import Refusal, Refused

NON_FIELD = "non_field_errors"
RETRY_AFTER = "2"
UNAVAILABLE = gettext_lazy("The platform is busy or its database is away; nothing was changed. Please try again.")
UNKNOWN = gettext_lazy("It is not known whether this was done; look before you do it again.")


def handle(error: Exception, context: dict) -> Response | None:
    """The response to what a view raised. None for a database that is away or gave up, which the middleware `Busy`
    tries again or answers, and for what nobody foresaw, which then is a 500."""
    for kind, answer in _ANSWERS:
        if isinstance(error, kind):
            return answer(error)
    response = exception_handler(error, context)
    if response is not None and isinstance(error, ValidationError):
        response.data = by_field(response.data)
    return response


def refused(refusals: Iterable[Refusal]) -> Response:
    """422 with each code and its sentence."""
    return Response({"refusals": [{"code": r.code, "message": r.message} for r in refusals]}, status=422)


def by_field(detail) -> dict[str, list[str]]:
    """Validation errors of any depth as sentences by field."""
    if not isinstance(detail, dict):
        return {NON_FIELD: _sentences(detail)}
    return {printable(str(name)): _sentences(value) for name, value in detail.items()}


def printable(name: str) -> str:
    """A name that a client made up, fit to be sent back: no half characters, not endless."""
    return name.encode("utf-8", "replace").decode()[:100]


@csrf_exempt  # there is nothing to protect, and a program is answered in JSON
def nothing_here(request, *args, **kwargs) -> JsonResponse:
    """Any address under /api/ that does not exist."""
    sentence = _("There is nothing at this address. The API is described at /api/docs/; its addresses end in a slash.")
    return JsonResponse({"detail": sentence}, status=404)


def _sentences(detail) -> list[str]:
    if isinstance(detail, dict):
        return [sentence for value in detail.values() for sentence in _sentences(value)]
    if isinstance(detail, list | tuple):
        return [sentence for value in detail for sentence in _sentences(value)]
    return [str(detail)]


def _invalid(error: DjangoValidationError) -> Response:
    found = error.message_dict if hasattr(error, "error_dict") else error.messages
    return Response(by_field(found), status=400)


_ANSWERS = (
    (Refused, lambda e: refused(e.refusals)),
    (invitations.Refused, lambda e: refused([Refusal(e.code, e.sentence)])),
    (subscriptions.NotSold, lambda e: refused([Refusal(e.code, e.message)])),
    (
        ledger.Insufficient,
        lambda e: refused([Refusal("insufficient", _("The balance does not cover this; it can never be negative."))]),
    ),
    (
        idempotency.StillRunning,
        lambda e: Response({"detail": str(e)}, status=409, headers={"Retry-After": "1"}),
    ),
    (BadCursor, lambda e: Response({"cursor": [_("This cursor was not given out for this list.")]}, status=400)),
    (ParseError, lambda e: Response({NON_FIELD: [str(e.detail)]}, status=400)),
    (DjangoValidationError, _invalid),
)

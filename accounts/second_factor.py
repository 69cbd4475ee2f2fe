"""The second factor: who has one, what is proved by its codes, and what staff without one may not do.

Law: a code is taken once, by whichever process; staff without a second factor can only enrol and sign out.
"""

from __future__ import annotations

from collections.abc import Iterable

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Member

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
TAKEN = "last_step"  # the step of 30 s whose code was taken last, kept in the authenticator's row


def is_enrolled(member: Member) -> bool:
    """Whether `member` has an authenticator app or a passkey; recovery codes alone are none."""
    return Authenticator.objects.filter(user_id=member.pk, type__in=STRONG).exists()


def enrol(members: Iterable[Member]) -> None:
    """Whoever of them has no second factor gets an authenticator's secret, whose code `code` tells an operator."""
    pks = [member.pk for member in members]
    known = set(Authenticator.objects.filter(user__in=pks, type__in=STRONG).values_list("user_id", flat=True))
    rows = []
    for pk in sorted(set(pks) - known):
        secret = {"secret": encrypt(totp.generate_totp_secret()), TAKEN: 0}
        seed = {"seed": encrypt(RecoveryCodes.generate_seed()), "used_mask": 0}
        rows.append(Authenticator(user_id=pk, type=Authenticator.Type.TOTP, data=secret))
        rows.append(Authenticator(user_id=pk, type=Authenticator.Type.RECOVERY_CODES, data=seed))
    Authenticator.objects.bulk_create(rows, ignore_conflicts=True)


def forget(member: Member) -> int:
    """How many apps, passkeys and sheets of recovery codes `member` had; now none."""
    return Authenticator.objects.filter(user_id=member.pk).delete()[0]


def app_of(member: Member) -> Authenticator | None:
    """The authenticator app of `member`, as it stands in the database."""
    return Authenticator.objects.filter(user_id=member.pk, type=Authenticator.Type.TOTP).first()


def code(app: Authenticator) -> str | None:
    """The code that will be taken now; None until the next step, when those of now are used up."""
    now = list(totp.yield_hotp_counters_from_time())[app_settings.TOTP_TOLERANCE :]
    fresh = next((step for step in now if step > _taken(app)), None)
    return None if fresh is None else code_at(app, fresh)


def code_at(app: Authenticator, step: int) -> str:
    return totp.format_hotp_value(totp.hotp_value(decrypt(app.data["secret"]), step))


def accept(member: Member, typed: str) -> Authenticator | None:
    """What `typed` is a code of, an app or a sheet of recovery codes; from then on nobody can use it again."""
    with transaction.atomic():
        own = Authenticator.objects.select_for_update().filter(user_id=member.pk)
        for found in own.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk"):
            takes = _take if found.type == Authenticator.Type.TOTP else _strike_out
            if takes(found, typed):
                return found
    return None


def _take(app: Authenticator, typed: str) -> bool:
    for step in totp.yield_hotp_counters_from_time():
        if step > _taken(app) and compare_user_code(actual=typed, expected=code_at(app, step)):
            app.data[TAKEN] = step
            app.save(update_fields=["data"])
            return True
    return False


def _taken(app: Authenticator) -> int:
    """Until a first code is taken: the step of its enrolment, for that one's code was shown then."""
    return app.data.get(TAKEN, int(app.created_at.timestamp()) // app_settings.TOTP_PERIOD)


def _strike_out(sheet: Authenticator, typed: str) -> bool:
    return sheet.wrap().validate_code(typed)


OPEN = ("account_", "mfa_", "usersessions_")  # one's own way of signing in
HARMLESS = {
    "set_language",
    "inmail:theme",
    "inmail:status",
    "clock:state",
    "accounts:picture",
    "healthz",
    "schema",
    "docs",
}


class Required:
    """Middleware: a session of staff without a second factor leads to enrolment, wherever it wants to go.

    By default, not page by page: a new power of staff cannot be forgotten here. An operator's token is no session.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        name = request.resolver_match.view_name or ""
        if name.startswith(OPEN) or name in HARMLESS:
            return None
        member = request.user
        if not member.is_authenticated or not member.is_staff or is_enrolled(member):
            return None
        return _to_enrolment(request)


def _to_enrolment(request) -> HttpResponse:
    door = reverse("mfa_index")
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": _("Staff need a second factor first: %(door)s") % {"door": door}}, status=403)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": door})
    return redirect(door)

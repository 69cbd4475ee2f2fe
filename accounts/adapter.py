"""How django-allauth makes, names and lets in members: handles are theirs, the instant is the clock's.

Law: what is said to somebody at the door never depends on who is a member; the log tells who came in and who did not,
by the row's number, never by what was typed.
"""

import base64
import hashlib
import time

import structlog
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts import departure, tokens
from accounts.models import HANDLE
from clock import timeline as clock

PROFILE = ("headline", "country", "language")
ENROLLED = ("mfa/email/totp_activated", "mfa/email/webauthn_added")
log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    def clean_username(self, username, shallow=False):
        username = username.lower()
        if not HANDLE.regex.match(username):
            raise ValidationError(HANDLE.message)
        return super().clean_username(username, shallow)

    def save_user(self, request, user, form, commit=True):
        """The member joins at the clock's instant; upper floors, named in settings, give what they add."""
        said = form.cleaned_data
        for name in PROFILE:
            setattr(user, name, said.get(name) or getattr(user, name))
        with clock.moment() as at:
            user.joined_at = at
            user = super().save_user(request, user, form, commit=commit)
            if commit and getattr(settings, "ACCOUNTS_ON_JOIN", ""):
                import_string(settings.ACCOUNTS_ON_JOIN)(user, said, at)
        return user

    def pre_authenticate(self, request, **credentials):
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            log.warning("sign-in refused", why="too many attempts")
            raise

    def login(self, request, user):
        """Who leaves at that very moment stays outside."""
        with transaction.atomic():
            if not departure.stays(user):
                raise PermissionDenied
            super().login(request, user)
        by = [record.get("type", record["method"]) for record in get_authentication_records(request, user)]
        log.info("signed in", member=user.pk, by=by)

    def logout(self, request):
        log.info("signed out", member=request.user.pk)
        super().logout(request)

    def set_password(self, user, password):
        """Of the row the password alone is written; who has left meanwhile gets none."""
        user.set_password(password)  # takes its time, before the clock stands still
        with clock.moment():
            if not departure.stays(user):
                raise PermissionDenied
            user.save(update_fields=["password"])

    def confirm_email(self, request, email_address) -> bool:
        """Who has left meanwhile gets no address back."""
        with clock.moment():
            return departure.stays(email_address.user) and super().confirm_email(request, email_address)

    def get_signup_redirect_url(self, request):
        """Newcomers begin where a first network is offered."""
        return reverse("accounts:network")

    def get_login_stages(self) -> list[str]:
        stock = "allauth.account.stages.EmailVerificationStage"
        ours = f"{ConfirmAddress.__module__}.{ConfirmAddress.__name__}"
        return [ours if stage == stock else stage for stage in super().get_login_stages()]

    def post_login(self, request, user, **kwargs):
        """One who wants another language than English and has not chosen one in this browser gets it."""
        response = super().post_login(request, user, **kwargs)
        if user.language != settings.LANGUAGE_CODE and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response

    def is_safe_url(self, url) -> bool:
        """Only this very host and port: other names in ALLOWED_HOSTS may belong to another program."""
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def get_client_ip(self, request) -> str:
        """Fewer proxies than there should be: whoever came past them stays outside."""
        try:
            return super().get_client_ip(request)
        except ImproperlyConfigured:
            raise PermissionDenied from None

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Who has just signed in need not do so again at once."""
        request = context.request
        records = get_authentication_records(request, request.user)
        if records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def send_notification_mail(self, template_prefix, user, *args, **kwargs):
        """A token that was given for the password alone ends when a second factor is set up: they are told of that."""
        if template_prefix in ENROLLED:
            tokens.revoke(user)
        super().send_notification_mail(template_prefix, user, *args, **kwargs)

    def send_mail(self, template_prefix, email, context):
        """A mail server that is away takes nothing from what was done; every mail can be asked for again."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:  # smtplib's errors are among these
            log.exception("a mail could not be handed over", mail=template_prefix)


class ConfirmAddress(EmailVerificationStage):
    """Who has an address confirms it before signing in; an operator may have made a member without any."""

    def handle(self):
        member = self.login.user
        if member and not member.email and not EmailAddress.objects.filter(user_id=member.pk).exists():
            return None, True
        return super().handle()


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions):
        """Everywhere else is also wherever the API token lies."""
        super().end_sessions(sessions)
        tokens.revoke(context.request.user)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets rest encrypted with a key made of SECRET_KEY; older ones are read by SECRET_KEY_FALLBACKS."""

    def get_totp_label(self, user) -> str:
        return user.handle

    def encrypt(self, text: str) -> str:
        return _locks().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _locks().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("a second factor was encrypted with a SECRET_KEY that is not known any more")
            raise ValidationError(_("This second factor cannot be read any more; ask an operator.")) from None

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "InMail Simulator"}

    def generate_authenticator_name(self, user, type) -> str:
        return _("Passkey")


def _locks() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second factor " + str(key).encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

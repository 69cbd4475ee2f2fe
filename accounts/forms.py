"""What members type about themselves: signing up and in, their profile, a note to an invitation."""

import struct
from contextlib import contextmanager

import structlog
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import countries, industries, passwords, second_factor
from accounts.invitations import MAX_NOTE
from accounts.models import Member

log = structlog.get_logger(__name__)
NONSENSE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, struct.error)
MOST_OF_A_CREDENTIAL = 50_000  # characters: one with a long certificate has some thousands


class LongText(forms.CharField):
    """Text of several lines, counted as one sees it: a line's end is one character."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


def country_choices():
    return [("", _("– choose –")), *countries.choices()]


def industry_choices():
    return [("", _("– choose –")), *industries.choices()]


def plan_choices():
    """What an upper floor offers, named in settings; nothing when there is none."""
    path = getattr(settings, "ACCOUNTS_PLAN_CHOICES", "")
    return import_string(path)() if path else []


class LoginForm(AllauthLoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Handle or e-mail address")
        for name, most in (("login", 320), ("password", passwords.LONGEST_TYPED)):
            field = self.fields[name]
            field.validators.append(MaxLengthValidator(most))
            field.widget.attrs.pop("placeholder", None)


class SignupForm(AllauthSignupForm):
    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    headline = forms.CharField(
        label=_("Headline"), max_length=220, required=False, help_text=_("What you do, in a line.")
    )
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial=get_language)
    field_order = [
        "first_name", "last_name", "username", "email", "password1", "password2",
        "headline", "country", "language", "plan",
    ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        handle = self.fields["username"]
        handle.label = _("Handle")
        handle.help_text = _("Your short name here: lower-case letters, digits, hyphens and dots.")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        if plans := plan_choices():
            self.fields["plan"] = forms.ChoiceField(
                label=_("Plan"), choices=plans, initial=plans[0][0], widget=forms.RadioSelect
            )
        self.order_fields(self.field_order)

    def try_save(self, request):
        """Who signs up with a known address is answered after the same work, all of it undone."""
        if self.account_already_exists:
            self._save_and_undo(request)
        return super().try_save(request)

    def _save_and_undo(self, request) -> None:
        given = self.cleaned_data
        self.cleaned_data, self.account_already_exists = {**given, "email": f"{given['username']}@known.invalid"}, False
        with transaction.atomic():
            self.save(request)
            transaction.set_rollback(True)
        self.cleaned_data, self.account_already_exists = given, True


class TakenOnce:
    """A code of an app, or a recovery code, that is taken once."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label, code.max_length = _("Code"), 32
        code.validators.append(MaxLengthValidator(32))
        code.widget.attrs = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}

    def clean_code(self) -> str:
        try:
            forget_attempts = check_rate_limit(self.user)
        except forms.ValidationError:
            log.warning("sign-in refused", why="too many codes", member=self.user.pk)
            raise
        self.authenticator = second_factor.accept(self.user, self.cleaned_data["code"])
        if self.authenticator is None:
            log.warning("sign-in refused", why="code", member=self.user.pk)
            raise get_adapter().validation_error("incorrect_code")
        self.authenticator.user = self.user
        forget_attempts()
        return self.cleaned_data["code"]


class CodeForm(TakenOnce, AuthenticateForm):
    pass


class CodeAgainForm(TakenOnce, ReauthenticateForm):
    pass


class FirstCodeForm(ActivateTOTPForm):
    """The code that proves that the app knows the secret: of this step or the one before, never of the next,
    for what was shown here must not open the door later."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label, code.help_text = _("Code"), _("The six digits that the app shows now.")
        code.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}

    def clean_code(self) -> str:
        code = super().clean_code()
        *_past, ahead = totp.yield_hotp_counters_from_time()
        if code == totp.format_hotp_value(totp.hotp_value(self.secret, ahead)):
            raise get_adapter().validation_error("incorrect_code")
        return code


class Credential(forms.JSONField):
    """What the browser says of a passkey: small, and not nested without end."""

    widget = forms.HiddenInput

    def to_python(self, value):
        if isinstance(value, str) and (len(value) > MOST_OF_A_CREDENTIAL or value.count("[") + value.count("{") > 50):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def bound_data(self, data, initial):
        return None  # it is good for one answer, so never shown again

    def prepare_value(self, value):
        return ""


@contextmanager
def no_nonsense():
    """The library trusts the browser to send a credential; whoever sends something else gets a sentence."""
    try:
        yield
    except NONSENSE:
        raise get_adapter().validation_error("incorrect_code") from None


class Shown:
    """A passkey that is shown at the door."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credential"] = Credential()

    def clean_credential(self):
        try:
            with no_nonsense():
                return super().clean_credential()
        except forms.ValidationError:
            log.warning("sign-in refused", why="passkey", member=getattr(self.user, "pk", None))
            raise


class PasskeyAtTheDoorForm(Shown, LoginWebAuthnForm):
    pass


class PasskeyBesideThePasswordForm(Shown, AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(Shown, ReauthenticateWebAuthnForm):
    pass


class PasskeyForm(AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credential"] = Credential()
        self.fields["name"].label = _("Name")
        self.fields["name"].help_text = _("So that you know it again, such as the device it is on.")
        self.fields["name"].max_length = 80
        self.fields["name"].validators.append(MaxLengthValidator(80))
        self.fields["passwordless"].label = _("Sign in with it alone, without the password")
        self.fields["passwordless"].help_text = _("The device then asks for your finger, face or PIN.")
        self.fields["passwordless"].initial = True

    def clean(self):
        with no_nonsense():
            return super().clean()


class PasskeyNameForm(EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].validators.append(MaxLengthValidator(80))


class ProfileForm(forms.ModelForm):
    country = forms.ChoiceField(label=_("Country"), choices=country_choices, required=False)
    industry = forms.ChoiceField(label=_("Industry"), choices=industry_choices, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    about = LongText(label=_("About"), max_length=2600, required=False)

    class Meta:
        model = Member
        fields = [
            "first_name", "last_name", "headline", "industry", "country", "place", "about", "open_to_work", "language",
        ]  # fmt: skip
        help_texts = {"open_to_work": _("Shown on your profile; more people write to you about a career.")}


class InviteForm(forms.Form):
    note = LongText(
        label=_("Note"),
        max_length=MAX_NOTE,
        required=False,
        help_text=_("Say how you know each other, or why you would like to."),
    )

"""What members type about themselves: signing up, their profile, a note to an invitation."""

from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import countries, industries
from accounts.invitations import MAX_NOTE
from accounts.models import Member


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

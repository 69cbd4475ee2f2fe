"""What people type on the pages of InMail, parsed: texts as `inmail.text` counts them, whole quantities."""

from __future__ import annotations

import uuid

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from accounts import countries, industries, search
from accounts.models import Member
from inmail import subscriptions, text
from inmail.models import Answer
from inmail.models.letters import MAX_BODY
from privacy.models import Category


class LongSelect(forms.Select):
    """A select of hundreds of options: Django's renders a template for each, which takes longer than the search."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = str(value or "")
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, mark_safe(" selected") if str(key) == chosen else "", label) for key, label in self.choices),
        )
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Name, profession or country"), required=False, max_length=1_000_000)
    country = forms.ChoiceField(label=_("Country"), required=False, widget=LongSelect)
    industry = forms.ChoiceField(label=_("Industry"), required=False, widget=LongSelect)
    degree = forms.ChoiceField(label=_("Degree"), required=False)
    open_to = forms.ChoiceField(label=_("Welcomes"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Any country")), *countries.choices()]
        self.fields["industry"].choices = [("", _("Any industry")), *industries.choices()]
        self.fields["open_to"].choices = [("", _("Anything")), *Category.choices]
        self.fields["degree"].choices = [
            ("", _("Any degree")),
            ("1", _("1st")),
            ("2", _("2nd")),
            ("3", _("3rd")),
            (search.OUT, _("out of network")),
        ]

    def clean_degree(self) -> int | str | None:
        chosen = self.cleaned_data["degree"]
        return int(chosen) if chosen.isdigit() else chosen or None


class TextField(forms.CharField):
    """A text under the law of `inmail.text`; its length is counted there, after CRLF became LF."""

    def __init__(self, *, rule, **kwargs):
        self.rule = rule
        super().__init__(strip=False, **kwargs)

    def clean(self, value):
        value = super().clean(value)
        return self.rule(value) if value or self.required else ""


class OncePressed(forms.Form):
    """A form whose button has one effect, however often it is pressed."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("initial", {}).setdefault("token", uuid.uuid4())
        super().__init__(*args, **kwargs)

    def clean_token(self) -> uuid.UUID:
        return self.cleaned_data["token"] or uuid.uuid4()

    def again(self) -> None:
        """Keep what was typed; its button may have its one effect once more."""
        self.data = self.data.copy()
        self.data[self.add_prefix("token")] = str(uuid.uuid4())


class ComposeForm(forms.Form):
    category = forms.ChoiceField(label=_("Category"), choices=[("", _("Choose what it is about…")), *Category.choices])
    subject = TextField(label=_("Subject"), rule=text.subject)
    body = TextField(label=_("Message"), rule=text.body, widget=forms.Textarea(attrs={"rows": 12}))


class MessageForm(OncePressed):
    body = TextField(label=_("Message"), rule=text.body, widget=forms.Textarea(attrs={"rows": 6}))


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(label=_("Answer"), choices=Answer.choices)
    body = TextField(
        label=_("Message"),
        rule=lambda value: text.clean(value, limit=MAX_BODY, required=False),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean(self) -> dict:
        data = super().clean()
        if data.get("answer") == Answer.REPLY and "body" in data and text.is_blank(data["body"]):
            self.add_error("body", _("A reply needs words of your own."))
        return data


class PurchaseForm(OncePressed):
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=10_000, initial=1)


class PlanForm(forms.Form):
    plan = forms.ChoiceField(label=_("New plan"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = subscriptions.choices()


class MemberField(forms.CharField):
    """A member by handle."""

    def clean(self, value):
        handle = super().clean(value).lower()
        found = Member.objects.filter(handle=handle).first()
        if found is None and handle:
            raise forms.ValidationError(_("No member has this handle."), code="unknown")
        return found


class AdjustmentForm(OncePressed):
    member = MemberField(label=_("Member (handle)"), max_length=60)
    amount = forms.IntegerField(
        label=_("Amount"), min_value=-10_000, max_value=10_000, help_text=_("Whole credits; a minus takes away.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)


class StatementForm(forms.Form):
    statement = MemberField(label=_("Handle"), max_length=60)

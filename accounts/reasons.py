"""What staff must say before they look at what is not theirs."""

from django import forms
from django.utils.translation import gettext_lazy as _

SHORTEST, LONGEST = 10, 300


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        min_length=SHORTEST,
        max_length=LONGEST,
        help_text=_("It stays in the log with your name. Name a case or a request, nothing personal."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

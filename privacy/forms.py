"""What a member sets under Communications."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import LongText
from privacy.models import MAX_ADVICE, Category, Messages


class ReceptionForm(forms.Form):
    messages = forms.ChoiceField(
        label=_("Select the type of messages you would like to receive"),
        help_text=_("Messages from your connections and from members of your groups always reach you."),
        choices=Messages,
        widget=forms.RadioSelect,
    )
    open_profile = forms.BooleanField(
        label=_("Open profile"),
        help_text=_("Anyone may write to you free of charge. For premium members."),
        required=False,
    )
    interests = forms.MultipleChoiceField(
        label=_("What you welcome"),
        help_text=_("Shown beside the message while somebody writes to you."),
        choices=Category,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    advice = LongText(
        label=_("Advice to people contacting you"),
        max_length=MAX_ADVICE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    lowest_score = forms.DecimalField(
        label=_("Lowest sender score you are notified of"),
        help_text=_("In stars, 0 to 5. InMails of senders below it arrive without a notification."),
        min_value=Decimal(0),
        max_value=Decimal(5),
        max_digits=2,
        decimal_places=1,
    )
    undo_seconds = forms.IntegerField(
        label=_("Seconds to undo a sending"),
        help_text=_("0 to 30; empty for the platform's own choice."),
        min_value=0,
        max_value=30,
        required=False,
    )


class BlockForm(forms.Form):
    member = forms.CharField(label=_("Handle"), max_length=60)

"""What staff type about time."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clock import timeline as clock
from clock.models import MAX_SPEED


class SpeedForm(forms.Form):
    speed = forms.IntegerField(
        label=_("Seconds per second"),
        help_text=_("0 is paused, 1 the speed of your watch, 720 a day in two minutes, at most 86,400."),
        min_value=0,
        max_value=MAX_SPEED,
    )


class AdvanceForm(forms.Form):
    """How far to move the clock: one of days, hours, or an instant."""

    days = forms.IntegerField(required=False, min_value=1, max_value=3_660)
    hours = forms.IntegerField(required=False, min_value=1, max_value=87_840)

    def wanted(self, at):
        """The instant asked for from `at` on; raises `clock.timeline.BadInstant`."""
        return clock.target(at, days=self.cleaned_data["days"] or 0, hours=self.cleaned_data["hours"] or 0)


class UntilForm(forms.Form):
    until = forms.CharField(
        label=_("Instant (UTC)"),
        help_text=_("For example 2014-06-30T12:00."),
        max_length=40,
    )

    def clean_until(self):
        try:
            return clock.parse_instant(self.cleaned_data["until"])
        except clock.BadInstant as error:
            raise forms.ValidationError(str(error)) from None

    def wanted(self, at):
        return clock.target(at, until=self.cleaned_data["until"])

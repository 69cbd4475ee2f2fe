"""Words for templates: how long ago something was on its own timeline."""

from datetime import datetime

from django import template
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def ago(instant: datetime, now: datetime) -> str:
    """In one unit, as people say it; nothing under a minute is worth counting."""
    if abs((now - instant).total_seconds()) < 60:
        return _("just now")
    if instant > now:
        return _("soon")
    return _("%(time)s ago") % {"time": timesince(instant, now, depth=1)}

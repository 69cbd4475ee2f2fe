"""The policy lab: what if. Policies side by side on the same people with the same luck."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LabConfig(AppConfig):
    name = "lab"
    verbose_name = _("Policy lab")

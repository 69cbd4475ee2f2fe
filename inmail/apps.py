"""WHAT HAPPENS: messages, credits, delivery, score and outcomes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InmailConfig(AppConfig):
    name = "inmail"
    verbose_name = _("InMail")

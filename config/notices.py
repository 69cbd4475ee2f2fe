"""The cookie of notices ("It is sent.") under a name of its own, so that over TLS it is bound to this host too."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class Cookie(CookieStorage):
    cookie_name = settings.MESSAGES_COOKIE_NAME


class Notices(FallbackStorage):
    storage_classes = (Cookie, SessionStorage)

"""The names of fields as staff read them in the admin, in the reader's language.

Law: a field that was given no words of its own is called by its name, and every such name stands here.
"""

from django.apps import apps
from django.utils.translation import pgettext_lazy

FLOORS = {"clock", "accounts", "privacy", "inmail", "simulation", "lab"}
NAMES = (
    pgettext_lazy("field", "answer"),
    pgettext_lazy("field", "answer due"),
    pgettext_lazy("field", "answer due at"),
    pgettext_lazy("field", "answer text"),
    pgettext_lazy("field", "answered at"),
    pgettext_lazy("field", "at"),
    pgettext_lazy("field", "attempts"),
    pgettext_lazy("field", "author"),
    pgettext_lazy("field", "awaiting"),
    pgettext_lazy("field", "blocked"),
    pgettext_lazy("field", "blocker"),
    pgettext_lazy("field", "body"),
    pgettext_lazy("field", "bulk"),
    pgettext_lazy("field", "category"),
    pgettext_lazy("field", "cost"),
    pgettext_lazy("field", "counts"),
    pgettext_lazy("field", "decided at"),
    pgettext_lazy("field", "degree"),
    pgettext_lazy("field", "delivered at"),
    pgettext_lazy("field", "error"),
    pgettext_lazy("field", "expires at"),
    pgettext_lazy("field", "fields"),
    pgettext_lazy("field", "fingerprint"),
    pgettext_lazy("field", "group"),
    pgettext_lazy("field", "inmail"),
    pgettext_lazy("field", "interests"),
    pgettext_lazy("field", "invitation"),
    pgettext_lazy("field", "key"),
    pgettext_lazy("field", "kind"),
    pgettext_lazy("field", "length"),
    pgettext_lazy("field", "load"),
    pgettext_lazy("field", "made at"),
    pgettext_lazy("field", "match"),
    pgettext_lazy("field", "member"),
    pgettext_lazy("field", "members"),
    pgettext_lazy("field", "n"),
    pgettext_lazy("field", "name"),
    pgettext_lazy("field", "name key"),
    pgettext_lazy("field", "notified"),
    pgettext_lazy("field", "number"),
    pgettext_lazy("field", "open due at"),
    pgettext_lazy("field", "opened at"),
    pgettext_lazy("field", "opener"),
    pgettext_lazy("field", "opener at"),
    pgettext_lazy("field", "opener unread"),
    pgettext_lazy("field", "other"),
    pgettext_lazy("field", "other at"),
    pgettext_lazy("field", "other unread"),
    pgettext_lazy("field", "policy"),
    pgettext_lazy("field", "position"),
    pgettext_lazy("field", "reached at"),
    pgettext_lazy("field", "recipient"),
    pgettext_lazy("field", "refusal"),
    pgettext_lazy("field", "release at"),
    pgettext_lazy("field", "requested by"),
    pgettext_lazy("field", "saved at"),
    pgettext_lazy("field", "search"),
    pgettext_lazy("field", "seen at"),
    pgettext_lazy("field", "send at"),
    pgettext_lazy("field", "sender"),
    pgettext_lazy("field", "sender score"),
    pgettext_lazy("field", "sent at"),
    pgettext_lazy("field", "settled at"),
    pgettext_lazy("field", "shared groups"),
    pgettext_lazy("field", "since"),
    pgettext_lazy("field", "slug"),
    pgettext_lazy("field", "status"),
    pgettext_lazy("field", "status code"),
    pgettext_lazy("field", "subject"),
    pgettext_lazy("field", "thread"),
    pgettext_lazy("field", "timeline"),
    pgettext_lazy("field", "to"),
)


def translate() -> None:
    """From now on the admin's headings change with the language; migrations see none of it."""
    for model in apps.get_models():
        if model._meta.app_label in FLOORS:
            for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
                if type(field.verbose_name) is str:
                    field.verbose_name = pgettext_lazy("field", field.verbose_name)

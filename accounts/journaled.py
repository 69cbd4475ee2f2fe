"""Admin pages whose every change stands in the log, with what was and what is, in the transaction of the change."""

from __future__ import annotations

from django.db import models, transaction

from accounts import journal


class Journaled:
    """Mixed into a ModelAdmin: `journal_changed` and `journal_deleted` name the acts."""

    journal_changed = journal_deleted = ""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if changes := _changes(form, formsets):
            journal.record(request, self.journal_changed, what=_named(form.instance), **changes)

    def delete_model(self, request, obj):
        journal.record(request, self.journal_deleted, what=_named(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        with transaction.atomic():
            for row in queryset:
                journal.record(request, self.journal_deleted, what=_named(row))
            super().delete_queryset(request, queryset)


def changes(form, *, only: tuple[str, ...] | None = None) -> dict[str, list]:
    """What a form changes: by field, what was and what is, as plain values."""
    names = [name for name in form.changed_data if only is None or name in only]
    return {name: [_plain(form.initial.get(name)), _plain(form.cleaned_data.get(name))] for name in names}


def _changes(form, formsets) -> dict:
    found = changes(form)
    for formset in formsets:
        for row in formset.new_objects:
            found[_named(row)] = "added"
        for row, _names in formset.changed_objects:
            changed = next(each for each in formset.forms if each.instance == row)
            found |= {f"{_named(row)}, {name}": value for name, value in changes(changed).items()}
        for row in formset.deleted_objects:
            found[_named(row)] = "deleted"
    return found


def _named(row: models.Model) -> str:
    return f"{row._meta.model_name} {row}"


def _plain(value):
    """As JSON holds it; rows by what they are called, in order."""
    if isinstance(value, models.QuerySet | list | tuple | set):
        return sorted(str(each) for each in value)
    return value if isinstance(value, str | int | bool | None) else str(value)

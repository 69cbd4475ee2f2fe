"""The cast without making each of the seven anew for each of the many tests that need them: kept rows are copied.

Every copy has row ids of its own, as people made anew would have.
"""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

from django.apps import apps
from django.db import connection, models, transaction

from accounts.models import Member
from clock.models import Timeline

APART = 100  # more rows than the cast has in any table
RESERVE = "SELECT setval(s, nextval(s) + %s) FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass) AS sequence(s)"


class Snapshot:
    """The rows of a cast, kept in a schema of their own beside the platform's."""

    def __init__(self, schema: str, assemble: Callable[[], object]):
        """Make the cast, keep its rows and undo it. To be called outside of any test, with an empty database."""
        self.schema = schema
        with connection.cursor() as cursor:
            with transaction.atomic():
                before = {model: _rows(cursor, model) for model in _tables()}
                assemble()
                rows = {model: kept for model in before if (kept := _rows(cursor, model)) != before[model]}
                transaction.set_rollback(True)
            assert not any(before[model] for model in rows)  # whole tables are kept
            rows.pop(Timeline, None)  # each test has its own
            cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
            for model, kept in rows.items():
                table = model._meta.db_table
                cursor.execute(f"CREATE TABLE {schema}.{table} (LIKE public.{table})")
                cursor.copy_expert(f"COPY {schema}.{table} ({_columns(model)}) FROM STDIN", StringIO(kept))
        self.first = {
            model: min(int(row.split("\t")[0]) for row in kept.splitlines())
            for model, kept in rows.items()
            if isinstance(model._meta.pk, models.AutoField)
        }
        self.copying = ";".join(map(self._copying, rows))

    def _copying(self, model) -> str:
        """The statement that copies a table's rows; what names a row of the cast is shifted as its table is."""
        table, values = model._meta.db_table, []
        for field in _fields(model):
            whose = field.related_model if isinstance(field, models.ForeignKey) else field.primary_key and model
            shift = f" + %({whose._meta.db_table})s" if whose in self.first else ""
            values.append("%(timeline)s" if whose is Timeline else f'"{field.column}"{shift}')
        into = f"INSERT INTO public.{table} ({_columns(model)}) OVERRIDING SYSTEM VALUE"
        return f"{into} SELECT {', '.join(values)} FROM {self.schema}.{table}"

    def cast(self, timeline: Timeline | None = None) -> dict[str, Member]:
        """The seven by handle, in the database as a test has it; nobody else must be there yet."""
        values = {"timeline": timeline and timeline.pk}
        with transaction.atomic(), connection.cursor() as cursor:
            for model, first in self.first.items():
                table = model._meta.db_table
                cursor.execute(RESERVE, [APART, table, model._meta.pk.column])
                values[table] = cursor.fetchone()[0] - APART - first
            cursor.execute(self.copying, values)
        return {member.handle: member for member in Member.objects.order_by("pk")}


def _tables() -> list[type[models.Model]]:
    named = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
    between = [field.remote_field.through for model in named for field in model._meta.local_many_to_many]
    return list(dict.fromkeys([*named, *between]))


def _fields(model) -> list[models.Field]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _columns(model) -> str:
    return ", ".join(f'"{field.column}"' for field in _fields(model))


def _rows(cursor, model) -> str:
    rows = StringIO()
    cursor.copy_expert(f"COPY public.{model._meta.db_table} ({_columns(model)}) TO STDOUT", rows)
    return rows.getvalue()

"""The cast without making each of the seven anew for each of the many tests that need them: kept rows are copied.

Every copy has row ids of its own, as people made anew would have.
"""

from __future__ import annotations

from io import StringIO

from django.apps import apps
from django.db import connection, models, transaction

from accounts.models import Member
from privacy import cast as people

SCHEMA = "snapshot"
APART = 100  # more rows than the cast has in any table
RESERVE = "SELECT setval(s, nextval(s) + %s) FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass) AS sequence(s)"


class Snapshot:
    """The rows of the cast, kept in tables of their own beside those of the platform."""

    def __init__(self, at):
        """Make the cast, keep its rows and undo it. To be called outside of any test, with an empty database."""
        self.at = at
        with connection.cursor() as cursor:
            with transaction.atomic():
                before = {model: _rows(cursor, model) for model in _tables()}
                people.assemble(at)
                rows = {model: kept for model in before if (kept := _rows(cursor, model)) != before[model]}
                transaction.set_rollback(True)
            assert not any(before[model] for model in rows)  # whole tables are kept
            self.models = list(rows)
            cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
            for model in self.models:
                table = model._meta.db_table
                cursor.execute(f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table})")
                cursor.copy_expert(f"COPY {SCHEMA}.{table} ({_columns(model)}) FROM STDIN", StringIO(rows[model]))
        self.numbered = [model for model in self.models if isinstance(model._meta.pk, models.AutoField)]
        self.first = {
            model: min(int(row.split("\t")[0]) for row in rows[model].splitlines()) for model in self.numbered
        }
        self.copying = ";".join(map(self._copying, self.models))

    def _copying(self, model) -> str:
        """The statement that copies a table's rows; what names a row of the cast is shifted as its table is."""
        table, values = model._meta.db_table, []
        for field in _fields(model):
            whose = field.related_model if isinstance(field, models.ForeignKey) else field.primary_key and model
            shift = f" + %({whose._meta.db_table})s" if whose in self.numbered else ""
            values.append(f'"{field.column}"{shift}')
        into = f"INSERT INTO public.{table} ({_columns(model)}) OVERRIDING SYSTEM VALUE"
        return f"{into} SELECT {', '.join(values)} FROM {SCHEMA}.{table}"

    def cast(self) -> dict[str, Member]:
        """The seven by handle, in the database as a test has it."""
        if Member.objects.exists():
            return people.assemble(self.at)
        with transaction.atomic(), connection.cursor() as cursor:
            shifts = {}
            for model in self.numbered:
                table, pk = model._meta.db_table, model._meta.pk.column
                cursor.execute(RESERVE, [APART, table, pk])
                shifts[table] = cursor.fetchone()[0] - APART - self.first[model]
            cursor.execute(self.copying, shifts)
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

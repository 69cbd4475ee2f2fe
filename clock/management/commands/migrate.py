"""`migrate`, safe to kill and to start twice: one at a time, and each migration with its record or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.core.management.commands import migrate
from django.db import connections, transaction

ONE_AT_A_TIME = 1_000_002  # of the advisory locks, beside the clock's


class Command(migrate.Command):
    help = "Brings the tables up to date: one process at a time, and again where a killed one stopped."

    def handle(self, *args, **options):
        self.database, self.step = options["database"], ExitStack()
        with alone(self.database), self.step:
            super().handle(*args, **options)

    def migration_progress_callback(self, action, migration=None, fake=False):
        """Django records a migration after its commit: killed in between, the next run would trip over it."""
        if action in ("apply_start", "unapply_start") and migration.atomic:
            self.step.enter_context(transaction.atomic(using=self.database))
        super().migration_progress_callback(action, migration, fake)
        if action in ("apply_success", "unapply_success"):
            self.step.close()


@contextmanager
def alone(database: str) -> Iterator[None]:
    """Nobody else migrates meanwhile; the lock goes with the connection of whoever is killed."""
    with connections[database].cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")  # however long the other needs
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        cursor.execute("RESET lock_timeout")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])

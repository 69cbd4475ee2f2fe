"""A database of its own for each measurement, copied from the migrated one that `run.py bench` gives."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.db import connections


def named(name: str) -> str:
    """The address of the database `name` on the server given."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@contextmanager
def fresh(name: str) -> Iterator[dict[str, str]]:
    """A migrated, otherwise empty database, gone afterwards; gives the environment of a process that uses it."""
    template = urlsplit(os.environ["DATABASE_URL"]).path[1:]
    connections.close_all()
    _tell(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield os.environ | {"DATABASE_URL": named(name)}
    finally:
        _tell(f'DROP DATABASE "{name}" WITH (FORCE)')


def _tell(*statements: str) -> None:
    link = psycopg2.connect(named("postgres"))
    link.autocommit = True
    with link.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    link.close()

"""A small world that has lived for a while."""

import pytest
from django.db import connection

from simulation import demo


@pytest.fixture
def small_world(db, settings, tmp_path, monkeypatch):
    """Build a world of so many simulated members, with ten days of past."""
    settings.VAR = tmp_path
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE accounts_member_numbers RESTART")
    monkeypatch.setattr(demo, "PAST_DAYS", 10)

    def build(members=120, **options):
        return demo.build(members=members, **options)

    return build


@pytest.fixture
def cast(cast_with_plans):
    return cast_with_plans

"""The database and the broker of a test run are real, and of the kind the platform is built for."""

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis


@pytest.mark.django_db
def test_the_database_is_postgresql_18_and_we_are_not_its_superuser():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000, current_setting('is_superuser')")
        assert cursor.fetchone() == (18, "off")


def test_the_broker_answers():
    assert Redis.from_url(settings.REDIS_URL).ping()

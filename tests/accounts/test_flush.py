"""After a transactional test nothing of it is left, and the rows of the migrations are there again."""

import pytest
from django.db import connection

from accounts.models import Member


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_transactional_tests_begin_clean(turn, cast, live):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM inmail_policy")
        assert cursor.fetchone()[0] > 0
    assert Member.objects.count() == 7

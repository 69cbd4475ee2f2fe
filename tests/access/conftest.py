"""One world for all rows: each visit takes back what it did, the last one leaves nothing behind."""

import pytest
from django.db import transaction
from django.test.utils import override_settings

from tests.access.world import World
from tests.conftest import NOON


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), override_settings(ADVANCE_WAIT=0), transaction.atomic():
        yield World(NOON)
        transaction.set_rollback(True)

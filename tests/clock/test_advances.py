"""A wish to move the clock is carried out once, and again only by one who finds its worker gone."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections

from clock import advances, due
from clock.models import Advance


@pytest.fixture
def wish(live, noon):
    return advances.request(live, until=noon + timedelta(hours=1))


@pytest.mark.django_db
def test_a_wish_is_carried_out_once(wish, live, noon):
    assert advances.waiting() == [wish.pk]
    assert advances.carry_out(wish.pk) and not advances.carry_out(wish.pk)
    live.refresh_from_db()
    assert live.now_at == noon + timedelta(hours=1) and advances.waiting() == []


@pytest.mark.django_db
def test_a_wish_whose_worker_was_killed_is_taken_up_again(wish, live):
    Advance.objects.update(status=Advance.Status.RUNNING)
    assert advances.carry_out(wish.pk)
    assert Advance.objects.get().status == "done"


@pytest.mark.django_db(transaction=True)
def test_a_wish_that_somebody_is_at_is_left_to_them(wish):
    other = connections["default"].copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [advances.LOCK_SPACE, wish.pk])
        assert not advances.carry_out(wish.pk)
        cursor.execute("SELECT pg_advisory_unlock_all()")
    other.close()
    assert advances.carry_out(wish.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert cursor.fetchone()[0] == 0


class Locked:
    """A source whose work somebody else's lock keeps from being done."""

    def release(self, timeline):
        with connection.cursor() as cursor:
            cursor.execute("DO $$BEGIN RAISE EXCEPTION 'locked' USING ERRCODE = '55P03'; END$$")


@pytest.mark.django_db(transaction=True)
def test_a_lock_in_the_way_is_no_attempt(wish, settings):
    settings.CLOCK_SOURCES = ["tests.clock.test_advances.Locked"]
    due.sources.cache_clear()
    for _ in range(2 * advances.MAX_ATTEMPTS):
        with pytest.raises(OperationalError):
            advances.carry_out(wish.pk)
    due.sources.cache_clear()
    wish.refresh_from_db()
    assert (wish.status, wish.attempts) == (Advance.Status.RUNNING, 0)

"""The beat of a queue that nobody empties adds nothing to it any more; one that is empty, or away, is rung for."""

from datetime import timedelta

import pytest
from django.conf import settings
from redis import Redis

from config import heard
from config.celery import app

QUEUE = "nobody-empties-this"


@pytest.fixture
def queue():
    with Redis.from_url(settings.REDIS_URL) as broker:
        yield broker
        broker.delete(QUEUE)


def is_due(url=settings.REDIS_URL):
    beat = heard.WhileHeard(1.0, queue=QUEUE, url=url)
    beat.app = app
    return beat.is_due(app.now() - timedelta(seconds=2)).is_due


def test_a_bell_is_rung_until_too_many_were_not_heard(queue):
    assert is_due()
    queue.rpush(QUEUE, *["ding"] * (heard.MOST - 1))
    assert is_due()
    queue.rpush(QUEUE, "dong")
    assert not is_due()


def test_a_broker_that_is_away_holds_nobody_up():
    assert is_due("redis://127.0.0.1:1/0")


def test_the_lab_is_rung_for_in_this_way():
    assert isinstance(app.conf.beat_schedule["lab.work"]["schedule"], heard.WhileHeard)

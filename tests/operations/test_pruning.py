"""What is kept only for a while goes by itself, in small bites; what is still needed stays."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from inmail import pruning, tasks
from inmail.models import IdempotencyKey

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def keys(member, *ages: timedelta) -> None:
    now = timezone.now()
    for number, age in enumerate(ages):
        IdempotencyKey.objects.create(member=member, key=str(number), fingerprint="", made_at=now - age)


def test_a_key_is_kept_for_a_week(alice):
    keys(alice, 8 * DAY, 7 * DAY + timedelta(minutes=1), 7 * DAY - timedelta(minutes=1), 0 * DAY)
    tasks.prune()
    assert set(IdempotencyKey.objects.values_list("key", flat=True)) == {"2", "3"}


def test_a_repeat_within_the_week_is_still_one_sending(client, live, alice, carol):
    letter = {"recipient": "carol", "category": "business_deal", "subject": "A question", "body": "Shall we talk?"}

    def ask():
        client.force_login(alice)  # no session lasts that long unused
        return client.post("/api/v1/inmails/", letter, "application/json", HTTP_IDEMPOTENCY_KEY="once")

    first = ask()
    pruning.prune(at=timezone.now() + 6 * DAY)
    assert first.status_code == 201 and ask().json() == first.json()


def test_a_backlog_goes_in_batches_and_no_round_is_endless(monkeypatch, alice):
    monkeypatch.setattr(pruning, "BATCH", 2)
    monkeypatch.setattr(pruning, "ROUNDS", 2)
    keys(alice, *[9 * DAY] * 7)
    left = []
    for _ in range(3):
        pruning.prune(at=timezone.now())
        left.append(IdempotencyKey.objects.count())
    assert left == [3, 0, 0]


def test_sessions_that_are_over_go_with_what_is_listed_of_them(client, alice):
    now = timezone.now()
    for key, ends in (("over", now - DAY), ("going on", now + DAY)):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
        UserSession.objects.create(user=alice, session_key=key, ip="127.0.0.1")
    found = pruning.prune(at=now)
    assert (found["sessions"], found["visits"]) == (1, 1)
    assert Session.objects.get().session_key == UserSession.objects.get().session_key == "going on"


def test_the_beat_rings_for_it():
    assert settings.CELERY_BEAT_SCHEDULE["inmail.prune"]["task"] == tasks.prune.name

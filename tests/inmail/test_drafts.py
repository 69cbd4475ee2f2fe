"""Drafts saved as one types, while the same text is being sent."""

import uuid
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Event

import pytest
from django.db import connection

from clock import timeline as clock
from inmail import drafts
from inmail.models import Draft, IdempotencyKey, Inmail

TEXT = {"category": "consulting_offer", "subject": "A question", "body": "We need your advice."}


@contextmanager
def being_sent(live, key):
    """Somebody else is sending under the key, and takes long."""
    held, over = Event(), Event()

    def send():
        with clock.moment(live):
            drafts.hold(key)
            held.set()
            over.wait(30)
        connection.close()

    with ThreadPoolExecutor() as threads:
        sending = threads.submit(send)
        assert held.wait(10)
        yield
        over.set()
        sending.result(10)


@pytest.mark.django_db(transaction=True)
def test_a_text_saved_while_it_is_being_sent_does_not_come_back_as_a_draft(live, alice, carol, noon):
    key = uuid.uuid4()

    def save():
        with clock.moment(live):
            drafts.keep(live, alice, carol, key=key, at=noon, **TEXT)
        connection.close()

    with ThreadPoolExecutor() as threads:
        with clock.moment(live):
            drafts.hold(key)
            IdempotencyKey.objects.create(member=alice, key=drafts.button(key), made_at=noon)
            saving = threads.submit(save)
            assert not wait([saving], timeout=0.5).done
        saving.result(10)
    assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["", "draft/"])
@pytest.mark.parametrize("act", ["", "save"])
def test_pressed_again_while_it_is_being_sent_it_is_told_so(client, live, alice, carol, act, place):
    key = uuid.uuid4()
    client.force_login(alice)
    with being_sent(live, key):
        answer = client.post(f"/members/carol/inmail/{place}", TEXT | {"draft": str(key), "act": act})
    assert (answer.status_code, "still running" in answer.content.decode()) == (409, True)
    assert place or str(key) in answer.content.decode()
    assert not Draft.objects.exists() and not Inmail.objects.exists()
    again = client.post("/members/carol/inmail/", TEXT | {"draft": str(key)})
    assert again.status_code == 302 and Inmail.objects.count() == 1

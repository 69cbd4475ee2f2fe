"""Drafts saved as one types, while the same text is being sent."""

import uuid
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import connection

from clock import timeline as clock
from inmail import drafts
from inmail.models import Draft, IdempotencyKey

TEXT = {"category": "consulting_offer", "subject": "A question", "body": "We need your advice."}


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

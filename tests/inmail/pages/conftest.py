"""Pages opened as one of the cast."""

import re

import pytest

from inmail import delivery
from inmail.models import Inmail


@pytest.fixture
def page(client, cast):
    """Open a page, or post to it, as a member; returns the answer, whose status must be as said."""

    signed_in = []

    def page(handle, url, data=None, *, status=200, **headers):
        if signed_in[-1:] != [handle]:
            client.force_login(cast[handle])
            signed_in.append(handle)
        answer = client.get(url, headers=headers) if data is None else client.post(url, data, headers=headers)
        assert answer.status_code == status, answer.content.decode()[:3000]
        return answer

    return page


@pytest.fixture
def words():
    """What a page says, without its markup."""

    def words(answer):
        text = re.sub(r"<(script|style|title)\b.*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.S)
        return re.sub(r"\s+", " ", text)

    return words


@pytest.fixture
def delivered(live, send):
    """An InMail that has reached its recipient."""

    def delivered(sender, recipient, **options):
        sent = send(sender, recipient, **options)
        assert delivery.deliver_one(sent.inmail_id)
        return Inmail.objects.get(pk=sent.inmail_id)

    return delivered

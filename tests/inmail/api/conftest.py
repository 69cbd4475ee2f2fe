"""A client for each of the cast, and the words of an InMail as JSON."""

import json

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from inmail import delivery
from inmail.models import Inmail


class Client(APIClient):
    """Calls `/api/v1/…` as one member; answers are JSON."""

    def at(self, method, path, data=None, **extra):
        body = {} if data is None else {"data": json.dumps(data), "content_type": "application/json"}
        return getattr(self, method)(f"/api/v1/{path}", **body, **extra)


@pytest.fixture
def call(cast):
    """`call(alice)` is a client with alice's token; `call()` has none."""

    def call(member=None):
        client = Client(raise_request_exception=True)
        if member is not None:
            token, _ = Token.objects.get_or_create(user=member)
            client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
        return client

    return call


@pytest.fixture
def words():
    return {
        "recipient": "carol",
        "category": "consulting_offer",
        "subject": "A question on your work",
        "body": "We need a week of your advice on churn.",
    }


@pytest.fixture
def received(live, send, alice, carol):
    """An InMail from alice that carol has received."""
    sent = send(alice, carol)
    assert delivery.deliver_one(sent.inmail_id)
    return Inmail.objects.get(pk=sent.inmail_id)

"""A passkey is renamed and removed by its owner alone: another's is not there, also right after signing in."""

import time

import pytest
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY as WHO
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as SIGNED_IN
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
PAGES = ["mfa_remove_webauthn", "mfa_edit_webauthn"]


@pytest.fixture
def passkey(alice):
    return Authenticator.objects.create(user=alice, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone"})


def just_signed_in(member) -> Client:
    client = Client()
    client.force_login(member)
    session = client.session
    session[WHO] = str(member.pk)
    session[SIGNED_IN] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("handle", ["bob", "admin"])
def test_anothers_passkey_is_not_there(cast, passkey, handle, page):
    client, door = just_signed_in(cast[handle]), reverse(page, args=[passkey.pk])
    assert client.get(door).status_code == client.post(door, {"name": "Mine"}).status_code == 404
    assert client.get(reverse(page, args=[987654321])).status_code == 404
    passkey.refresh_from_db()
    assert passkey.data == {"name": "Phone"}


def test_its_owner_renames_and_removes_it(alice, passkey):
    client = just_signed_in(alice)
    for page in PAGES:
        assert client.get(reverse(page, args=[passkey.pk])).status_code == 200
    client.post(reverse("mfa_edit_webauthn", args=[passkey.pk]), {"name": "Old phone"})
    assert Authenticator.objects.get(pk=passkey.pk).data["name"] == "Old phone"
    client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))
    assert not Authenticator.objects.filter(pk=passkey.pk).exists()

"""Invitations are answered once, and a block ends them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts import invitations, network
from accounts.models import Invitation
from privacy import blocks

pytestmark = pytest.mark.django_db


def test_accepting_connects_and_settles_both_directions(alice, dave, noon):
    one = invitations.invite(alice, dave, at=noon, note=" Hello\r\nDave ")
    assert one.note == "Hello\nDave"
    other = Invitation.objects.create(sender=dave, recipient=alice, sent_at=noon)
    invitations.accept(one, at=noon)
    other.refresh_from_db()
    assert network.degree(alice, dave) == 1 and other.status == "accepted"


@pytest.mark.parametrize("act", [invitations.accept, invitations.ignore, invitations.withdraw])
def test_an_invitation_is_answered_once(act, alice, dave, noon):
    one = invitations.invite(alice, dave, at=noon)
    invitations.ignore(one, at=noon)
    with pytest.raises(invitations.Refused) as refused:
        act(one, at=noon)
    assert refused.value.code == "answered" and network.degree(alice, dave) is None


def test_why_an_invitation_is_refused(alice, bob, dave, erin, frank, noon):
    invitations.invite(alice, dave, at=noon)
    invitations.invite(erin, alice, at=noon)
    frank.deactivated_at = noon
    found = {}
    for who in (alice, bob, dave, erin, frank):
        with pytest.raises(invitations.Refused) as refused:
            invitations.invite(alice, who, at=noon)
        found[who.handle] = refused.value.code
    assert found == {
        "alice": "self", "bob": "first_degree", "dave": "pending", "erin": "invited_you", "frank": "recipient_gone"
    }  # fmt: skip


def test_an_ignored_invitation_can_be_sent_again(alice, dave, noon):
    invitations.ignore(invitations.invite(alice, dave, at=noon), at=noon)
    assert invitations.invite(alice, dave, at=noon).status == "pending"


def test_a_block_ends_connection_and_invitations_and_forbids_new_ones(alice, bob, dave, noon):
    invitations.invite(dave, alice, at=noon)
    for other in (bob, dave):
        blocks.block(alice, other, at=noon)
    assert network.degree(alice, bob) is None and Invitation.objects.get().status == "ignored"
    for sender, recipient in ((alice, dave), (dave, alice)):
        with pytest.raises(invitations.Refused, match="unavailable"):
            invitations.invite(sender, recipient, at=noon)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_make_one_invitation(alice, dave, noon):
    def send(_):
        try:
            return invitations.invite(alice, dave, at=noon).status
        except invitations.Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == ["pending"] * 4
    assert Invitation.objects.count() == 1

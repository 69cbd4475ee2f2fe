"""Degrees, what two members have in common, and the way from one to the other."""

import pytest

from accounts import network
from accounts.models import Connection

pytestmark = pytest.mark.django_db


def test_the_cast_stands_at_every_degree(alice, bob, carol, dave):
    assert network.degree(alice, bob) == 1
    assert network.degree(alice, carol) == 2
    assert network.degree(alice, dave) is None
    assert network.degree(alice, alice) == 0


def test_a_connection_of_a_connections_connection_is_3rd_degree(alice, carol, dave, noon):
    network.connect(carol, dave, at=noon)
    assert network.degree(alice, dave) == 3
    assert network.degree(dave, alice) == 3
    assert [member.handle for member in network.path(alice, dave)] == ["alice", "bob", "carol", "dave"]


def test_degrees_answers_a_whole_page_in_one_query(cast, alice, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = network.degrees(alice, cast.values())
    seen = {handle: found[member.pk] for handle, member in cast.items()}
    assert seen["alice"] == 0 and seen["bob"] == 1 and seen["carol"] == 2 and seen["dave"] is None


def test_degrees_of_nobody_asks_nothing(alice, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert network.degrees(alice, []) == {}


def test_connecting_twice_is_one_connection_seen_from_both_sides(alice, dave, noon):
    assert network.connect(alice, dave, at=noon)
    assert not network.connect(dave, alice, at=noon)
    assert Connection.objects.filter(member=dave, other=alice).count() == 1


def test_disconnecting_removes_both_sides(alice, bob):
    assert network.disconnect(bob, alice)
    assert not network.disconnect(bob, alice)
    assert network.degree(alice, bob) is None


def test_what_two_members_have_in_common(alice, bob, carol, erin):
    assert network.shared_connections(alice, carol) == (1, [bob])
    assert network.shared_connections(alice, erin) == (0, [])
    assert [group.slug for group in network.shared_groups(alice, erin)] == ["data-science-italia"]

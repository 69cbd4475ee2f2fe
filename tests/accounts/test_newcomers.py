"""A newcomer is offered ten simulated contacts, and takes them with one press."""

import pytest

from accounts import newcomers
from accounts.models import Connection, Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(noon):
    return [
        Member.objects.create_user(
            f"s{n}", first_name=f"S{n}", joined_at=noon, simulated=True, country="IT" if n % 4 == 0 else "FR"
        )
        for n in range(24)
    ]


def test_ten_are_offered_those_of_the_same_country_first(dave, crowd):
    dave.country = "IT"
    offered = newcomers.offer(dave)
    assert len(set(offered)) == 10 and [m.country for m in offered] == ["IT"] * 6 + ["FR"] * 4
    assert newcomers.offer(dave) == offered


def test_who_has_a_connection_is_offered_nobody(alice, crowd):
    assert newcomers.offer(alice) == []


def test_people_are_never_offered(dave, cast):
    assert newcomers.offer(dave) == []


def test_the_offer_is_taken_once(client, dave, crowd, live):
    client.force_login(dave)
    assert "Connect with these 10" in client.get("/network/").text
    for _again in range(2):
        client.post("/network/offer/")
    assert Connection.objects.filter(member=dave).count() == 10

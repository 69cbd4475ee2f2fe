import pytest
from django.test import Client

from accounts.models import Member
from inmail import cast as people
from privacy import blocks, reception
from simulation import recipients
from simulation.models import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def simulated(live, noon):
    """A simulated member who is active this month and welcomes job offers."""
    people.assemble(live, noon)
    World.objects.create(seed=1, members=40)
    crowd = [Member.objects.create(handle=f"s{i}", first_name="Sim", joined_at=noon, simulated=True) for i in range(40)]
    member = next(member for member in crowd if recipients.is_active(member, noon))
    reception.change(member, at=noon, interests=["career_opportunity"])
    return member


@pytest.fixture
def ask(client: Client):
    def ask(handle, query="", by="alice"):
        client.force_login(Member.objects.get(handle=by))
        return client.get(f"/api/v1/members/{handle}/forecast/{query}")

    return ask


def test_a_forecast_is_the_very_chances_that_decide(ask, simulated):
    found = ask(simulated.handle, "?category=career_opportunity").json()
    assert found["open"] == pytest.approx(0.70)
    expected = 0.27 / 0.73 * 0.85
    assert found["answer"] == pytest.approx(expected / (1 + expected))
    assert [factor["name"] for factor in found["factors"]] == ["degree"]
    assert found["factors"][0]["effect"] < 0


def test_what_is_not_welcome_is_less_likely_to_be_opened(ask, simulated):
    found = ask(simulated.handle, "?category=business_deal&length=1500").json()
    odds = 0.70 / 0.30 * 0.40
    assert found["open"] == pytest.approx(odds / (1 + odds))
    assert {"match", "length", "degree"} == {factor["name"] for factor in found["factors"]}


def test_the_chances_of_people_are_nobodys_business(ask, simulated):
    assert ask("carol").status_code == 404
    assert ask("nobody").status_code == 404


def test_who_has_been_blocked_learns_nothing(ask, simulated, noon):
    blocks.block(simulated, Member.objects.get(handle="alice"), at=noon)
    assert ask(simulated.handle).status_code == 404


@pytest.mark.parametrize("query", ["?category=lottery", "?length=-1", "?length=1901", "?length=long", "?length=%00"])
def test_forecasts_of_what_cannot_be_sent(ask, simulated, query):
    assert ask(simulated.handle, query).status_code == 400

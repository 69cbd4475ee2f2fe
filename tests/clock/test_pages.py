"""The clock page is for staff: speed, wishes to move on, and what fell due."""

from datetime import timedelta

import pytest

from clock import advances
from clock.models import Advance

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_admin(client, admin, live):
    client.force_login(admin)
    return client


@pytest.mark.parametrize(
    ("method", "path"), [("get", "/clock/"), ("post", "/clock/speed/"), ("post", "/clock/advance/")]
)
def test_the_clock_is_for_staff(method, path, client, alice, live):
    assert getattr(client, method)(path).status_code == 302
    client.force_login(alice)
    assert getattr(client, method)(path).status_code == 403


def test_anyone_may_read_the_time(client, live):
    assert client.get("/clock/state/").json() == {"now": "2014-06-03T12:00:00Z", "speed": 0, "lagging": False}


def test_staff_set_the_speed(by_admin, live):
    by_admin.post("/clock/speed/", {"speed": "720"})
    live.refresh_from_db()
    assert live.speed == 720


@pytest.mark.parametrize("speed", ["-1", "86401", "1.5", "NaN", "", "9" * 30])
def test_a_speed_that_does_not_fit_is_refused(speed, by_admin, live):
    assert by_admin.post("/clock/speed/", {"speed": speed}).status_code == 400
    live.refresh_from_db()
    assert live.speed == 0


@pytest.mark.parametrize(
    ("asked", "later"),
    [
        ({"hours": "1"}, timedelta(hours=1)),
        ({"days": "7"}, timedelta(days=7)),
        ({"until": "2014-06-04T12:00"}, timedelta(1)),
    ],
)
def test_a_wish_to_move_on_is_a_row_for_the_worker(asked, later, by_admin, live, noon):
    assert by_admin.post("/clock/advance/", asked).status_code == 302
    wish = Advance.objects.get()
    assert (wish.until, wish.status, wish.requested_by.handle) == (noon + later, "queued", "admin")
    page = by_admin.get("/clock/").text
    assert 'http-equiv="refresh"' in page and 'hx-trigger="every 1s"' in page


@pytest.mark.parametrize(
    "asked",
    [{}, {"days": "0"}, {"days": "-1"}, {"days": "1.5"}, {"days": "9999999999"}, {"until": "2014-06-01"},
     {"until": "soon"}, {"until": ""}, {"until": "9999-12-31T23:59"}],
)  # fmt: skip
def test_a_wish_that_makes_no_sense_is_refused(asked, by_admin):
    assert by_admin.post("/clock/advance/", asked).status_code == 400
    assert not Advance.objects.exists()


def test_polling_goes_on_until_the_wish_is_done(by_admin, live, settings):
    by_admin.post("/clock/advance/", {"hours": "1"})
    assert by_admin.get("/clock/", headers={"HX-Request": "true"}).status_code == 200
    advances.carry_out(Advance.objects.get().pk)
    polled = by_admin.get("/clock/", headers={"HX-Request": "true"})
    assert polled.status_code == 286 and "<html" not in polled.text
    assert "http-equiv" not in by_admin.get("/clock/").text


def test_each_poll_brings_the_instant_and_the_last_one_the_new(by_admin, live):
    by_admin.post("/clock/advance/", {"hours": "1"})
    for hour in ("12:00", "13:00"):
        polled = by_admin.get("/clock/", headers={"HX-Request": "true"}).text
        assert 'id="clock-now" hx-swap-oob="true"' in polled and f"2014-06-03T{hour}:00" in polled
        advances.carry_out(Advance.objects.get().pk)
    assert "hx-swap-oob" not in by_admin.get("/clock/").text


def test_while_time_runs_the_instant_is_asked_for_again(by_admin, live):
    asks = 'hx-trigger="every 2s" hx-swap="none"'
    assert asks not in by_admin.get("/clock/").text
    by_admin.post("/clock/speed/", {"speed": "720"})
    assert asks in by_admin.get("/clock/").text


def test_the_admin_shows_timelines_and_advances(by_admin, live):
    for model in ("timeline", "advance"):
        assert by_admin.get(f"/admin/clock/{model}/").status_code == 200
    assert by_admin.get(f"/admin/clock/timeline/{live.pk}/delete/").status_code == 403

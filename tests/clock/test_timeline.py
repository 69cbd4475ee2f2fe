"""Time moves only forward, in windows that end before each midnight, and never past work that is due."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from clock import advances, due
from clock import timeline as clock
from clock.models import Advance, Timeline

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


class Diary:
    """A source of work that writes down when it was asked; it fails where `fails_at` is set."""

    asked: list[tuple]
    fails_at: datetime | None = None

    def release(self, timeline):
        self.asked.append(("release", clock.now(timeline)))
        return Counter()

    def midnight(self, timeline, at):
        self.asked.append(("midnight", at))
        return Counter(slept=1)

    def run(self, timeline, after, until):
        if Diary.fails_at and after < Diary.fails_at <= until:
            raise RuntimeError("out of order")
        self.asked.append(("run", after, until))
        return Counter()


@pytest.fixture
def diary(settings):
    settings.CLOCK_SOURCES = ["tests.clock.test_timeline.Diary"]
    due.sources.cache_clear()
    Diary.asked, Diary.fails_at = [], None
    yield Diary
    due.sources.cache_clear()


@pytest.fixture
def running(live):
    """The live timeline at one day in two minutes, its last tick just now."""
    clock.set_speed(live, speed=720)
    return live


def ago(timeline, **span) -> None:
    """The last tick was so long ago."""
    Timeline.objects.filter(pk=timeline.pk).update(moved_at=timezone.now() - timedelta(**span))


@pytest.mark.django_db
def test_work_within_a_day_is_one_window(live, diary, noon):
    clock.advance(live, until=noon + HOUR)
    assert diary.asked == [("release", noon), ("run", noon, noon + HOUR)]
    assert clock.now(live) == noon + HOUR


@pytest.mark.django_db
def test_a_window_ends_the_second_before_midnight_and_midnight_comes_first(live, diary, noon):
    midnight = noon + 12 * HOUR
    clock.advance(live, until=midnight + HOUR)
    assert diary.asked[1:] == [
        ("run", noon, midnight - SECOND),
        ("midnight", midnight),
        ("run", midnight - SECOND, midnight + HOUR),
    ]


@pytest.mark.django_db
def test_an_advance_to_the_very_midnight_does_its_steps_once(live, diary, noon):
    clock.advance(live, until=noon + 12 * HOUR)
    clock.advance(live, until=noon + 13 * HOUR)
    assert [what[1] for what in diary.asked if what[0] == "midnight"] == [noon + 12 * HOUR]


@pytest.mark.django_db
@given(stops=st.lists(st.integers(1, 5 * 86_400), min_size=1, max_size=12).map(sorted))
@hypothesis_settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_windows_of_any_steps_cover_the_time_without_gap_or_overlap(live, diary, noon, stops):
    point = transaction.savepoint()
    diary.asked = []
    for stop in stops:
        clock.advance(live, until=noon + stop * SECOND)
    spans = [what[1:] for what in diary.asked if what[0] == "run"]
    assert [after for after, _ in spans] == [noon, *(until for _, until in spans[:-1])]
    assert spans[-1][1] == clock.now(live) == noon + stops[-1] * SECOND
    assert all((after + SECOND).date() == until.date() for after, until in spans)
    midnights = [what[1] for what in diary.asked if what[0] == "midnight"]
    assert midnights == [noon + 12 * HOUR + n * DAY for n in range((stops[-1] + 43_200) // 86_400)]
    transaction.savepoint_rollback(point)
    live.refresh_from_db()


@pytest.mark.django_db
def test_an_advance_counts_what_fell_due(live, diary, noon):
    counts = clock.advance(live, until=noon + 3 * DAY)
    assert counts == {"midnight": 3, "slept": 3}


@pytest.mark.django_db
def test_an_advance_to_the_past_does_nothing(live, diary, noon):
    assert not clock.advance(live, until=noon - DAY)
    assert clock.now(live) == noon


@pytest.mark.django_db
def test_the_clock_stays_before_work_that_fails_and_goes_on_from_there(live, diary, noon):
    diary.fails_at = noon + 30 * HOUR
    with pytest.raises(RuntimeError):
        clock.advance(live, until=noon + 3 * DAY)
    assert clock.now(live) == noon + 12 * HOUR - SECOND
    diary.fails_at = None
    clock.advance(live, until=noon + 3 * DAY)
    assert clock.now(live) == noon + 3 * DAY


@pytest.mark.django_db
def test_the_database_refuses_to_turn_the_clock_back(live, noon):
    with pytest.raises(DatabaseError, match="never goes back"), transaction.atomic():
        Timeline.objects.filter(pk=live.pk).update(now_at=noon - SECOND)


@pytest.mark.django_db
def test_a_tick_lets_the_wall_time_pass_times_the_speed(running, diary, noon):
    ago(running, seconds=2)
    clock.tick(running)
    assert 1_440 * SECOND <= clock.now(running) - noon <= 2_160 * SECOND


@pytest.mark.django_db
def test_many_ticks_lose_no_time_and_gain_none(live, diary, noon):
    clock.set_speed(live, speed=1)
    ago(live, milliseconds=4_500)
    began = Timeline.objects.get(pk=live.pk).moved_at
    for _ in range(20):
        clock.tick(live)
    row = Timeline.objects.get(pk=live.pk)
    assert row.moved_at - began == row.now_at - noon


@pytest.mark.django_db
def test_time_that_passed_before_a_failure_is_not_counted_twice(live, diary, noon):
    clock.set_speed(live, speed=86_400)
    ago(live, seconds=2)
    before = Timeline.objects.get(pk=live.pk).moved_at
    diary.fails_at = noon + 30 * HOUR
    with pytest.raises(RuntimeError):
        clock.tick(live)
    row = Timeline.objects.get(pk=live.pk)
    assert row.now_at == noon + 12 * HOUR - SECOND
    assert row.moved_at - before == (row.now_at - noon) / 86_400


@pytest.mark.django_db
def test_a_night_off_is_no_time_at_all(running, diary, noon):
    ago(running, hours=9)
    clock.tick(running)
    assert clock.now(running) - noon <= 720 * (clock.MAX_STALL + 2 * SECOND)


@pytest.mark.django_db
def test_a_paused_clock_stands(live, diary, noon):
    ago(live, seconds=60)
    clock.tick(live)
    assert clock.now(live) == noon


@pytest.mark.django_db
def test_a_pause_is_no_time_when_the_clock_goes_on(live, diary, noon):
    ago(live, hours=1)
    clock.set_speed(live, speed=1)
    clock.tick(live)
    assert clock.now(live) - noon <= 2 * SECOND


@pytest.mark.django_db
@pytest.mark.parametrize("speed", [-1, 86_401, 10**12])
def test_a_speed_out_of_range_is_refused_in_a_sentence(live, speed):
    with pytest.raises(clock.BadInstant, match="speed is a whole number"):
        clock.set_speed(live, speed=speed)


@pytest.mark.django_db
def test_a_clock_that_should_move_and_does_not_is_said_to_lag(running):
    assert not clock.is_lagging(running)
    ago(running, seconds=10)
    running.refresh_from_db()
    assert clock.is_lagging(running)


@pytest.mark.parametrize(
    "wish", [{"days": 0}, {"days": -1}, {"hours": -5}, {"until": datetime(2014, 1, 1, tzinfo=UTC)}]
)
def test_a_wish_to_stand_or_go_back_is_refused(noon, wish):
    with pytest.raises(clock.BadInstant, match="only moves forward"):
        clock.target(noon, **wish)


@pytest.mark.parametrize("wish", [{"days": 4_000}, {"days": 10**12}, {"hours": 10**9}])
def test_a_wish_too_far_is_refused(noon, wish):
    with pytest.raises(clock.BadInstant):
        clock.target(noon, **wish)


@pytest.mark.parametrize("text", ["2014-06-05", "2014-06-05T00:00:00Z", "2014-06-05T02:00:00+02:00", " 2014-06-05 "])
def test_an_instant_is_read_as_utc_or_by_its_offset(text):
    assert clock.parse_instant(text) == datetime(2014, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "tomorrow", "2014-13-01", "2014-06-31", "99", "2014-06-05T00:00:00Q"])
def test_what_is_no_instant_is_refused_in_a_sentence(text):
    with pytest.raises(clock.BadInstant, match="Write an instant like"):
        clock.parse_instant(text)


@pytest.mark.django_db
def test_a_wish_is_carried_out_once_and_tells_what_fell_due(live, diary, noon):
    wish = advances.request(live, until=noon + DAY)
    assert advances.waiting() == [wish.pk]
    assert advances.carry_out(wish.pk)
    assert not advances.carry_out(wish.pk)
    wish.refresh_from_db()
    assert (wish.status, wish.counts) == (Advance.Status.DONE, {"midnight": 1, "slept": 1})


@pytest.mark.django_db
def test_a_wish_that_fails_five_times_says_why_and_can_be_tried_again(live, diary, noon):
    diary.fails_at = noon + HOUR
    wish = advances.request(live, until=noon + DAY)
    for _ in range(advances.MAX_ATTEMPTS):
        assert advances.waiting() == [wish.pk]
        assert advances.carry_out(wish.pk)
    wish.refresh_from_db()
    assert (wish.status, wish.error) == (Advance.Status.FAILED, "RuntimeError: out of order")
    assert advances.waiting() == [] and not advances.carry_out(wish.pk)
    diary.fails_at = None
    assert advances.try_again(wish.pk) and not advances.try_again(wish.pk)
    assert advances.carry_out(wish.pk) and clock.now(live) == noon + DAY


@pytest.mark.django_db
def test_a_wish_whose_worker_was_killed_each_time_has_failed(live, noon):
    wish = advances.request(live, until=noon + DAY)
    Advance.objects.update(status="running", attempts=advances.MAX_ATTEMPTS, reached_at=noon)
    assert advances.carry_out(wish.pk)
    wish.refresh_from_db()
    assert (wish.status, wish.error, clock.now(live)) == ("failed", advances.LOST, noon)


@pytest.mark.django_db
def test_attempts_that_brought_the_clock_further_are_not_held_against_a_wish(live, noon):
    wish = advances.request(live, until=noon + DAY)
    Advance.objects.update(status="running", attempts=advances.MAX_ATTEMPTS, reached_at=noon - HOUR)
    assert advances.carry_out(wish.pk) and clock.now(live) == noon + DAY
    wish.refresh_from_db()
    assert wish.attempts == 1


@pytest.mark.django_db
def test_on_an_empty_platform_the_live_timeline_begins_by_itself_once():
    assert clock.live() == clock.live()
    assert clock.now() == clock.BEGINNING


@pytest.mark.django_db
def test_two_timelines_have_their_own_time(live, diary, noon):
    other = clock.begin(name="attempt", at=noon - DAY, speed=0, seed=1)
    clock.advance(other, until=noon)
    assert (clock.now(other), clock.now(live), clock.now()) == (noon, noon, noon)
    clock.advance(live, until=noon + DAY)
    assert clock.now(other) == noon


@pytest.mark.django_db(transaction=True)
def test_the_clock_waits_for_an_act_and_the_act_keeps_its_instant(live, diary, noon):
    acting, done = Event(), Event()

    def act():
        with clock.moment(live) as at:
            acting.set()
            done.wait(10)
            seen.append((at, clock.now(live)))
        connection.close()

    def move():
        clock.advance(live, until=noon + HOUR)
        connection.close()

    seen: list[tuple] = []
    threads = [Thread(target=act), Thread(target=move)]
    threads[0].start()
    acting.wait(10)
    threads[1].start()
    threads[1].join(0.5)
    done.set()
    for thread in threads:
        thread.join(20)
    assert seen == [(noon, noon)]
    assert clock.now(live) == noon + HOUR


@pytest.mark.django_db(transaction=True)
def test_acts_one_upon_the_other_cannot_keep_the_clock_from_ticking(live, diary, noon):
    clock.set_speed(live, speed=1)
    ago(live, seconds=3)
    over, at_work = Event(), Barrier(7)

    def act_and_act():
        connection.ensure_connection()
        at_work.wait(20)
        while not over.is_set():
            with clock.moment(live):
                over.wait(0.03)
        connection.close()

    threads = [Thread(target=act_and_act) for _ in range(6)]
    for thread in threads:
        thread.start()
    at_work.wait(20)
    over.wait(0.1)
    clock.tick(live)
    over.set()
    for thread in threads:
        thread.join(20)
    assert clock.now(live) >= noon + 3 * SECOND


@pytest.mark.django_db(transaction=True)
def test_a_tick_gives_up_before_a_long_act_and_makes_it_good_later(live, diary, noon):
    clock.set_speed(live, speed=1)
    ago(live, seconds=2)
    acting, done = Event(), Event()

    def act():
        with clock.moment(live):
            acting.set()
            done.wait(20)
        connection.close()

    thread = Thread(target=act)
    thread.start()
    acting.wait(10)
    assert clock.tick(live) == Counter()
    done.set()
    thread.join(20)
    clock.tick(live)
    assert clock.now(live) >= noon + 2 * SECOND

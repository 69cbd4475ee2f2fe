"""F22, F25, F30: a clock that leaps and changes its pace, beats doubled or missing, and a tick that is killed."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from clock import advances
from clock import timeline as clock
from clock.models import Advance, Timeline
from inmail import audit, ledger, subscriptions
from inmail.models import Heartbeat, Inmail, LedgerEntry
from simulation import demo
from tests.faults.calls import Call, Caller
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
# The last of a month before a leap day; the year holds both changes of European summer time.
LAST_OF_JANUARY = datetime(2016, 1, 31, 11, 30, tzinfo=UTC)
GRANTS = ["02-29", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31", "01-31"]


class TestLeaps:
    @pytest.fixture
    def live(self, transactional_db):
        return clock.begin(name="live", at=LAST_OF_JANUARY, speed=0, seed=7)

    @pytest.mark.fault(
        "F22",
        "clock +1 year, speed changes, month ends, leap day, DST",
        "deadlines right, one grant a month",
    )
    def test_deadlines_and_grants_keep_their_days_however_the_clock_goes(self, platform, world, load, figures):
        caller = Caller(platform.address, world.tokens)
        payer = world.recipients[-1]
        subscriptions.join(payer, plan="recruiter_lite", at=LAST_OF_JANUARY, timeline=world.live)
        for begin in (LAST_OF_JANUARY, datetime(2016, 3, 25, 12, tzinfo=UTC), datetime(2016, 10, 28, 12, tzinfo=UTC)):
            pass_months(caller, world, payer, begin)
            deadline_is_seven_days_later(caller, world, load, figures)
        run_for_a_moment(caller, world.live)
        pass_months(caller, world, payer, LAST_OF_JANUARY.replace(year=2017) + DAY)
        grants = LedgerEntry.objects.filter(member=payer, kind="grant", reason="monthly").order_by("number")
        assert [at.strftime("%m-%d %H:%M") for at in grants.values_list("at", flat=True)] == [
            f"{day} 00:00" for day in GRANTS
        ]
        figures.check(longest=3)


def go_to(caller, live, until) -> None:
    """By the call of staff, which the worker carries out."""
    if clock.now(live) < until:
        answer = caller.do(Call("admin", "POST", "clock/advance/", {"until": until.isoformat()}))
        assert answer.status_code in (200, 202), answer.text
        wait_for(lambda: clock.now(live) >= until, seconds=120)


def pass_months(caller, world, payer, until) -> None:
    """Month by month, the payer's credits spent in each: under the cap of the plan no month is without a grant."""
    while (now := clock.now(world.live)) < until:
        if balance := ledger.balance(world.live, payer):
            ledger.adjust(world.live, payer, amount=-balance, reason="spent", author=world.admin, at=now)
        next_month = (now.replace(day=1) + 32 * DAY).replace(day=2, hour=0, minute=0)
        go_to(caller, world.live, min(next_month, until))


def deadline_is_seven_days_later(caller, world, load, figures) -> None:
    (pair,) = world.pairs(1)
    sent = load.send(*pair)
    figures.recover(time.monotonic())
    letter = Inmail.objects.get(pk=sent.inmail_id)
    go_to(caller, world.live, letter.delivered_at + 7 * DAY - SECOND)
    assert Inmail.objects.get(pk=letter.pk).settled_at is None  # 6 days 23:59:59
    go_to(caller, world.live, letter.delivered_at + 7 * DAY)
    assert Inmail.objects.get(pk=letter.pk).settled_at == letter.delivered_at + 7 * DAY


def run_for_a_moment(caller, live) -> None:
    """Faster, slower and not at all, while beat and worker let time pass."""
    for speed in (86_400, 3_600, 86_400, 0):
        assert caller.do(Call("admin", "POST", "clock/", {"speed": speed})).ok
        before = clock.now(live)
        if speed:
            wait_for(lambda before=before, speed=speed: clock.now(live) >= before + speed * SECOND)


@pytest.mark.fault("F25", "two beats at once", "nothing twice")
def test_two_beats_do_nothing_twice(platform, world, load, figures):
    second = platform.child("beat")
    second.name = "beat-2"
    platform.launch(second)
    began, at = time.monotonic(), clock.now(world.live)
    with load.in_background(world.pairs(120), pause=0.05):
        time.sleep(5)
    platform.stop("beat-2")
    figures.recover(time.monotonic())
    passed = (clock.now(world.live) - at).total_seconds()
    assert passed <= time.monotonic() - began + 2  # a second beat does not make time go faster
    assert figures.check(recovery=15, longest=3).delivered > 20


@pytest.mark.fault("F25", "no beat; rows and heartbeats set ten minutes back", "caught up ≤15 s, no time passed")
def test_what_waited_for_a_beat_is_caught_up_with(platform, world, load, figures):
    """Ten minutes are not waited for: all that the platform reads of them, three kinds of rows, is set back so far."""
    platform.stop("beat", "worker-delivery")
    load.send_all(world.pairs(60))
    platform.empty_queues()
    ten_minutes = timedelta(minutes=10)
    Inmail.objects.update(release_at=timezone.now() - ten_minutes)
    Timeline.objects.update(moved_at=timezone.now() - ten_minutes)
    Heartbeat.objects.update(seen_at=timezone.now() - ten_minutes)
    before = clock.now(world.live)
    platform.start("beat", "worker-delivery")
    figures.recover(time.monotonic())
    assert clock.now(world.live) - before < timedelta(seconds=60)  # a night off is no time
    assert figures.check(recovery=15, longest=3).delivered == 60


def fates() -> list:
    """Every InMail with its fate, by member numbers: rows made anew have other ids."""
    columns = ("sender__number", "recipient__number", "n", "category", "body", "status", "created_at", "opened_at")
    return sorted(Inmail.objects.values_list(*columns, "answer", "answered_at", "settled_at", "returned"), key=repr)


def entries() -> list:
    columns = ("member__number", "number", "kind", "amount", "balance", "reason", "at")
    return sorted(LedgerEntry.objects.values_list(*columns), key=repr)


@pytest.fixture
def simulated(platform, settings, tmp_path, monkeypatch):
    """A world of simulated members with ten days of past, its clock stopped."""
    settings.VAR = tmp_path
    monkeypatch.setattr(demo, "PAST_DAYS", 10)
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE accounts_member_numbers RESTART")
    demo.build(members=120)
    clock.set_speed(clock.live(), speed=0)
    return clock.live()


@pytest.mark.fault("F30", "the clock's worker killed at a third of 30 days, resumed", "the same world as uninterrupted")
def test_a_world_whose_worker_was_killed_goes_on_as_if_nothing_had_been(platform, simulated):
    begun, until = simulated.now_at, simulated.now_at + 30 * DAY
    with transaction.atomic():
        clock.advance(clock.live(), until=until)
        whole = fates(), entries()
        transaction.set_rollback(True)
    assert clock.now() == begun
    wish = advances.request(clock.live(), until=until)
    wait_for(lambda: clock.now() >= begun + 10 * DAY, seconds=60)
    platform.kill("worker-clock")
    assert clock.now() < until
    wait_for(lambda: (platform.look_after(), is_done(wish))[1], seconds=120)
    assert (clock.now(), (fates(), entries())) == (until, whole)
    assert len(whole[0]) > 100 and audit.ledger().holds


def is_done(wish) -> bool:
    wish.refresh_from_db()
    return wish.status == Advance.Status.DONE

import json
import stat
from collections import Counter
from datetime import timedelta

import pytest

from accounts import invitations, network
from accounts.models import Connection, Member
from clock import timeline as clock
from inmail import audit, conversation, delivery, messaging
from inmail.models import Inmail, LedgerEntry, Message, Outcome, ScheduledInmail
from privacy import reception
from simulation import world
from simulation.models import SwitchOff, World

pytestmark = pytest.mark.django_db


def fates():
    """Every InMail with its fate, by member numbers."""
    columns = (
        "sender__number", "recipient__number", "n", "category", "body", "status", "created_at", "opened_at", "answer",
        "answered_at", "settled_at", "returned",
    )  # fmt: skip
    return sorted(Inmail.objects.values_list(*columns), key=repr)


def entries():
    columns = ("member__number", "number", "kind", "amount", "balance", "reason", "at")
    return sorted(LedgerEntry.objects.values_list(*columns), key=repr)


def test_the_demo_world_has_a_past_that_went_through_the_ledger(small_world):
    counts = small_world()
    assert counts["members"] == 127 and counts["groups"] >= 8
    assert Outcome.objects.count() > 20
    assert {"match", "mismatch", "undeclared"} == set(Outcome.objects.values_list("match", flat=True))
    assert audit.ledger().holds


def test_building_it_again_changes_nothing(small_world):
    first, sent = small_world(), Inmail.objects.count()
    assert small_world() == first
    assert Inmail.objects.count() == sent


def test_a_world_is_extended_by_more_members(small_world):
    small_world()
    assert small_world(180)["members"] == 187
    assert World.objects.get().members == 180


def test_the_passwords_of_the_cast_are_for_the_owner_alone_and_stay(small_world, tmp_path):
    small_world()
    path = tmp_path / "demo-passwords.json"
    kept = json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    small_world()
    assert json.loads(path.read_text()) == kept
    assert all(Member.objects.get(handle=handle).check_password(kept[handle]) for handle in kept)


def test_the_same_seed_lives_the_same_past_however_the_days_are_cut(small_world, monkeypatch):
    small_world()
    live = clock.live()
    until = live.now_at + timedelta(days=3)
    point = clock.transaction.savepoint()
    clock.advance(live, until=until)
    whole = fates(), entries()
    clock.transaction.savepoint_rollback(point)
    live.refresh_from_db()
    while live.now_at < until:
        clock.advance(live, until=min(until, live.now_at + timedelta(hours=5, seconds=7)))
    assert (fates(), entries()) == whole


def test_a_simulated_recipient_reacts_at_its_own_instant(small_world):
    small_world()
    live, alice = clock.live(), Member.objects.get(handle="alice")
    letter = messaging.Letter("expertise_request", "A question", "Could you tell me how you did it?")
    for someone in Member.objects.simulated_ones().order_by("number")[:40]:
        try:
            messaging.send(live, alice, someone, letter, at=live.now_at)
        except messaging.Refused:
            continue
    delivery.release(live)
    clock.advance(live, until=live.now_at + timedelta(days=7))
    mine = Inmail.objects.filter(sender=alice)
    assert Counter(mine.values_list("status", flat=True))["opened"]
    assert all(i.opened_at == i.open_due_at for i in mine.filter(opened_at__isnull=False))
    assert mine.filter(settled_at__isnull=True).count() == 0
    assert audit.ledger().holds


def test_who_tires_of_inmail_switches_it_off_at_the_next_midnight(live, cast):
    carol = cast["carol"]
    SwitchOff.objects.create(timeline=live, member=carol, decided_at=live.now_at)
    clock.advance(live, until=live.now_at + timedelta(hours=11))
    assert reception.of(carol).messages == "introductions_inmail_open"
    clock.advance(live, until=live.now_at + timedelta(hours=2))
    assert reception.of(carol).messages == "introductions_only"


def test_some_invitations_to_simulated_members_are_accepted(small_world):
    small_world()
    live, dave = clock.live(), Member.objects.get(handle="dave")
    for someone in Member.objects.simulated_ones().order_by("number")[:30]:
        invitations.invite(dave, someone, at=live.now_at)
    clock.advance(live, until=live.now_at + timedelta(days=10))
    assert 2 <= Connection.objects.filter(member=dave).count() <= 20


def test_a_simulated_connection_answers_some_messages(small_world):
    small_world()
    live, dave = clock.live(), Member.objects.get(handle="dave")
    for someone in Member.objects.simulated_ones().order_by("number")[:80]:
        network.connect(dave, someone, at=live.now_at)
        conversation.direct(live, dave, someone, body="How are you?", at=live.now_at)
    clock.advance(live, until=live.now_at + timedelta(days=10))
    answers = Message.objects.filter(thread__kind="direct").exclude(author=dave)
    assert answers.count() >= 2
    assert all(answer.at > live.began_at for answer in answers)


def test_nothing_is_planned_twice_for_a_day(small_world):
    small_world()
    live = clock.live()
    clock.advance(live, until=live.now_at.replace(hour=23, minute=59, second=59))
    assert not ScheduledInmail.objects.exists()
    counts = world.planning.plan(live, at=live.now_at + timedelta(seconds=1))
    assert counts == ScheduledInmail.objects.count()

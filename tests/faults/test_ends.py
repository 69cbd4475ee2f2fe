"""F20-F21: several ends of one InMail at the same instant, and what changes between its sending and its delivery."""

import time
from datetime import timedelta

import pytest

from accounts import departure, invitations
from clock import timeline
from inmail.models import Inmail, LedgerEntry, Status
from tests.faults.calls import Call, Caller
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)
LETTERS = 8


@pytest.fixture
def caller(platform, world):
    return Caller(platform.address, world.tokens)


def ends_of(inmail) -> list[Call]:
    """Everything that can end it: two answers, a withdrawal."""
    path = f"inmails/{inmail.pk}/"
    yes, no = ({"answer": kind} for kind in ("interested", "not_interested"))
    reader, sender = inmail.recipient.handle, inmail.sender.handle
    return [
        Call(reader, "POST", path + "answer/", yes),
        Call(reader, "POST", path + "answer/", no),
        Call(sender, "POST", path + "withdraw/", {}),
    ]


@pytest.mark.fault(
    "F20", "interested, not interested, withdraw and deadline at once", "one wins, at most one return", fast=True
)
def test_of_ends_at_the_same_instant_one_wins(platform, world, load, figures, caller):
    timeline.set_speed(world.live, speed=0)
    load.send_all(world.pairs(LETTERS))
    figures.recover(time.monotonic())
    letters = list(Inmail.objects.select_related("sender", "recipient").order_by("id"))
    deadline = max(row.deadline_at for row in letters)
    timeline.advance(world.live, until=deadline - SECOND)
    passing = Call("admin", "POST", "clock/advance/", {"until": deadline.isoformat()})
    answers = caller.at_once([passing, *(call for row in letters for call in ends_of(row))])
    assert answers[0].status_code in (200, 202)
    won = [[a.status_code for a in answers[1 + 3 * k : 4 + 3 * k]].count(200) for k in range(LETTERS)]
    assert won == [1] * LETTERS, [(a.status_code, a.text[:200]) for a in answers]
    wait_for(lambda: timeline.now(world.live) == deadline)
    settled_once(letters)
    figures.check(longest=3)


def settled_once(letters) -> None:
    for row in Inmail.objects.filter(pk__in=[row.pk for row in letters]):
        returns = LedgerEntry.objects.filter(inmail=row, kind="return").count()
        assert row.settled_at is not None and row.status in (Status.ANSWERED, Status.WITHDRAWN)
        assert returns == int(row.returned) <= 1


def opt_out(caller, sender, reader):
    assert caller.do(Call(reader.handle, "PATCH", "reception/", {"messages": "introductions_only"})).ok


def block(caller, sender, reader):
    assert caller.do(Call(reader.handle, "POST", "blocks/", {"member": sender.handle})).ok


def leave(caller, sender, reader):
    departure.close([reader.pk], at=timeline.now())


def connect(caller, sender, reader):
    invitation = invitations.invite(reader, sender, at=timeline.now())
    assert caller.do(Call(sender.handle, "POST", f"invitations/{invitation.pk}/accept/", {})).ok


CHANGES = {opt_out: "reception_off", block: "unavailable", leave: "recipient_gone", connect: None}


@pytest.mark.fault(
    "F21",
    "recipient opts out, blocks, leaves or connects before delivery",
    "not delivered (connects: delivered), returned, reason shown",
    fast=True,
)
def test_what_changes_before_delivery_counts(platform, world, load, figures, caller):
    platform.stop("worker-delivery")
    pairs = world.pairs(4 * len(CHANGES))
    sent = load.send_all(pairs)
    expected = {}
    for k, (sender, reader) in enumerate(pairs):
        change = list(CHANGES)[k // 4]
        change(caller, sender, reader)
        expected[sent[k].inmail_id] = CHANGES[change]
    platform.start("worker-delivery")
    figures.recover(time.monotonic())
    for pk, code in expected.items():
        sender = Inmail.objects.select_related("sender").get(pk=pk).sender
        shown = caller.do(Call(sender.handle, "GET", f"inmails/{pk}/")).json()
        assert shown["status"] == ("refused" if code else "delivered")
        assert shown["returned"] == bool(code)
        assert (shown["refusal"] or {}).get("code") == code and (code is None or shown["refusal"]["message"])
    found = figures.check(longest=3)
    assert (found.delivered, found.returned) == (4, 12)

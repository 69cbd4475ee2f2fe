"""How a sender stands: the score, the steps after reports, and the quality rule for bulk (DOMAIN 8)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Member
from clock import timeline as clock
from inmail import conversation, delivery, ledger, messaging, score, standing
from inmail.models import BulkRule, Inmail, Sanction, SenderScore
from inmail.refusals import Refused

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MIDNIGHT = datetime(2014, 6, 4, tzinfo=UTC)


# --- the rules as plain functions -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], None),
        (["interested"], "5.0"),
        (["reply"], "5.0"),
        (["not_interested"], "3.0"),
        (["inappropriate"], "1.0"),
        (["spam"], "0.0"),
        (["interested", "not_interested", "spam"], "2.7"),
        (["interested"] * 3 + ["spam"], "3.8"),
        (["interested"] * 10 + ["spam"] * 90, "5.0"),
    ],
)
def test_the_score_is_the_mean_of_the_last_ten_answers(answers, expected):
    assert score.stars(answers) == (Decimal(expected) if expected else None)


@given(st.lists(st.sampled_from(sorted(score.POINTS)), min_size=1, max_size=30))
def test_the_score_lies_between_none_and_five_stars_and_near_the_mean(answers):
    mean = Decimal(sum(score.POINTS[answer] for answer in answers[:10])) / len(answers[:10])
    assert 0 <= score.stars(answers) <= 5
    assert abs(score.stars(answers) - mean) <= Decimal("0.05")


@pytest.mark.parametrize(
    ("days", "taken"),
    [
        ([0, 10, 20], [20]),
        ([0, 10, 20, 31, 41, 51], [20, 51]),
        ([0, 1, 2, 29.5, 30.1, 30.2], [2, 30.2]),
        ([0, 15, 30], []),
        ([0, 15, 30, 31], [31]),
    ],
)
def test_each_third_report_within_thirty_days_is_one_step_and_counts_once(noon, days, taken):
    reports = [noon + timedelta(days=day) for day in days]
    assert score.steps(reports) == [noon + timedelta(days=day) for day in taken]


def test_the_steps_are_a_warning_a_day_three_days_and_a_week_which_repeats():
    hours = [length and length.total_seconds() / 3600 for length in map(score.suspension, range(1, 7))]
    assert hours == [None, 24, 72, 168, 168, 168]


@pytest.mark.parametrize(
    ("delivered", "responses", "below"),
    [(99, 0, False), (100, 12, True), (100, 13, False), (1000, 129, True), (1000, 130, False), (0, 0, False)],
)
def test_the_quality_rule_asks_thirteen_responses_of_a_hundred(delivered, responses, below):
    assert score.is_below(delivered, responses) == below


def stages(below_by_day: list[bool]) -> list[str | None]:
    """The stage of each day of one who is or is not below at its midnight."""
    stage = until = None
    found = []
    for day, below in enumerate(below_by_day):
        at = MIDNIGHT + day * DAY
        following = score.next_stage(stage, below=below, until=until, at=at)
        if following and (following != stage or until <= at):
            until = at + score.STAGES[following]
        stage = following
        found.append(stage)
    return found


def test_fourteen_days_of_warning_seven_of_grace_fourteen_without_bulk_and_again():
    course = ["warned"] * 14 + ["grace"] * 7 + ["suspended"] * 14
    assert stages([True] * 70) == course + course


def test_who_rises_above_while_warned_or_in_grace_is_free():
    assert stages([True] * 10 + [False] * 2) == ["warned"] * 10 + [None] * 2
    assert stages([True] * 18 + [False] * 2)[-3:] == ["grace", None, None]


def test_a_suspension_runs_to_its_end_even_for_one_who_rises_above():
    assert stages([True] * 22 + [False] * 14) == ["warned"] * 14 + ["grace"] * 7 + ["suspended"] * 14 + [None]


@given(st.lists(st.booleans(), max_size=120))
def test_no_one_is_suspended_without_a_warning_and_grace_before(below):
    found = [None, *stages(below)]
    for earlier, later in pairwise(found):
        assert later != "grace" or earlier in ("grace", "warned")
        assert later != "suspended" or earlier in ("suspended", "grace")


# --- on the timeline ---------------------------------------------------------------------------------


@pytest.fixture
def readers(live, noon):
    rows = [Member(handle=f"r{i}", first_name="R", last_name=str(i), joined_at=noon) for i in range(100)]
    return Member.objects.bulk_create(rows)


@pytest.fixture
def rich(live, bob, admin, noon):
    """bob with enough credits to write to many."""
    ledger.adjust(live, bob, amount=1_000, reason="for the test", author=admin, at=noon)
    return bob


def write(live, send, sender, readers, answers=(), *, at) -> list[Inmail]:
    """`sender` writes to `readers` at `at`, who get it and answer at once as far as `answers` go."""
    sent = [send(sender, reader, at=at).inmail_id for reader in readers]
    delivery.deliver(live, [(pk, at) for pk in sent])
    rows = list(Inmail.objects.filter(pk__in=sent).order_by("pk"))
    for row, answer in zip(rows, answers, strict=False):
        messaging.answer(row, answer=answer, at=at)
    return rows


def test_the_score_is_renewed_at_midnight_and_not_before(live, send, rich, readers, noon):
    write(live, send, rich, readers[:2], ["interested", "not_interested"], at=noon)
    assert not SenderScore.objects.exists()
    clock.advance(live, until=MIDNIGHT)
    found = SenderScore.objects.get(member=rich)
    assert (found.score, found.answers, found.renewed_at) == (Decimal("4.0"), 2, MIDNIGHT)


def test_only_the_last_ten_answers_count(live, send, rich, readers, noon):
    write(live, send, rich, readers[:5], ["spam"] * 5, at=noon)
    write(live, send, rich, readers[5:14], ["interested"] * 9, at=noon + timedelta(hours=1))
    standing.renew(live, at=MIDNIGHT)
    assert SenderScore.objects.get(member=rich).score == Decimal("4.5")


def test_an_inmail_carries_the_score_of_its_sending(live, send, rich, readers, noon):
    write(live, send, rich, readers[:1], ["not_interested"], at=noon)
    clock.advance(live, until=MIDNIGHT)
    (later,) = write(live, send, rich, readers[1:2], at=MIDNIGHT)
    assert later.sender_score == later.outcome.sender_score == Decimal("3.0")


@pytest.mark.parametrize(("answer", "notified"), [("spam", False), ("not_interested", True)])
def test_below_the_threshold_it_is_delivered_without_notification(live, send, rich, readers, noon, answer, notified):
    write(live, send, rich, readers[:1], [answer], at=noon)
    clock.advance(live, until=MIDNIGHT)
    (later,) = write(live, send, rich, readers[1:2], at=MIDNIGHT)
    assert (later.status, later.outcome.notified, later.thread.other_unread) == ("delivered", notified, notified)


def test_one_without_a_score_is_notified_of(live, send, rich, readers, noon):
    (first,) = write(live, send, rich, readers[:1], at=noon)
    assert first.sender_score is None
    assert first.outcome.notified


def test_three_reports_are_a_warning_and_three_more_a_day_without_sending(live, send, rich, readers, noon):
    write(live, send, rich, readers[:3], ["spam"] * 3, at=noon)
    clock.advance(live, until=MIDNIGHT)
    assert Sanction.objects.get(member=rich).until_at is None
    write(live, send, rich, readers[3:6], ["inappropriate"] * 3, at=MIDNIGHT)
    clock.advance(live, until=MIDNIGHT + DAY)
    with pytest.raises(Refused, match="suspended"):
        send(rich, readers[6], at=MIDNIGHT + 2 * DAY - timedelta(seconds=1))
    assert send(rich, readers[6], at=MIDNIGHT + 2 * DAY).cost == 1


def test_six_reports_on_one_day_are_two_steps(live, send, rich, readers, noon):
    write(live, send, rich, readers[:6], ["spam"] * 6, at=noon)
    clock.advance(live, until=MIDNIGHT)
    assert list(Sanction.objects.order_by("step").values_list("step", flat=True)) == [1, 2]


def test_reports_more_than_thirty_days_apart_are_no_step(live, send, rich, readers, noon):
    write(live, send, rich, readers[:2], ["spam"] * 2, at=noon)
    clock.advance(live, until=noon + 31 * DAY)
    write(live, send, rich, readers[2:3], ["spam"], at=noon + 31 * DAY)
    clock.advance(live, until=noon + 32 * DAY)
    assert not Sanction.objects.exists()


def test_one_who_is_suspended_still_replies_in_open_threads(live, send, rich, readers, noon):
    (talk,) = write(live, send, rich, readers[:1], ["reply"], at=noon)
    Sanction.objects.create(timeline=live, member=rich, step=2, from_at=noon, until_at=noon + DAY)
    with pytest.raises(Refused, match="suspended"):
        send(rich, readers[1])
    talk.thread.refresh_from_db()
    assert conversation.write_on(talk.thread, rich, body="Thank you.", at=noon).author == rich


def test_who_reports_stays_anonymous(live, send, rich, readers, noon):
    (talk,) = write(live, send, rich, readers[:1], ["spam"], at=noon)
    talk.thread.refresh_from_db()
    assert not talk.thread.opener_unread
    assert talk.thread.opener_at == noon
    assert not talk.thread.texts.exists()


def test_a_hundred_without_thirteen_responses_are_warned_of(live, send, rich, readers, noon):
    write(live, send, rich, readers, ["not_interested"] * 12 + ["spam"], at=noon)
    clock.advance(live, until=MIDNIGHT)
    rule = BulkRule.objects.get(member=rich)
    assert (rule.stage, rule.from_at, rule.until_at) == ("warned", MIDNIGHT, MIDNIGHT + 14 * DAY)


def test_thirteen_responses_of_a_hundred_are_enough(live, send, rich, readers, noon):
    write(live, send, rich, readers, ["not_interested"] * 13, at=noon)
    clock.advance(live, until=MIDNIGHT)
    assert not BulkRule.objects.exists()


def test_the_warning_ends_when_the_fourteen_days_no_longer_hold_a_hundred(live, send, rich, readers, noon):
    write(live, send, rich, readers, at=noon)
    clock.advance(live, until=MIDNIGHT + 13 * DAY)
    assert BulkRule.objects.get(member=rich).stage == "warned"
    clock.advance(live, until=MIDNIGHT + 14 * DAY)
    assert not BulkRule.objects.exists()


def test_one_kept_from_bulk_may_still_write_to_one_member(live, send, rich, readers, noon):
    BulkRule.objects.create(timeline=live, member=rich, stage="suspended", from_at=noon, until_at=noon + 14 * DAY)
    with pytest.raises(Refused) as refused:
        send(rich, readers[0], bulk=True)
    assert refused.value.codes == ["bulk_suspended"]
    assert send(rich, readers[0]).cost == 1
    assert send(rich, readers[1], bulk=True, at=noon + 14 * DAY).cost == 1


def test_standing_on_one_timeline_says_nothing_of_another(live, send, rich, readers, noon):
    other = clock.begin(name="attempt", at=noon, speed=0, seed=1)
    write(live, send, rich, readers[:3], ["spam"] * 3, at=noon)
    standing.renew(other, at=MIDNIGHT)
    standing.sanction(other, at=MIDNIGHT)
    assert not SenderScore.objects.exists()
    assert not Sanction.objects.exists()

"""The midnight renewal of scores, sanctions and the quality rule, from all that happened before (DOMAIN 8 and 9)."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import connection

from clock.models import Timeline
from inmail import score
from inmail.models import BulkRule, Inmail, Sanction, SenderScore
from inmail.models.letters import REPORTS

_DAY = timedelta(days=1)

LAST_ANSWERS = """
SELECT s.sender_id, array_agg(a.answer ORDER BY a.answered_at DESC, a.id DESC)
FROM (SELECT DISTINCT sender_id FROM inmail_inmail
      WHERE timeline_id = %(timeline)s AND answered_at >= %(since)s AND answered_at < %(at)s) AS s
CROSS JOIN LATERAL (
    SELECT id, answer, answered_at FROM inmail_inmail i
    WHERE i.sender_id = s.sender_id AND i.timeline_id = %(timeline)s AND i.answered_at < %(at)s
    ORDER BY answered_at DESC, id DESC LIMIT %(last)s
) AS a GROUP BY s.sender_id
"""

RESPONSES = """
SELECT sender_id, count(*), count(*) FILTER (WHERE answer IN ('interested', 'reply', 'not_interested')
    AND answered_at < deadline_at)
FROM inmail_inmail WHERE timeline_id = %s AND delivered_at >= %s AND delivered_at < %s
GROUP BY sender_id HAVING count(*) >= %s
"""


def renew(timeline: Timeline, *, at: datetime) -> int:
    """Renew the score of every sender who had an answer on the day that ends at `at`; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_ANSWERS, {"timeline": timeline.pk, "since": at - _DAY, "at": at, "last": score.LAST})
        rows = cursor.fetchall()
    SenderScore.objects.bulk_create(
        [
            SenderScore(timeline=timeline, member_id=m, score=score.stars(a), answers=len(a), renewed_at=at)
            for m, a in rows
        ],
        update_conflicts=True,
        unique_fields=["timeline", "member"],
        update_fields=["score", "answers", "renewed_at"],
    )
    return len(rows)


def sanction(timeline: Timeline, *, at: datetime) -> int:
    """Take one step for each third report within thirty days that came on the day before `at`."""
    reports = Inmail.objects.on(timeline).filter(answer__in=REPORTS, answered_at__lt=at)
    fresh = reports.filter(answered_at__gte=at - _DAY).values_list("sender_id", flat=True).distinct()
    instants = defaultdict(list)
    of_them = reports.filter(sender_id__in=list(fresh)).order_by("answered_at", "id")
    for sender, when in of_them.values_list("sender_id", "answered_at"):
        instants[sender].append(when)
    return sum(
        _take_step(timeline, sender, at)
        for sender, times in sorted(instants.items())
        for step in score.steps(times)
        if step >= at - _DAY
    )


def _take_step(timeline: Timeline, sender_id: int, at: datetime) -> bool:
    step = Sanction.objects.filter(timeline=timeline, member_id=sender_id).count() + 1
    length = score.suspension(step)
    Sanction.objects.create(
        timeline=timeline, member_id=sender_id, step=step, from_at=at, until_at=at + length if length else None
    )
    return True


def judge_bulk(timeline: Timeline, *, at: datetime) -> int:
    """Apply the quality rule at the midnight `at`; returns how many senders changed their stage."""
    with connection.cursor() as cursor:
        cursor.execute(RESPONSES, [timeline.pk, at - score.QUALITY_SPAN, at, score.QUALITY_DELIVERED])
        below = {sender for sender, sent, responses in cursor.fetchall() if score.is_below(sent, responses)}
    rules = {rule.member_id: rule for rule in BulkRule.objects.filter(timeline=timeline)}
    return sum(
        _judge(timeline, sender, rules.get(sender), sender in below, at) for sender in sorted(below | set(rules))
    )


def _judge(timeline: Timeline, sender_id: int, rule: BulkRule | None, below: bool, at: datetime) -> bool:
    stage, until = (rule.stage, rule.until_at) if rule else (None, None)
    following = score.next_stage(stage, below=below, until=until, at=at)
    if following is None and rule:
        rule.delete()
        return True
    if following == stage and (rule is None or until > at):
        return False
    BulkRule.objects.update_or_create(
        timeline=timeline,
        member_id=sender_id,
        defaults={"stage": following, "from_at": at, "until_at": at + score.STAGES[following]},
    )
    return True

"""What is compared between arms: every measure of one arm in one replication, with its unit and its sense.

Law: a measure is a function of whole-number totals; what has no denominator has no value (NaN, null in JSON).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lab import layout
from simulation.behaviour import INAPPROPRIATE, INTERESTED, MISMATCH, REPLY, SPAM

MONTH = 30.4  # days


class Measure(NamedTuple):
    """What is compared: how it is called, in which unit, and whether more of it is better for whom it concerns."""

    name: str
    unit: str
    more_is_better: bool


MEASURES = (
    Measure("sent_per_sender_month", "InMails", True),
    Measure("open_rate", "share of InMails", True),
    Measure("answer_rate", "share of InMails", True),
    Measure("interested_rate", "share of InMails", True),
    Measure("interested_per_sender_month", "answers", True),
    Measure("report_rate", "share of InMails", False),
    Measure("mismatch_share", "share of InMails", False),
    Measure("net_credits_per_interested", "credits", False),
    Measure("sends_per_credit_granted", "InMails", True),
    Measure("returned_share", "share of credits spent", True),
    Measure("load_mean", "InMails a member and month", False),
    Measure("load_top_1_percent", "InMails a member and month, of the 1 % who receive most", False),
    Measure("opt_outs", "switch-offs per 1,000 InMails", False),
    Measure("under_quality_rule", "share of sender-days", False),
    Measure("hours_to_answer", "hours", False),
    Measure("answered_within_day", "share of answers", True),
    Measure("score_mean", "stars", True),
    Measure("welfare_senders", "USD a sender and month", True),
    Measure("welfare_recipients", "USD per 1,000 members and month", True),
    Measure("welfare_platform", "USD per 1,000 members and month", True),
)
NAMES = tuple(measure.name for measure in MEASURES)


@dataclass(frozen=True)
class Welfare:
    """What things are worth, in USD; all free choice [F] but the price of a credit [S].

    Senders: what answers are worth to them, less the credits that they lose for good. Recipients: what an interesting
    InMail is worth, less attention and annoyance. Platform: the credits that senders lose for good, a transfer between
    the two, less what a recipient who switches InMail off will not bring any more.
    """

    credit: float = 10.0
    sender_interested: float = 60.0
    sender_reply: float = 10.0
    recipient_interested: float = 20.0
    recipient_opened: float = -0.5
    recipient_mismatch: float = -1.0  # more than that, for an opened mismatch
    recipient_report: float = -5.0
    platform_switch_off: float = -50.0


def measures(totals, days: int, worth: Welfare) -> dict[str, float]:
    """Every measure of one arm in one replication (`shards.Totals`) of `days`."""
    cells, ledger = totals.cells.sum(axis=0), totals.ledger.sum(axis=(0, 1))
    sent, answered, kinds = cells[layout.SENT], cells[layout.ANSWERED], cells[layout.KINDS :]
    months, senders, members = days / MONTH, totals.senders.sum(), totals.members.sum()
    mismatch = of_match(totals)[MISMATCH]
    top = members // 100
    return {
        "sent_per_sender_month": ratio(sent, senders * months),
        "open_rate": ratio(cells[layout.OPENED], sent),
        "answer_rate": ratio(answered, sent),
        "interested_rate": ratio(kinds[INTERESTED], sent),
        "interested_per_sender_month": ratio(kinds[INTERESTED], senders * months),
        "report_rate": ratio(kinds[SPAM] + kinds[INAPPROPRIATE], sent),
        "mismatch_share": ratio(mismatch[layout.SENT], sent),
        "net_credits_per_interested": ratio(lost(ledger), kinds[INTERESTED]),
        "sends_per_credit_granted": ratio(sent, ledger[layout.GRANTED]),
        "returned_share": ratio(ledger[layout.GIVEN_BACK], ledger[layout.SPENT]),
        "load_mean": ratio((totals.received * np.arange(len(totals.received))).sum(), members * months),
        "load_top_1_percent": ratio(of_the_most(totals.received, top), top * months),
        "opt_outs": 1000 * ratio(cells[layout.SWITCHED_OFF], sent),
        "under_quality_rule": ratio(totals.under_rule.sum(), senders * days),
        "hours_to_answer": ratio(cells[layout.SECONDS], answered * 3600),
        "answered_within_day": ratio(cells[layout.WITHIN_DAY], answered),
        "score_mean": mean_score(totals.scores[:, :-1].sum(axis=0)),
        **welfare(totals, months, worth),
    }


def welfare(totals, months: float, worth: Welfare) -> Mapping[str, float]:
    """Of senders (a sender and month), of recipients and of the platform (1,000 members and month), in USD."""
    cells, credits = totals.cells.sum(axis=0), worth.credit * lost(totals.ledger.sum(axis=(0, 1)))
    kinds, thousands = cells[layout.KINDS :], totals.members.sum() / 1000
    answers = worth.sender_interested * kinds[INTERESTED] + worth.sender_reply * kinds[REPLY]
    attention = (
        worth.recipient_interested * kinds[INTERESTED]
        + worth.recipient_opened * cells[layout.OPENED]
        + worth.recipient_mismatch * of_match(totals)[MISMATCH, layout.OPENED]
        + worth.recipient_report * (kinds[SPAM] + kinds[INAPPROPRIATE])
    )
    kept = credits + worth.platform_switch_off * cells[layout.SWITCHED_OFF]
    return {
        "welfare_senders": ratio(answers - credits, totals.senders.sum() * months),
        "welfare_recipients": ratio(attention, thousands * months),
        "welfare_platform": ratio(kept, thousands * months),
    }


def of_match(totals) -> np.ndarray:
    """(matches, measures) counts of InMails by match."""
    return totals.cells.reshape(layout.MATCHES, -1, layout.MEASURES).sum(axis=1)


def lost(ledger: np.ndarray) -> int:
    """Credits spent less those that came back."""
    return ledger[layout.SPENT] - ledger[layout.GIVEN_BACK] - ledger[layout.BONUSES]


def mean_score(stars: np.ndarray) -> float:
    """The mean in stars of senders counted by tenths of a star."""
    return ratio((stars * np.arange(len(stars))).sum(), 10 * stars.sum())


def ratio(part, whole) -> float:
    return float(part) / float(whole) if whole else float("nan")


def of_the_most(received: np.ndarray, members: int) -> int:
    """The InMails of so many members, those who received most; `received` counts members by InMails received."""
    total, left = 0, int(members)
    for count in range(len(received) - 1, 0, -1):
        taken = min(left, int(received[count]))
        total, left = total + taken * count, left - taken
    return total

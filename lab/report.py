"""What a run says: measures of each arm with its segments, and the differences between arms.

Law: a measure is a function of whole-number totals; what has no denominator has no value (NaN, null in JSON).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lab import layout, rules, statistics
from lab.scenario import Scenario
from lab.shards import Totals
from simulation.behaviour import ANSWERS, INAPPROPRIATE, INTERESTED, NOT_INTERESTED, REPLY, SPAM
from simulation.senders import STRATEGIES

VERSION = 1
MONTH = 30.4  # days
MATCHES = ("undeclared", "match", "mismatch")
DEGREES = ("out", "1", "2", "3")
AXES = {"match": MATCHES, "plan": rules.PLANS, "strategy": STRATEGIES, "degree": DEGREES}


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
    Measure("score_mean", "stars", True),
)


def measures(totals: Totals, days: int) -> dict[str, float]:
    """Every measure of one arm in one replication."""
    cells, ledger = totals.cells.sum(axis=0), totals.ledger.sum(axis=(0, 1))
    sent, answered = cells[layout.SENT], cells[layout.ANSWERED]
    kinds = cells[layout.KINDS :]
    months, senders, members = days / MONTH, totals.senders.sum(), totals.members.sum()
    received = totals.received * np.arange(len(totals.received))
    by_match = totals.cells.reshape(layout.MATCHES, -1, layout.MEASURES).sum(axis=1)
    net = ledger[layout.SPENT] - ledger[layout.GIVEN_BACK] - ledger[layout.BONUSES]
    stars = totals.scores[:, :-1].sum(axis=0)
    return {
        "sent_per_sender_month": ratio(sent, senders * months),
        "open_rate": ratio(cells[layout.OPENED], sent),
        "answer_rate": ratio(answered, sent),
        "interested_rate": ratio(kinds[INTERESTED], sent),
        "report_rate": ratio(kinds[SPAM] + kinds[INAPPROPRIATE], sent),
        "mismatch_share": ratio(by_match[MATCHES.index("mismatch"), layout.SENT], sent),
        "net_credits_per_interested": ratio(net, kinds[INTERESTED]),
        "sends_per_credit_granted": ratio(sent, ledger[layout.GRANTED]),
        "returned_share": ratio(ledger[layout.GIVEN_BACK], ledger[layout.SPENT]),
        "load_mean": ratio(received.sum(), members * months),
        "load_top_1_percent": ratio(_of_the_most(totals.received, members // 100), members // 100 * months),
        "opt_outs": 1000 * ratio(cells[layout.SWITCHED_OFF], sent),
        "under_quality_rule": ratio(totals.under_rule.sum(), senders * days),
        "hours_to_answer": ratio(cells[layout.SECONDS], answered * 3600),
        "score_mean": ratio((stars * np.arange(len(stars))).sum(), 10 * stars.sum()),
    }


def ratio(part, whole) -> float:
    return float(part) / float(whole) if whole else float("nan")


def _of_the_most(received: np.ndarray, members: int) -> int:
    """The InMails of so many members, those who received most."""
    total, left = 0, int(members)
    for count in range(len(received) - 1, 0, -1):
        taken = min(left, int(received[count]))
        total, left = total + taken * count, left - taken
    return total


def holds(totals: Totals) -> bool:
    """The laws of the ledger in sums: what was given less what was spent is what is there, and nothing is below nil."""
    ledger = totals.ledger
    given = sum(ledger[..., kind] for kind in (layout.GRANTED, layout.GIVEN_BACK, layout.BONUSES, layout.COMPENSATIONS))
    once = (totals.cells[:, layout.RETURNED] <= totals.cells[:, layout.SENT] - totals.cells[:, layout.FREE]).all()
    return bool(
        (given - ledger[..., layout.SPENT] == ledger[..., layout.BALANCE]).all() and (ledger >= 0).all() and once
    )


def segments(totals: Totals) -> dict[str, dict[str, dict[str, int]]]:
    """Counts of InMails by match, plan, strategy and degree."""
    shape = (layout.MATCHES, layout.PLANS, layout.STRATEGIES, layout.DEGREES, layout.MEASURES)
    cube = totals.cells.reshape(shape)
    told = {}
    for axis, (name, labels) in enumerate(AXES.items()):
        table = cube.sum(axis=tuple(other for other in range(4) if other != axis))
        told[name] = {label: _counts(row) for label, row in zip(labels, table, strict=True) if row[layout.SENT]}
    return told


def _counts(row: np.ndarray) -> dict[str, int]:
    kinds = row[layout.KINDS :]
    responses = kinds[INTERESTED] + kinds[REPLY] + kinds[NOT_INTERESTED]
    plain = {
        "sent": row[layout.SENT],
        "free": row[layout.FREE],
        "opened": row[layout.OPENED],
        "answered": row[layout.ANSWERED],
        "responses": responses,
        "expired": row[layout.EXPIRED],
        "returned": row[layout.RETURNED],
        "bonus": row[layout.BONUS],
        "switched_off": row[layout.SWITCHED_OFF],
        **{answer: kinds[code] for code, answer in enumerate(ANSWERS) if code},
    }
    return {name: int(count) for name, count in plain.items()}


def differences(scenario: Scenario, told: list[list[Totals]]) -> dict[str, dict[str, statistics.Difference]]:
    """Each further arm against the first, by measure; `told` has the arms' totals of every replication."""
    values = [
        {m.name: [measures(totals[arm], scenario.days)[m.name] for totals in told] for m in MEASURES}
        for arm in range(len(scenario.arms))
    ]
    better = {m.name: m.more_is_better for m in MEASURES}
    return {
        arm.name: statistics.compare(values[0], values[place], margin=scenario.margin, more_is_better=better)
        for place, arm in enumerate(scenario.arms)
        if place
    }


def is_precise(scenario: Scenario, told: list[list[Totals]]) -> bool:
    """Whether the replications so far tell the first measure of every arm as precisely as is wanted."""
    if scenario.precision is None or len(told) < 2:
        return False
    found = differences(scenario, told).values()
    return all(statistics.enough(by[MEASURES[0].name], scenario.precision) for by in found)


def report(scenario: Scenario, told: list[list[Totals]]) -> dict:
    """Everything as plain values, ready for JSON; equal runs give equal bytes."""
    arms = []
    for place, arm in enumerate(scenario.arms):
        whole = sum((totals[place] for totals in told[1:]), told[0][place])
        each = [measures(totals[place], scenario.days) for totals in told]
        arms.append(
            {
                "name": arm.name,
                "policy": arm.policy.name,
                "measures": {m.name: _number(_mean([e[m.name] for e in each])) for m in MEASURES},
                "segments": segments(whole),
                "ledger": dict(
                    zip(
                        ("granted", "spent", "returned", "bonuses", "compensations", "balance"),
                        map(int, whole.ledger.sum(axis=(0, 1))),
                        strict=True,
                    )
                ),
                "laws_hold": holds(whole),
                "daily": {
                    name: whole.daily[:, at].tolist()
                    for at, name in enumerate(("sent", "opened", "answered", "returned", "granted", "off", "balance"))
                },
            }
        )
    compared = {
        name: {measure: {key: _number(value) for key, value in d._asdict().items()} for measure, d in by.items()}
        for name, by in differences(scenario, told).items()
    }
    return {
        "scenario": scenario.name,
        "fingerprint": scenario.fingerprint,
        "version": VERSION,
        "seed": scenario.seed,
        "members": scenario.members,
        "days": scenario.days,
        "replications": len(told),
        "arms": arms,
        "differences": compared,
    }


def _mean(values: list[float]) -> float:
    there = [value for value in values if np.isfinite(value)]
    return float(np.mean(there)) if there else float("nan")


def _number(value):
    """A float with twelve digits, null where there is none; anything else as it is."""
    if not isinstance(value, (float, np.floating)):
        return value
    return float(f"{value:.12g}") if np.isfinite(value) else None

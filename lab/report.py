"""What a run says: measures of each arm with its segments, and the differences between arms, as plain values.

Law: equal runs give equal bytes; what was not counted is not said.
"""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from lab import layout, rules, statistics, world
from lab.measures import MEASURES, measures
from lab.scenario import Scenario
from lab.shards import Totals
from simulation.behaviour import ANSWERS, INTERESTED, NOT_INTERESTED, REPLY
from simulation.senders import STRATEGIES

VERSION = 2
MATCHES = ("undeclared", "match", "mismatch")
DEGREES = ("out", "1", "2", "3")
AXES = {"match": MATCHES, "plan": rules.PLANS, "strategy": STRATEGIES, "degree": DEGREES}
ENTRIES = ("granted", "spent", "returned", "bonuses", "compensations", "balance")
DAILY = ("sent", "opened", "answered", "returned", "granted", "off", "balance")
BY_COUNTRY = ("sent", "opened", "answered", "interested", "reported")


def holds(totals: Totals) -> bool:
    """The laws of the ledger in sums: what was given less what was spent is what is there, and nothing is below nil."""
    ledger = totals.ledger
    given = sum(ledger[..., kind] for kind in (layout.GRANTED, layout.GIVEN_BACK, layout.BONUSES, layout.COMPENSATIONS))
    once = (totals.cells[:, layout.RETURNED] <= totals.cells[:, layout.SENT] - totals.cells[:, layout.FREE]).all()
    return bool(
        (given - ledger[..., layout.SPENT] == ledger[..., layout.BALANCE]).all() and (ledger >= 0).all() and once
    )


def segments(totals: Totals) -> dict[str, dict[str, dict[str, int]]]:
    """Counts of InMails by match, plan, strategy and degree; those of a plan or strategy with their credits."""
    shape = (layout.MATCHES, layout.PLANS, layout.STRATEGIES, layout.DEGREES, layout.MEASURES)
    cube = totals.cells.reshape(shape)
    credits = {"plan": totals.ledger.sum(axis=1), "strategy": totals.ledger.sum(axis=0)}
    senders = {"plan": totals.senders.sum(axis=1), "strategy": totals.senders.sum(axis=0)}
    told = {}
    for axis, (name, labels) in enumerate(AXES.items()):
        table = cube.sum(axis=tuple(other for other in range(4) if other != axis))
        told[name] = {label: _counts(row) for label, row in zip(labels, table, strict=True) if row[layout.SENT]}
        if name in credits:
            for place, label in enumerate(labels):
                if label in told[name]:
                    told[name][label] |= _named(ENTRIES, credits[name][place]) | {"senders": int(senders[name][place])}
    return told | {"country": _by_country(totals)}


def _by_country(totals: Totals) -> dict[str, dict[str, int]]:
    """By the sender's country, those with most InMails first."""
    order = np.argsort(-totals.countries[:, layout.HERE_SENT], kind="stable")
    sent = [place for place in order if totals.countries[place, layout.HERE_SENT]]
    return {world.COUNTRIES[place]: _named(BY_COUNTRY, totals.countries[place]) for place in sent}


def _named(names: tuple[str, ...], counts: np.ndarray) -> dict[str, int]:
    return dict(zip(names, map(int, counts), strict=True))


def _counts(row: np.ndarray) -> dict[str, int]:
    kinds = row[layout.KINDS :]
    responses = kinds[INTERESTED] + kinds[REPLY] + kinds[NOT_INTERESTED]
    plain = {
        "sent": row[layout.SENT],
        "free": row[layout.FREE],
        "notified": row[layout.NOTIFIED],
        "opened": row[layout.OPENED],
        "answered": row[layout.ANSWERED],
        "within_day": row[layout.WITHIN_DAY],
        "within_week": row[layout.WITHIN_WEEK],
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
    values = [_values(scenario, [totals[arm] for totals in told]) for arm in range(len(scenario.arms))]
    better = {m.name: m.more_is_better for m in MEASURES}
    return {
        arm.name: statistics.compare(values[0], values[place], margin=scenario.margin, more_is_better=better)
        for place, arm in enumerate(scenario.arms)
        if place
    }


def _values(scenario: Scenario, each: list[Totals]) -> dict[str, list[float]]:
    """Every measure of one arm, by replication."""
    rows = [measures(totals, scenario.days, scenario.welfare) for totals in each]
    return {m.name: [row[m.name] for row in rows] for m in MEASURES}


def is_precise(scenario: Scenario, told: list[list[Totals]]) -> bool:
    """Whether the replications so far tell the scenario's measure as precisely as is wanted, in every arm."""
    if scenario.precision is None or len(told) < 2:
        return False
    found = differences(scenario, told).values()
    return all(statistics.enough(by[scenario.measure], scenario.precision) for by in found)


def report(scenario: Scenario, told: list[list[Totals]]) -> dict:
    """Everything as plain values, ready for JSON; equal runs give equal bytes."""
    compared = {
        name: {measure: {key: _number(value) for key, value in d._asdict().items()} for measure, d in by.items()}
        for name, by in differences(scenario, told).items()
    }
    return {
        "scenario": scenario.name,
        "fingerprint": scenario.fingerprint,
        "version": VERSION,
        "seed": scenario.seed,
        "start": scenario.start.isoformat(),
        "members": scenario.members,
        "days": scenario.days,
        "replications": len(told),
        "measure": scenario.measure,
        "margin": scenario.margin,
        "welfare": asdict(scenario.welfare),
        "arms": [_arm(scenario, place, [totals[place] for totals in told]) for place in range(len(scenario.arms))],
        "differences": compared,
    }


def _arm(scenario: Scenario, place: int, each: list[Totals]) -> dict:
    """One arm; counts are sums over its replications, measures their means, `values` each of them."""
    arm, whole = scenario.arms[place], sum(each[1:], each[0])
    values = _values(scenario, each)
    received = np.trim_zeros(whole.received, "b")
    return {
        "name": arm.name,
        "policy": arm.policy.name,
        "measures": {name: _number(_mean(row)) for name, row in values.items()},
        "values": {name: [_number(value) for value in row] for name, row in values.items()},
        "segments": segments(whole),
        "ledger": _named(ENTRIES, whole.ledger.sum(axis=(0, 1))) | {"forfeited": 0},  # nobody leaves premium in a run
        "laws_hold": holds(whole),
        "senders": int(whole.senders.sum()),
        "scores": {name: row.tolist() for name, row in zip(STRATEGIES, whole.scores, strict=True)},
        "received": received.tolist(),
        "daily": {name: whole.daily[:, at].tolist() for at, name in enumerate(DAILY)},
    }


def _mean(values: list[float]) -> float:
    there = [value for value in values if np.isfinite(value)]
    return float(np.mean(there)) if there else float("nan")


def _number(value):
    """A float with twelve digits, null where there is none; anything else as it is."""
    if not isinstance(value, (float, np.floating)):
        return value
    return float(f"{value:.12g}") if np.isfinite(value) else None

"""The behaviour that makes a member's own answers likeliest: how many, how soon, by length, day and way of sending.

Law: the chances are those of `simulation.behaviour`; each InMail counts as welcome or undeclared, notified, without
load, to a member of 3rd degree, because the archive says nothing of that.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from lab.calibration.fit import MOST_ANSWER, Fit, Loss, TooFew, fit, without_delays
from lab.calibration.messages import Openings
from simulation import behaviour
from simulation.behaviour import THIRD_DEGREE, UNDECLARED
from simulation.character import Behaviour

SENT, ANSWERED = 30, 5  # the fewest InMails, and the fewest of them answered and not answered, that tell a rate
OF_A_KIND = 20  # InMails of one length, day or way of sending
DELAYS = 20  # answers that tell how long they take
LENGTHS = ("length_400", "length_800", "length_1200", "length_long")
YARDSTICK = 1  # the rate of 401 to 800 characters stays as published; those of the others are found beside it
FRIDAY, SATURDAY = 4, 5


def calibrate(openings: Openings, active: float, base: Behaviour) -> Fit:
    """Fit to one's own InMails, where a share `active` of recipients is active. Raises TooFew."""
    sent, answered = len(openings.answered), int(openings.answered.sum())
    if sent < SENT or min(answered, sent - answered) < ANSWERED:
        told = f"{sent} InMails, {answered} of them answered"
        least = f"at least {SENT}, with {ANSWERED} answered and {ANSWERED} not"
        raise TooFew(f"The data do not suffice: {told}; needed are {least}.")
    if answered / sent > 0.9 * active * base.open * MOST_ANSWER:
        raise TooFew(f"More answered than can where {active:g} of the recipients are active. Try --active 1.")
    names, kept = _settled(openings, answered)
    seen = {"InMails": sent, "in bulk": int(openings.bulk.sum()), "answered": answered}
    return fit(loss(openings, active, base), names, kept, seen, base)


def loss(openings: Openings, active: float, base: Behaviour) -> Loss:
    """Minus the log-likelihood: an answer after so long, or none yet after so long."""
    answered, hours = openings.answered, openings.hours
    circumstances = openings.length, openings.weekday, openings.bulk.astype(int)
    constant = float(np.log(hours[answered]).sum()) + answered.sum() * math.log(2 * math.pi) / 2

    def of(b: Behaviour) -> float:
        t = without_delays(b, base).tables
        opened = active * behaviour.p_open(t, UNDECLARED, 1, 0) * (1 - t.report[UNDECLARED])
        chance = opened * behaviour.p_answer(t, UNDECLARED, 0, THIRD_DEGREE, *circumstances, 0, 0, 0)
        z = (np.log(hours) - b.delay_mu) / b.delay_sigma
        yes = np.log(chance[answered]) - z[answered] ** 2 / 2 - math.log(b.delay_sigma)
        no = np.log1p(-chance[~answered] * special.ndtr(z[~answered]))
        return constant - float(yes.sum() + no.sum())

    return of


def _settled(o: Openings, answered: int) -> tuple[list[str], dict[str, str]]:
    """Which parameters there are enough InMails for, and why not for the others."""
    names, kept = ["answer"], {}
    if answered >= DELAYS:
        names += ["delay_mu", "delay_sigma"]
    else:
        kept |= dict.fromkeys(("delay_mu", "delay_sigma"), f"{answered} answers, at least {DELAYS} are needed")
    yardstick = _enough(o, o.length == YARDSTICK)
    kept[LENGTHS[YARDSTICK]] = "the yardstick of the other lengths"
    groups = {name: [o.length == kind] for kind, name in enumerate(LENGTHS) if kind != YARDSTICK}
    groups |= {"friday": [o.weekday == FRIDAY], "saturday": [o.weekday == SATURDAY]}
    groups["one_to_one"] = [o.bulk, ~o.bulk]
    for name, chosen in groups.items():
        why = next((reason for each in chosen if (reason := _enough(o, each))), "")
        if name in LENGTHS and yardstick and not why:
            why = f"of 401 to 800 characters, beside which it is seen, {yardstick}"
        kept |= {name: why} if why else {}
        names += [] if why else [name]
    return names, kept


def _enough(o: Openings, chosen: np.ndarray) -> str:
    """Nothing where these InMails tell a rate, else why not."""
    sent, answered = int(chosen.sum()), int(o.answered[chosen].sum())
    if sent >= OF_A_KIND and min(answered, sent - answered) >= ANSWERED:
        return ""
    return f"{sent} InMails, {answered} answered; needed are {OF_A_KIND}, with {ANSWERED} answered and {ANSWERED} not"

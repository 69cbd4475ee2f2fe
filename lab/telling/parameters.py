"""What can be said about an experiment: each parameter's name, unit, source and meaning, in words for people.

Law: every field of every part of a scenario has its words here. The sources are those of DOMAIN: [S] sure, [P]
published once, [D] derived, [F] a free choice of ours.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


class Words(NamedTuple):
    label: str
    unit: str = ""
    source: str = ""
    meaning: str = ""


SOURCES = {
    "S": _("sure: the network's own text, or two sources"),
    "P": _("published once, by one credible source"),
    "D": _("derived from what is published"),
    "F": _("a free choice of ours: nothing is published"),
}
OF_MEMBERS, OF_PREMIUM, OF_PAIRS = _("share of members"), _("share of premium members"), _("share of pairs")
OF_INMAILS, OF_OPENED, OF_ANSWERS = _("share of InMails"), _("share of opened InMails"), _("share of answers")
ODDS, RATE, USD = _("factor of the odds"), _("factor of the rate"), "USD"

SCENARIO = {
    "name": Words(_("Name"), "", "", _("What the experiment is called in lists and on its report.")),
    "members": Words(
        _("Members"), _("people"), "F", _("From 1,000 to 300 million. The network had 300 million in April 2014.")
    ),
    "load": Words(
        _("Load"), _("factor"), "F", _("How many more InMails everybody intends: 2 is twice as many as usual.")
    ),
    "start": Words(_("First day"), _("calendar day"), "F", _("Weekdays and billing days follow the calendar.")),
    "days": Words(_("Length"), _("days"), "F", _("From 1 to 1,000. A policy with a deadline of 90 days needs more.")),
    "replications": Words(
        _("Replications"),
        _("times"),
        "F",
        _("How often everything is drawn anew; at most so often where a precision is wanted."),
    ),
    "measure": Words(
        _("What it is about"), "", "F", _("The measure that the verdict speaks of and precision refers to.")
    ),
    "precision": Words(
        _("Wanted precision"),
        _("share of the first arm's value"),
        "F",
        _("Half the width of that measure's interval: replications are added until it is reached. Empty: all of them."),
    ),
    "margin": Words(
        _("Margin"), _("share of the first arm's value"), "F", _("A difference surely within it is of no relevance.")
    ),
    "seed": Words(
        _("Seed"),
        _("whole number"),
        "F",
        _("Where all chance comes from: the same seed gives the same people and luck."),
    ),
}
POPULATION = {
    "premium": Words(
        _("Premium"), OF_MEMBERS, "D", _("Who pays, and so has credits and sends. A training world has 0.1.")
    ),
    "plans": Words(
        _("Plans of premium members"),
        _("shares: Career, Business, Sales, Recruiter Lite, Recruiter Services, Recruiter"),
        "F",
        _("They sum to 1."),
    ),
    "declares": Words(
        _("Declare interests"), OF_MEMBERS, "F", _("Who says what they welcome; the others are undeclared.")
    ),
    "declared": Words(_("How many interests"), _("shares: one, two, three, four"), "F", _("Of those who declare any.")),
    "popularity": Words(
        _("Popularity of interests"),
        _("weights of the eight categories"),
        "F",
        _("In the order of the composer, from career opportunity to getting back in touch."),
    ),
    "off": Words(_("InMail off"), OF_MEMBERS, "F", _("Who has switched InMail off at the start.")),
    "no_free": Words(
        _("No free InMails"), OF_MEMBERS, "F", _("Who receives InMails, but not free ones to open profiles.")
    ),
    "open_profile": Words(_("Open profile"), OF_PREMIUM, "F", _("To whom one writes for nothing, if they accept it.")),
    "open_to_work": Words(
        _("Open to work"), OF_MEMBERS, "F", _("Who is glad of career opportunities, and declares them.")
    ),
    "active": Words(
        _("Active in a month"), OF_MEMBERS, "S", _("Who is not active never opens anything in that month.")
    ),
    "degrees": Words(
        _("Degrees"),
        _("shares of pairs: out of network, 1st, 2nd"),
        "F",
        _("The rest is 3rd degree. InMail to the 1st degree is refused."),
    ),
    "shared_group": Words(_("Group in common"), OF_PAIRS, "F", _("Sender and recipient are in the same group.")),
    "former_colleagues": Words(
        _("Former employer in common"), OF_PAIRS, "F", _("They once worked for the same employer.")
    ),
    "lowest_score": Words(
        _("Lowest score notified"),
        _("stars"),
        "P",
        _("InMails of senders below it are delivered without notification."),
    ),
}
SENDERS = {
    "mix": Words(
        _("Strategies"),
        _("shares: targeted, bulk, opportunist, learner"),
        "F",
        _("Targeted looks for a match, bulk writes to anyone, opportunists declare falsely, learners heed the score."),
    ),
    "volumes": Words(
        _("How much they send"),
        _("share of senders: InMails a month that so many stay under"),
        "S",
        _("Half of the premium senders intend four or fewer a month, two in a hundred intend hundreds."),
    ),
    "weekdays": Words(_("Weekdays"), _("shares, Monday first"), "F", _("On which days they write.")),
    "categories": Words(
        _("What they write about"), _("shares of the eight categories"), "F", _("In the order of the composer.")
    ),
    "bulk_lengths": Words(
        _("Lengths in bulk"),
        _("shares: up to 400, 800, 1,200 characters, longer"),
        "F",
        _("Of InMails written in bulk."),
    ),
    "other_lengths": Words(
        _("Lengths otherwise"), _("shares: up to 400, 800, 1,200 characters, longer"), "F", _("Of all other InMails.")
    ),
    "candidates": Words(
        _("Candidates looked at"),
        _("members"),
        "F",
        _("For each InMail, a targeted sender takes the first who welcomes it."),
    ),
    "learns_below": Words(
        _("A learner learns below"), _("stars"), "F", _("With a lower score it writes as a targeted sender.")
    ),
}
WELFARE = {
    "credit": Words(_("A credit"), USD, "S", _("What extra credits cost in 2014.")),
    "sender_interested": Words(_("To a sender: interest"), USD, "F", _("What an interested answer is worth.")),
    "sender_reply": Words(_("To a sender: a reply"), USD, "F", _("What an answer in own words is worth.")),
    "recipient_interested": Words(_("To a recipient: interest"), USD, "F", _("What an interesting InMail is worth.")),
    "recipient_opened": Words(_("To a recipient: attention"), USD, "F", _("What it costs to open one.")),
    "recipient_mismatch": Words(
        _("To a recipient: a mismatch"), USD, "F", _("What it costs besides if it does not match.")
    ),
    "recipient_report": Words(_("To a recipient: annoyance"), USD, "F", _("What an InMail costs that is reported.")),
    "platform_switch_off": Words(
        _("To the platform: a switch-off"),
        USD,
        "F",
        _("What a member who switches InMail off will not bring any more."),
    ),
}

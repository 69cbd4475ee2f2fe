"""How people answer, in words for people: every parameter of `simulation.character.Behaviour` (DOMAIN 9)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lab.telling.parameters import ODDS, OF_ANSWERS, OF_INMAILS, OF_MEMBERS, OF_OPENED, OF_PAIRS, RATE, Words

REFERENCE = _("Of reference InMails: matching, notified, no load, 3rd degree, one-to-one, of mean length.")
OBSERVED = _("Observational, so shrunk by the power below.")
MISMATCHING = _("When the category is not among those declared.")
BEHAVIOUR = {
    "open": Words(_("Opened"), OF_INMAILS, "P", REFERENCE),
    "answer": Words(_("Answered"), OF_OPENED, "P", REFERENCE),
    "open_mismatch": Words(_("Opening a mismatch"), ODDS, "F", MISMATCHING),
    "open_silent": Words(
        _("Opening without notification"), ODDS, "F", _("When the sender's score is below the threshold.")
    ),
    "fatigue": Words(
        _("Fatigue"), ODDS, "F", _("For each InMail received on the 30 days before; opening and answering.")
    ),
    "answer_mismatch": Words(_("Answering a mismatch"), ODDS, "F", MISMATCHING),
    "degree_1": Words(_("Answering the 1st degree"), ODDS, "F", _("An ordinary message from a connection.")),
    "degree_2": Words(_("Answering the 2nd degree"), ODDS, "F", _("To the 3rd.")),
    "degree_3": Words(_("Answering the 3rd degree"), ODDS, "F", _("What the others are compared with.")),
    "degree_out": Words(_("Answering from out of network"), ODDS, "F", _("To the 3rd.")),
    "length_400": Words(_("Up to 400 characters"), RATE, "S", _("Answers, to those of the mean length.")),
    "length_800": Words(_("401 to 800 characters"), RATE, "S", _("Answers, to those of the mean length.")),
    "length_1200": Words(_("801 to 1,200 characters"), RATE, "S", _("Answers, to those of the mean length.")),
    "length_long": Words(_("More than 1,200 characters"), RATE, "S", _("Answers, to those of the mean length.")),
    "friday": Words(_("On a Friday"), RATE, "P", _("Delivered then, to Sunday to Thursday.")),
    "saturday": Words(_("On a Saturday"), RATE, "P", _("Delivered then, to Sunday to Thursday.")),
    "one_to_one": Words(_("One-to-one"), RATE, "P", _("To bulk. Observational, so shrunk by the power below.")),
    "open_to_work": Words(
        _("Open to work"), RATE, "P", _("A career opportunity to someone open to work; shrunk alike.")
    ),
    "shared_group": Words(_("Group in common"), RATE, "F", OBSERVED),
    "former_employer": Words(_("Former employer in common"), RATE, "F", OBSERVED),
    "shrink": Words(_("Power on the last four"), _("power"), "D", _("They are observational and overlap.")),
    "spam": Words(_("Reported as spam"), OF_OPENED, "F", _("Matching or undeclared.")),
    "inappropriate": Words(_("Reported as inappropriate"), OF_OPENED, "F", _("Matching or undeclared.")),
    "spam_mismatch": Words(_("A mismatch reported as spam"), OF_OPENED, "F", MISMATCHING),
    "inappropriate_mismatch": Words(_("A mismatch reported as inappropriate"), OF_OPENED, "F", MISMATCHING),
    "opportunist_report": Words(
        _("Reports of false categories"), ODDS, "F", _("When a category was declared only to match.")
    ),
    "interested": Words(_("Interested"), OF_ANSWERS, "D", _("Matching or undeclared.")),
    "interested_mismatch": Words(_("Interested in a mismatch"), OF_ANSWERS, "D", MISMATCHING),
    "reply": Words(
        _("Reply in own words"), _("share of the other answers"), "F", _("The rest say that they are not interested.")
    ),
    "switch_off": Words(_("Switch InMail off"), _("chance per InMail"), "F", _("Received, matching or undeclared.")),
    "switch_off_mismatch": Words(_("Switch it off for a mismatch"), _("chance per InMail"), "F", MISMATCHING),
    "delay_mu": Words(
        _("Delay, mean"), _("logarithm of hours"), "P", _("Of 100 answers 65 come within 24 hours, 90 within a week.")
    ),
    "delay_sigma": Words(
        _("Delay, deviation"),
        _("logarithm of hours"),
        "P",
        _("Of 100 answers 65 come within 24 hours, 90 within a week."),
    ),
    "active": Words(_("Active"), OF_MEMBERS, "S", _("On the platform only; the lab takes the one of the population.")),
    "former_colleagues": Words(
        _("Former employer in common"),
        OF_PAIRS,
        "F",
        _("On the platform only; the lab takes the one of the population."),
    ),
    "accept": Words(_("Accept an invitation"), _("share of invitations"), "F", _("On the platform only.")),
}

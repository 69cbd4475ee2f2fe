"""What each measure is called, in which unit it is told and what it means, in words for people.

Law: every measure of `lab.measures` has its words here; a share is told in per cent, its difference in points.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Words(NamedTuple):
    label: str
    unit: str
    definition: str
    is_share: bool = False


PER_CENT = _("per cent of InMails")
USD_MEMBERS = _("USD per 1,000 members and month")
MEASURES: dict[str, Words] = {
    "sent_per_sender_month": Words(
        _("InMails sent"), _("per sender and month"), _("InMails sent, by premium members and months of 30.4 days.")
    ),
    "open_rate": Words(_("Opened"), PER_CENT, _("InMails opened, of all sent."), True),
    "answer_rate": Words(_("Answered"), PER_CENT, _("InMails answered in any way, reports too, of all sent."), True),
    "interested_rate": Words(_("Interested"), PER_CENT, _("InMails answered with interest, of all sent."), True),
    "interested_per_sender_month": Words(
        _("Interested answers"), _("per sender and month"), _("Answers with interest, by premium members and months.")
    ),
    "report_rate": Words(
        _("Reported"), PER_CENT, _("InMails reported as spam or as inappropriate, of all sent."), True
    ),
    "mismatch_share": Words(
        _("Mismatches"), PER_CENT, _("InMails whose category the recipient has not declared among others."), True
    ),
    "net_credits_per_interested": Words(
        _("Credits lost per interested answer"),
        pgettext_lazy("unit", "credits"),
        _("Credits spent that did not come back, by answers with interest: what such an answer costs its sender."),
    ),
    "sends_per_credit_granted": Words(
        _("InMails per credit granted"),
        _("InMails per credit"),
        _("InMails sent, free ones too, by credits of the monthly grants."),
    ),
    "returned_share": Words(
        _("Credits returned"), _("per cent of credits spent"), _("Credits that came back, of those spent."), True
    ),
    "load_mean": Words(
        _("Load on all members"), _("InMails per member and month"), _("InMails received, by all members and months.")
    ),
    "load_top_1_percent": Words(
        _("Load on the top 1 %"),
        _("InMails per member and month"),
        _("The same of the hundredth of members who receive most."),
    ),
    "opt_outs": Words(
        _("Switch-offs"), _("per 1,000 InMails"), _("Recipients who switch InMail off, by InMails sent.")
    ),
    "under_quality_rule": Words(
        _("Under the quality rule"),
        _("per cent of sender-days"),
        _("Days on which a sender is warned, in days of grace, or barred from bulk."),
        True,
    ),
    "hours_to_answer": Words(
        _("Time to the answer"), pgettext_lazy("unit", "hours"), _("From delivery to the answer, on average.")
    ),
    "answered_within_day": Words(
        _("Answered within a day"),
        _("per cent of answers"),
        _("Answers that came within 24 hours, of all answers."),
        True,
    ),
    "score_mean": Words(
        _("Sender score"), pgettext_lazy("unit", "stars"), _("Mean score at the end, of senders who have one.")
    ),
    "welfare_senders": Words(
        _("Welfare of senders"),
        _("USD per sender and month"),
        _("What answers are worth to senders, less the credits that they lose for good."),
    ),
    "welfare_recipients": Words(
        _("Welfare of recipients"),
        USD_MEMBERS,
        _("What interesting InMails are worth to recipients, less attention and annoyance."),
    ),
    "welfare_platform": Words(
        _("Welfare of the platform"),
        USD_MEMBERS,
        _("The credits that senders lose for good, less what members who switch InMail off will not bring any more."),
    ),
}

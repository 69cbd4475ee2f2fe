"""What an arm is made of, in words for people: its policy's preset and the fields in which it may differ."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inmail import policy
from lab.telling.parameters import Words

PRESETS = {
    "2014": _("2014: returned after 7 silent days"),
    "2015": _("2015: returned on an answer within 90 days"),
    "2024": _("2024: as 2015, with today's plans"),
    "no_return": _("No return"),
    "graded": _("Graded: an interested answer gives a credit more"),
    "pay_on_success": _("Pay on success: returned on silence and on a no"),
    "refund_on_no": _("Refund on a no"),
    "attention_bond": _("Attention bond: a reported InMail's credit goes to the recipient"),
}
CATEGORIES = {
    "shown": _("shown: senders see what is welcome"),
    "enforced": _("enforced: a mismatch is refused"),
    "hidden": _("hidden: a match is luck"),
}
CREDITS, DAYS = pgettext_lazy("unit", "credits"), _("days")
ARM = {
    "name": Words(_("Name of the arm"), "", "", _("What it is called on the report; each has another.")),
    "policy": Words(_("Policy"), "", "", _("Where it begins; whatever is left empty below is as there.")),
    "deadline_days": Words(_("Deadline"), DAYS, "S", _("After so many days without an answer it is silence.")),
    "expiry_days": Words(
        _("Unread expiry"), DAYS, "P", _("After so many days an unread InMail cannot be opened any more; 0: never.")
    ),
    "bonus_on_interested": Words(
        _("Bonus on interest"), CREDITS, "P", _("Granted besides, when the answer is interested.")
    ),
    "to_recipient_on_report": Words(
        _("To who reports"), CREDITS, "P", _("Granted to the recipient, when the InMail is reported.")
    ),
    "quality": Words(
        _("The quality rule is in force"), "", "S", _("Who is hardly ever answered is warned, then barred from bulk.")
    ),
    "free_open_profiles": Words(
        _("Writing to open profiles is free"), "", "S", _("Otherwise it costs a credit there too.")
    ),
    "categories": Words(_("Categories"), "", "F", _("What the recipient's interests mean to senders.")),
}
RETURNS = {
    policy.SILENCE: _("silence"),
    policy.INTERESTED: _("interested"),
    policy.REPLY: _("reply"),
    policy.NOT_INTERESTED: _("not interested"),
    policy.REPORT: _("report"),
}

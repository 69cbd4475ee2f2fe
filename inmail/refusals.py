"""The sentence for each code of refusal: what is so, and what to do instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from inmail import counting
from inmail import eligibility as rules

SENTENCES = {
    rules.SELF: _("This is your own profile; choose another member."),
    rules.GONE: _("This member has left the platform and cannot be written to."),
    rules.UNAVAILABLE: _("This member is unavailable."),
    rules.FIRST_DEGREE: _("You are connected: write an ordinary message, free of charge, instead of an InMail."),
    rules.RECEPTION_OFF: _("This member does not receive InMail; invite them to connect instead."),
    rules.NO_CREDITS: _(
        "You have no credits left; wait for the next grant, buy extra credits or choose a larger plan, "
        "or write to members with an open profile, which is free."
    ),
    rules.AWAITING: _("Your earlier InMail to this member still awaits an answer; wait for it or for its deadline."),
    rules.SUSPENDED: _("After reports you cannot send new InMails for now; you can go on in open threads."),
    rules.BULK_SUSPENDED: _("Too few of your recent InMails had a response: write to one member at a time for now."),
    rules.UNDELIVERABLE: _("It could not be delivered for a technical reason; you may send it again."),
    "not_dead": _("This delivery is no longer waiting for a decision."),
    "not_undoable": _("It has already been delivered; it can no longer be undone."),
    "not_withdrawable": _("Only an InMail that is delivered and unread can be withdrawn."),
    "already_answered": _("This InMail has been answered already; go on in the conversation."),
    "expired": _("This InMail has expired; it can no longer be opened or answered."),
    "withdrawn": _("The sender has withdrawn this InMail."),
    "not_open": _("You can write here once the InMail has been answered, or when you are connected."),
    "no_shared_group": _("You are not in this group together any more."),
    "idempotency_key_reused": _("This key was used for another InMail; choose a new key for a new one."),
}


@dataclass(frozen=True)
class Refusal:
    code: str
    message: str


def explain(codes: Iterable[str]) -> list[Refusal]:
    """Codes with their sentences, in the language in force."""
    return [Refusal(code, str(SENTENCES[code])) for code in codes]


class Refused(Exception):
    """The rules refuse; `codes` in the order of the rules, at least one."""

    def __init__(self, codes: Iterable[str]):
        self.codes = list(codes)
        counting.refused(self.codes)  # by whichever door the act came
        super().__init__(", ".join(self.codes))

    @property
    def refusals(self) -> list[Refusal]:
        return explain(self.codes)

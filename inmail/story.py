"""What became of an InMail, told to its sender step by step. Law: no report is told before the deadline has passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmail import sight
from inmail.models import Answer, Inmail, Status
from inmail.refusals import explain

DONE, OPEN, FAILED = "done", "open", "failed"


@dataclass(frozen=True)
class Step:
    label: str
    at: datetime | None = None
    state: str = DONE
    note: str = ""


def steps(inmail: Inmail, sender, *, now: datetime) -> list[Step]:
    """The steps so far, and the one that is awaited."""
    seen = sight.of(inmail, sender)
    cost = ngettext("%(n)s credit", "%(n)s credits", inmail.cost) % {"n": inmail.cost} if inmail.cost else _("free")
    told = [Step(_("Sent"), inmail.created_at, note=cost)]
    if inmail.status == Status.CANCELLED:
        return [*told, Step(_("Undone"), inmail.settled_at, FAILED, _returned(inmail))]
    if inmail.status == Status.REFUSED:
        told.append(Step(_("Refused at delivery"), inmail.settled_at, FAILED, _returned(inmail)))
        return [*told, *(Step(refusal.message, state=FAILED) for refusal in explain([inmail.refusal]))]
    if inmail.status == Status.QUEUED:
        return [*told, Step(_("Delivery"), state=OPEN)]
    told.append(Step(_("Delivered"), inmail.delivered_at))
    if inmail.status == Status.WITHDRAWN:
        return [*told, Step(_("Withdrawn"), inmail.settled_at, FAILED, _("no credit back") if inmail.cost else "")]
    told.append(Step(_("Opened"), inmail.opened_at) if inmail.opened_at else _unopened(inmail))
    told += _end(inmail, seen, sight.settled_at(inmail, sender, now=now), now)
    return sorted(told, key=lambda step: step.at) if all(step.at for step in told) else told


def is_unanswered(inmail: Inmail, sender, *, now: datetime) -> bool:
    """Whether its deadline has passed without an answer that its sender knows of."""
    there = inmail.status not in (Status.WITHDRAWN, Status.REFUSED, Status.CANCELLED)
    return (
        there and not sight.of(inmail, sender).answer and inmail.deadline_at is not None and inmail.deadline_at <= now
    )


def _returned(inmail: Inmail) -> str:
    return _("credit returned") if inmail.returned else ""


def _unopened(inmail: Inmail) -> Step:
    if inmail.status == Status.EXPIRED:
        return Step(_("Expired unread"), inmail.expires_at, FAILED)
    return Step(_("Not opened yet"), state=OPEN)


def _end(inmail: Inmail, seen: sight.Sight, settled_at: datetime | None, now: datetime) -> list[Step]:
    """Answer and settlement, which can come in either order."""
    answered = [Step(str(Answer(seen.answer).label), seen.answered_at)] if seen.answer else []
    past = inmail.deadline_at is not None and inmail.deadline_at <= now
    if not answered and not past:
        until = {"date": date_format(inmail.deadline_at, _("j M Y, H:i"))}
        return [Step(_("Answer"), state=OPEN, note=_("awaited until %(date)s") % until)]
    if not answered:
        answered = [Step(_("No answer by the deadline"), inmail.deadline_at, FAILED)]
    if not inmail.cost or settled_at is None:
        return answered
    if inmail.returned:
        settled = Step(_("Credit returned"), settled_at)
    else:
        settled = Step(_("No credit back"), settled_at, OPEN)
    return sorted([*answered, settled], key=lambda step: step.at)

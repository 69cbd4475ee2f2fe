"""The boxes: focused, other, awaiting, sent, drafts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from accounts import cursor, impersonation
from accounts.models import Member
from clock import timeline as clock
from inmail import boxes, sight, story
from inmail.models import Draft, Inmail, Status, Thread
from inmail.views.guard import member_only, page_or_part


@dataclass(frozen=True)
class Line:
    """One line of a box."""

    key: int | str
    url: str
    member: Member
    instant: datetime
    title: str = ""
    preview: str = ""
    kind: str = ""
    match: str | None = ""
    status: str = ""
    note: str = ""
    unread: bool = False


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    url: str
    count: int


LABELS = {
    "focused": gettext_lazy("Focused"),
    "other": gettext_lazy("Other"),
    "awaiting": gettext_lazy("Awaiting"),
    "sent": pgettext_lazy("box", "Sent"),
    "drafts": gettext_lazy("Drafts"),
}
EMPTY = {
    "focused": (
        gettext_lazy("Nothing here yet"),
        gettext_lazy("What others write to you arrives here, without reloading."),
    ),
    "other": (
        gettext_lazy("Nothing set aside"),
        gettext_lazy("InMails on subjects you did not ask for, or from senders with a low score, wait here."),
    ),
    "awaiting": (
        gettext_lazy("Nobody owes you an answer"),
        gettext_lazy("An InMail stands here from sending until its answer or its deadline."),
    ),
    "sent": (gettext_lazy("You have sent no InMail yet"), gettext_lazy("Each one costs a credit, so choose well.")),
    "drafts": (gettext_lazy("No drafts"), gettext_lazy("What you begin and do not send waits here.")),
}


@require_safe
@member_only
def inbox(request):
    box = request.GET.get("box", "focused")
    if box not in LABELS:
        raise Http404
    live = clock.live()
    page = PAGES[box](request, live)
    if impersonation.is_on(request.user):
        page.rows = [replace(row, title="", preview=str(impersonation.WITHHELD)) for row in page.rows]
    sentence, why = EMPTY[box]
    context = {
        "box": box,
        "page": page,
        "boxes": _tabs(live, request.user),
        "notice": page.notice,
        "empty": {"sentence": sentence, "why": why},
    }
    return page_or_part(request, "inmail/inbox.html", "inmail/_box.html", context)


def _tabs(live, member: Member) -> list[Tab]:
    counts, url = boxes.counts(live, member), reverse("inmail:inbox")
    return [Tab(name, label, f"{url}?box={name}", getattr(counts, name, 0)) for name, label in LABELS.items()]


def _threads(request, rows) -> cursor.Page:
    page = cursor.page_for(request, rows, order=boxes.NEWEST, name="threads")
    page.rows = [_thread_line(thread, request.user) for thread in page.rows]
    return page


def _thread_line(thread: Thread, member: Member) -> Line:
    inmail = thread.inmail if thread.kind == Thread.Kind.INMAIL else None
    partner = thread.other if thread.opener_id == member.pk else thread.opener
    received = inmail is not None and inmail.recipient_id == member.pk
    kind = inmail.get_category_display() if inmail else thread.group.name if thread.group else ""
    return Line(
        key=thread.pk,
        url=reverse("inmail:thread", args=[thread.pk]),
        member=partner,
        instant=thread.seen_at,
        title=thread.subject,
        preview=thread.last_text or (inmail.body[: boxes.PREVIEW] if inmail else ""),
        kind=kind,
        match=inmail.outcome.match if received and hasattr(inmail, "outcome") else "",
        status="" if inmail is None or received else str(Status(sight.of(inmail, member).status).label),
        unread=thread.is_unread,
    )


def _inmails(request, rows, now) -> cursor.Page:
    page = cursor.page_for(request, rows, order=("-pk",), name="inmails")
    page.rows = [_inmail_line(inmail, request.user, now) for inmail in page.rows]
    return page


def _inmail_line(inmail: Inmail, sender: Member, now: datetime) -> Line:
    seen = sight.of(inmail, sender)
    unanswered = story.is_unanswered(inmail, sender, now=now)
    return Line(
        key=inmail.thread_id,
        url=reverse("inmail:thread", args=[inmail.thread_id]),
        member=inmail.recipient,
        instant=inmail.created_at,
        title=inmail.subject,
        preview=inmail.body[: boxes.PREVIEW],
        kind=inmail.get_category_display(),
        match=seen.match,
        status=_("unanswered") if unanswered else str(Status(seen.status).label),
        note=_("credit returned") if seen.returned else "",
    )


def _drafts(request, live) -> cursor.Page:
    page = cursor.page_for(
        request, boxes.drafts(live, request.user), order=("-saved_at", "-recipient_id"), name="drafts"
    )
    page.rows = [_draft_line(draft) for draft in page.rows]
    return page


def _draft_line(draft: Draft) -> Line:
    return Line(
        key=str(draft.key),
        url=reverse("inmail:compose", args=[draft.recipient.handle]),
        member=draft.recipient,
        instant=draft.saved_at,
        title=draft.subject or _("(no subject yet)"),
        preview=draft.body[: boxes.PREVIEW],
        kind=draft.get_category_display(),
    )


PAGES = {
    "focused": lambda request, live: _threads(request, boxes.focused(live, request.user)),
    "other": lambda request, live: _threads(request, boxes.other(live, request.user)),
    "awaiting": lambda request, live: _inmails(request, boxes.awaiting(live, request.user), live.now_at),
    "sent": lambda request, live: _inmails(request, boxes.sent(live, request.user), live.now_at),
    "drafts": _drafts,
}

"""A conversation: read, answer, go on, undo, withdraw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import impersonation, network
from accounts.models import Member
from clock import timeline as clock
from inmail import conversation, drafts, idempotency, messaging, sight, story
from inmail.forms import AnswerForm, MessageForm
from inmail.models import Inmail, Status, Thread
from inmail.models.letters import REPORTS
from inmail.refusals import Refusal, Refused
from inmail.views.compose import undo_seconds
from inmail.views.guard import REFUSED, is_changed, member_only, once, page_or_part, refusal_of
from privacy import blocks

NEWEST = 200


@dataclass(frozen=True)
class Item:
    """One text of the conversation."""

    author: Member
    body: str
    at: datetime
    mine: bool
    category: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@member_only
def thread(request, pk):
    shown = _mine(request.user, pk)
    if request.method == "POST":
        return _write_on(request, shown)
    gone = [] if impersonation.is_on(request.user) else _open(shown, request.user)
    return _page(request, shown, refusals=gone)


@require_POST
@member_only
def answer(request, pk):
    """The recipient's answer to an InMail."""
    inmail = get_object_or_404(Inmail.objects.received_by(request.user), pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, _mine(request.user, inmail.thread_id), form=form, status=400)
    try:
        with clock.moment(inmail.timeline) as at:
            messaging.answer(inmail, answer=form.cleaned_data["answer"], body=form.cleaned_data["body"], at=at)
    except Refused as refused:
        shown = _mine(request.user, inmail.thread_id)
        return _page(request, shown, form=form, refusals=refused.refusals, status=422)
    if form.cleaned_data["answer"] in REPORTS:
        messages.success(request, _("Thank you. The sender does not learn who reported."))
        return redirect("inmail:inbox")
    messages.success(request, _("Your answer is on its way."))
    return redirect("inmail:thread", inmail.thread_id)


@require_POST
@member_only
def undo(request, pk):
    """Take a queued InMail back; its text is a draft again."""
    inmail = get_object_or_404(Inmail.objects.sent_by(request.user).select_related("recipient", "timeline"), pk=pk)
    try:
        with clock.moment(inmail.timeline) as at:
            messaging.undo(inmail, at=at)
            drafts.bring_back(inmail, at=at)
    except Refused as refused:
        messages.warning(request, refused.refusals[0].message)
        return redirect("inmail:thread", inmail.thread_id)
    messages.success(request, _("Undone: nothing was sent, the credit is back and the text is a draft again."))
    return redirect("inmail:compose", inmail.recipient.handle)


@require_POST
@member_only
def withdraw(request, pk):
    inmail = get_object_or_404(Inmail.objects.sent_by(request.user), pk=pk)
    try:
        with clock.moment(inmail.timeline) as at:
            messaging.withdraw(inmail, at=at)
    except Refused as refused:
        messages.warning(request, refused.refusals[0].message)
    else:
        messages.success(request, _("The InMail is withdrawn."))
    return redirect("inmail:thread", inmail.thread_id)


def _mine(member: Member, pk: int) -> Thread:
    """The thread with both sides, when `member` is one of them and has something to see in it."""
    rows = Thread.objects.select_related("timeline", "opener", "other", "group", "inmail__outcome")
    own = rows.filter(pk=pk, inmail__sender=member) | rows.visible_to(member).filter(pk=pk)
    found = own.first()
    if found is None:
        raise Http404
    if impersonation.is_on(member):
        found.subject = ""
    return found


def _open(shown: Thread, member: Member) -> list[Refusal]:
    """Reading opens an InMail; why it cannot be read, if it cannot."""
    inmail = _inmail(shown)
    unread = shown.opener_unread if shown.opener_id == member.pk else shown.other_unread
    if inmail and inmail.recipient_id == member.pk and inmail.status in (Status.DELIVERED, Status.EXPIRED):
        try:
            with clock.moment(shown.timeline) as at:
                shown.inmail = messaging.open(inmail, at=at)
        except Refused as refused:
            return refused.refusals
    elif unread:
        conversation.read(shown, member)
    return []


def _inmail(shown: Thread) -> Inmail | None:
    return shown.inmail if shown.kind == Thread.Kind.INMAIL else None


def _write_on(request, shown: Thread):
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, form=form, status=400)
    body, token = form.cleaned_data["body"], form.cleaned_data["token"]
    try:
        with clock.moment(shown.timeline) as at:
            once(
                request.user,
                token,
                lambda: {"message": conversation.write_on(shown, request.user, body=body, at=at).pk},
                of=idempotency.fingerprint("thread", shown.pk, body),
            )
    except REFUSED as error:
        refusals, status = refusal_of(error)
        if is_changed(error):
            form.again()
        return _page(request, shown, form=form, refusals=refusals, status=status)
    return redirect(reverse("inmail:thread", args=[shown.pk]) + "#newest")


def _page(request, shown: Thread, *, form=None, refusals=(), status: int = 200):
    member, inmail, now = request.user, _inmail(shown), clock.now(shown.timeline)
    partner = shown.other if shown.opener_id == member.pk else shown.opener
    unreadable = inmail and inmail.recipient_id == member.pk and bool(refusals) and inmail.opened_at is None
    can_answer = bool(inmail) and inmail.recipient_id == member.pk and not inmail.is_answered and not unreadable
    can_reply = not can_answer and not unreadable and conversation.is_open(shown, member.pk)
    apart = blocks.keeps_from(partner, member)
    context = {
        "thread": shown,
        "partner": partner,
        "apart": apart,
        "degree": None if apart else network.degree(member, partner),
        "items": [] if unreadable else _items(shown, member),
        "inmail": inmail,
        "refusals": refusals,
        "can_answer": can_answer,
        "can_reply": can_reply,
        "reply_form": form or (AnswerForm() if can_answer else MessageForm() if can_reply else None),
        **(_of_sender(inmail, member, now) if inmail and inmail.sender_id == member.pk else {}),
    }
    return page_or_part(request, "inmail/thread.html", "inmail/_thread_state.html", context, status=status)


def _items(shown: Thread, member: Member) -> list[Item]:
    inmail, people = _inmail(shown), {shown.opener_id: shown.opener, shown.other_id: shown.other}
    newest = reversed(shown.texts.order_by("-at", "-pk")[:NEWEST])
    items = [Item(people[text.author_id], text.body, text.at, text.author_id == member.pk) for text in newest]
    if inmail is not None:
        mine = inmail.sender_id == member.pk
        at = inmail.created_at if mine else inmail.delivered_at
        items.insert(0, Item(people[inmail.sender_id], inmail.body, at, mine, inmail.get_category_display()))
    if impersonation.is_on(member):
        return [replace(item, body=str(impersonation.WITHHELD)) for item in items]
    return items


def _of_sender(inmail: Inmail, sender: Member, now: datetime) -> dict:
    """What only the sender is shown: steps, match, undo and withdraw."""
    queued = inmail.status == Status.QUEUED
    left = (inmail.release_at - timezone.now()).total_seconds() if queued and inmail.release_at else 0
    seen = sight.of(inmail, sender)
    return {
        "steps": story.steps(inmail, sender, now=now),
        "match": seen.match,
        "can_undo": queued and left > 0,
        "undo_seconds": max(0, round(left)),
        "undo_window": max(undo_seconds(sender), 1),
        "is_queued": queued,
        "can_withdraw": inmail.can_be_withdrawn,
        "poll": seen.status in (Status.QUEUED, Status.DELIVERED, Status.OPENED),
    }

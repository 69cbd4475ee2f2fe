"""Free messages: to a connection, and from a group's page to a fellow member."""

from __future__ import annotations

from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts import network
from accounts.models import Group
from clock import timeline as clock
from inmail import conversation, eligibility, facts, idempotency
from inmail.forms import MessageForm
from inmail.models import Thread
from inmail.views.guard import REFUSED, is_changed, member_only, member_or_404, once, refusal_of
from privacy import blocks


@require_http_methods(["GET", "HEAD", "POST"])
@member_only
def message(request, handle):
    """To a 1st-degree connection; anyone else is reached from the profile."""
    recipient = member_or_404(request.user, handle)
    live = clock.live()
    pair = facts.of(live, request.user, recipient, at=live.now_at)
    if request.method != "POST" and eligibility.FIRST_DEGREE not in pair.refusals:
        return redirect("inmail:profile", recipient.handle)
    begun = _direct(live, request.user, recipient) if request.method != "POST" else None
    if begun:
        return redirect("inmail:thread", begun.pk)
    return _write(request, recipient, live, None)


@require_http_methods(["GET", "HEAD", "POST"])
@member_only
def group_message(request, slug, handle):
    group = get_object_or_404(Group, slug=slug, memberships__member=request.user)
    recipient = member_or_404(request.user, handle)
    get_object_or_404(group.memberships, member=recipient)
    return _write(request, recipient, clock.live(), group)


def _direct(live, member, partner) -> Thread | None:
    """The conversation that the two have already begun."""
    either = Q(opener=partner) | Q(other=partner)
    return Thread.objects.on(live).visible_to(member).filter(either, kind=Thread.Kind.DIRECT).first()


def _write(request, recipient, live, group: Group | None):
    form, refusals, status = MessageForm(request.POST or None), [], 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return redirect("inmail:thread", _write_once(request.user, recipient, live, group, form.cleaned_data))
            except REFUSED as error:
                refusals, status = refusal_of(error)
                if is_changed(error):
                    form.again()
    apart = blocks.keeps_from(recipient, request.user)
    degree = None if apart else network.degree(request.user, recipient)
    context = {"recipient": recipient, "apart": apart, "degree": degree, "group": group, "form": form}
    context["refusals"] = refusals
    return render(request, "inmail/message.html", context, status=status)


def _write_once(author, recipient, live, group: Group | None, typed: dict) -> int:
    """The thread in which the message stands, written once however often the button is pressed."""
    with clock.moment(live) as at:

        def act() -> dict:
            if group is None:
                return {"thread": conversation.direct(live, author, recipient, body=typed["body"], at=at).thread_id}
            written = conversation.in_group(live, author, recipient, group, body=typed["body"], at=at)
            return {"thread": written.thread_id}

        of = idempotency.fingerprint("message", recipient.pk, group and group.pk, typed["body"])
        return once(author, typed["token"], act, of=of)["thread"]

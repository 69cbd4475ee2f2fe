"""The composer: write, keep, send once."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts import impersonation, network
from accounts.models import Member
from clock import timeline as clock
from inmail import drafts, eligibility, facts, idempotency, messaging, policy, refusals, terms
from inmail.forms import ComposeForm
from inmail.models import Draft, Match
from inmail.views.guard import REFUSED, is_changed, member_only, member_or_404, once, refusal_of
from inmail.views.profile import Common
from privacy import reception
from privacy.models import Category

ELSEWHERE = {eligibility.SELF, eligibility.GONE, eligibility.UNAVAILABLE}


@require_http_methods(["GET", "HEAD", "POST"])
@member_only
def compose(request, handle):
    recipient = member_or_404(request.user, handle)
    if request.method == "POST":
        return ACTS.get(request.POST.get("act"), _send)(request, recipient)
    live = clock.live()
    pair = facts.of(live, request.user, recipient, at=live.now_at)
    if eligibility.FIRST_DEGREE in pair.refusals:
        return redirect("inmail:message", recipient.handle)
    if ELSEWHERE.intersection(pair.refusals):
        return redirect("inmail:profile", recipient.handle)
    draft = Draft() if impersonation.is_on(request.user) else drafts.of(live, request.user, recipient)
    form = ComposeForm(initial={"category": draft.category, "subject": draft.subject, "body": draft.body})
    return _page(request, recipient, live, pair, form, draft, [], beforehand=True)


@require_POST
@member_only
def save_draft(request, handle):
    """What is kept as one types; answers a few words for the page."""
    try:
        saved = _kept(request, member_or_404(request.user, handle))
    except idempotency.StillRunning as error:
        return HttpResponse(str(error), status=409)
    if saved is None:
        return HttpResponseBadRequest(_("That cannot be saved."))
    return HttpResponse(_("Draft saved") if saved else "")


def _keep(request, recipient: Member):
    try:
        saved = _kept(request, recipient)
    except idempotency.StillRunning as error:
        return _anew(request, recipient, ComposeForm(request.POST), _key(request), *refusal_of(error))
    if saved is None:
        return HttpResponseBadRequest(_("That cannot be saved."))
    messages.success(request, _("The draft is saved."))
    return redirect(reverse("inmail:inbox") + "?box=drafts")


def _kept(request, recipient: Member, *, key: uuid.UUID | None = None) -> bool | None:
    """Whether there was something to keep; None when it cannot be kept."""
    text = {name: request.POST.get(name, "") for name in ("category", "subject", "body")}
    key = key or _key(request)
    if key is None or any("\0" in value for value in text.values()) or recipient == request.user:
        return None
    live = clock.live()
    with clock.moment(live) as at:
        return drafts.keep(live, request.user, recipient, key=key, at=at, **text) is not None


def _key(request) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("draft", ""))
    except ValueError:
        return None


def _send(request, recipient: Member):
    form, live, key = ComposeForm(request.POST), clock.live(), _key(request) or uuid.uuid4()
    why, status = [], 400
    if form.is_valid():
        try:
            sent = _send_once(request.user, recipient, live, form, key)
            if sent["match"] == Match.MISMATCH:
                messages.warning(request, _("It is not among what the recipient welcomes: less likely to be opened."))
            return redirect("inmail:thread", sent["thread"])
        except REFUSED as error:
            why, status = refusal_of(error)
            if is_changed(error):
                key = uuid.uuid4()
    return _anew(request, recipient, form, key, why, status)


def _anew(request, recipient: Member, form: ComposeForm, key: uuid.UUID, why: list, status: int):
    """The page as it was typed, with why it was not done."""
    live = clock.live()
    pair = facts.of(live, request.user, recipient, at=live.now_at)
    if ELSEWHERE.intersection(pair.refusals):
        return _lead_away(request, recipient, live, pair)
    return _page(request, recipient, live, pair, form, Draft(key=key), why, status=status)


def _lead_away(request, recipient: Member, live, pair: facts.Pair):
    """To the bare profile, with the reason: this page would show what is no longer the sender's to see."""
    if _kept(request, recipient, key=uuid.uuid4()):
        messages.info(request, _("The draft is saved."))
    for refusal in refusals.explain(pair.refusals):
        messages.warning(request, refusal.message)
    return redirect("inmail:profile", recipient.handle)


def _preview(request, recipient: Member):
    """The letter as the recipient will see it, and how its category fits; nothing is sent."""
    form, live, key = ComposeForm(request.POST), clock.live(), _key(request) or uuid.uuid4()
    pair = facts.of(live, request.user, recipient, at=live.now_at)
    if ELSEWHERE.intersection(pair.refusals):
        return _lead_away(request, recipient, live, pair)
    letter = None
    if form.is_valid():
        letter = form.cleaned_data | {"category": Category(form.cleaned_data["category"]).label}
    more = {"status": 200, "preview": letter, "beforehand": True} if letter else {"status": 400}
    return _page(request, recipient, live, pair, form, Draft(key=key), [], **more)


def _send_once(sender: Member, recipient: Member, live, form: ComposeForm, key: uuid.UUID) -> dict:
    """The thread and the match of the one sending that this page leads to."""
    letter = messaging.Letter(**form.cleaned_data)
    with clock.moment(live) as at:
        drafts.hold(key)

        def act() -> dict:
            sent = messaging.send(live, sender, recipient, letter, at=at, undo_seconds=undo_seconds(sender))
            drafts.drop(live, sender, recipient)
            return {"thread": sent.thread_id, "match": sent.match}

        of = idempotency.fingerprint("inmail", recipient.pk, letter.category, letter.subject, letter.body)
        return once(sender, key, act, of=of)


def undo_seconds(member: Member) -> int:
    """The undo window of wall time that `member` has chosen."""
    return settings.UNDO_SECONDS if member.undo_seconds is None else member.undo_seconds


def _page(request, recipient, live, pair: facts.Pair, form, draft: Draft, why, *, status: int = 200, **more):
    category = form["category"].value()
    standing = refusals.explain(pair.refusals)  # while any stands, sending is not offered
    groups = list(network.shared_groups(request.user, recipient)) if pair.facts.shared_groups else []
    count, _sample = network.shared_connections(request.user, recipient, sample=0)
    context = {
        "recipient": recipient,
        "degree": network.degree(request.user, recipient),
        "common": Common(count, []),
        "groups": groups,
        "free_group": _free_group(groups, recipient),
        "form": form,
        "draft": draft,
        "interests": [(value, Category(value).label) for value in pair.interests],
        "interest_values": " ".join(pair.interests),
        "advice": reception.of(recipient).advice,
        "cost": pair.cost,
        "credits": pair.facts.balance,
        "score": pair.score,
        "return_rule": _return_rule(terms.at(live, live.now_at)),
        "match": pair.match(category) if category in Category.values else "",
        "refusals": standing or why,
        "barred": bool(standing),
    }
    return render(request, "inmail/compose.html", context | more, status=status)


def _free_group(groups: list, recipient: Member) -> dict | None:
    if not groups:
        return None
    return {"name": groups[0].name, "url": reverse("inmail:group_message", args=[groups[0].slug, recipient.handle])}


def _return_rule(rules: policy.Policy) -> str:
    """When the credit comes back under the policy in force, in a few words."""
    days = rules.deadline_days
    if rules.returns.get(policy.SILENCE) and rules.returns.get(policy.REPLY):
        return _("comes back unless it is reported")
    if rules.returns.get(policy.SILENCE):
        return ngettext("comes back if no answer in %(n)s day", "comes back if no answer in %(n)s days", days) % {
            "n": days
        }
    if rules.returns.get(policy.REPLY):
        return ngettext("comes back if answered within %(n)s day", "comes back if answered within %(n)s days", days) % {
            "n": days
        }
    if rules.returns.get(policy.NOT_INTERESTED):
        return _("comes back if the answer is no")
    return _("does not come back")


def _discard(request, recipient: Member):
    drafts.drop(clock.live(), request.user, recipient)
    messages.success(request, _("The draft is discarded."))
    return redirect(reverse("inmail:inbox") + "?box=drafts")


ACTS = {"save": _keep, "preview": _preview, "discard": _discard}

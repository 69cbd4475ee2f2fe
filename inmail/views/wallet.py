"""Credits: the balance and its history, the score, extra credits, the plan."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import cursor
from clock import timeline as clock
from inmail import idempotency, ledger, policy, statement, subscriptions, terms
from inmail.forms import PlanForm, PurchaseForm
from inmail.models import BulkRule, Sanction, SenderScore
from inmail.models.terms import PlanName
from inmail.views.guard import REFUSED, USED, is_changed, member_only, once, page_or_part, refusal_of


@require_safe
@member_only
def wallet(request):
    return _page(request)


@require_POST
@member_only
def purchase(request):
    form = PurchaseForm(request.POST)
    if not form.is_valid():
        return _page(request, purchase_form=form, status=400)
    live, quantity = clock.live(), form.cleaned_data["quantity"]
    try:
        with clock.moment(live) as at:

            def act() -> dict:
                return {"entry": subscriptions.purchase(live, request.user, quantity=quantity, at=at).pk}

            of = idempotency.fingerprint("credits", quantity)
            once(request.user, form.cleaned_data["token"], act, of=of)
    except (subscriptions.NotSold, ledger.BadAmount) as error:
        form.add_error("quantity", str(error))
        return _page(request, purchase_form=form, status=422)
    except REFUSED as error:
        refusals, status = refusal_of(error, changed=USED)
        if is_changed(error):
            form.again()
        form.add_error("quantity", refusals[0].message)
        return _page(request, purchase_form=form, status=status)
    bought = ngettext("%(n)s credit bought.", "%(n)s credits bought.", quantity) % {"n": quantity}
    messages.success(request, bought)
    return redirect("inmail:credits")


@require_POST
@member_only
def plan(request):
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _page(request, plan_form=form, status=400)
    live, chosen = clock.live(), form.cleaned_data["plan"]
    with clock.moment(live) as at:
        if subscriptions.of(live, request.user) is None:
            subscriptions.join(request.user, plan=chosen, at=at, timeline=live)
        held = subscriptions.choose(live, request.user, plan=chosen, at=at)
    if held.next_plan:
        messages.success(request, _("The new plan begins on the next billing day."))
    else:
        messages.success(request, _("You are on this plan now."))
    return redirect("inmail:credits")


def _page(request, *, purchase_form=None, plan_form=None, status: int = 200):
    member, live = request.user, clock.live()
    now, balance = live.now_at, ledger.balance(live, member)
    rules = terms.at(live, now)
    page = cursor.page_for(request, statement.entries(live, member), order=("-number",), name="entries")
    page.rows = [statement.line(entry) for entry in page.rows]
    score = SenderScore.objects.filter(timeline=live, member=member).first()
    context = {
        "balance": balance,
        "policy": rules.name,
        "page": page,
        "notice": page.notice,
        "chart": statement.chart(live, member, now=now),
        "score": score.score if score else None,
        "answers": score.answers if score else 0,
        "standing": _standing(live, member, now),
        "purchase": _purchase(live, member, rules, now, purchase_form),
        **_plan(live, member, rules, balance, plan_form),
    }
    return page_or_part(request, "inmail/credits.html", "inmail/_entries.html", context, status=status)


def _plan(live, member, rules: policy.Policy, balance: int, form: PlanForm | None) -> dict:
    held = subscriptions.of(live, member)
    name = held.plan if held else PlanName.BASIC
    coming = (held.next_plan if held else None) or name
    numbers = rules.plans[coming]
    starting = 0 if coming == PlanName.BASIC and name != PlanName.BASIC else balance
    return {
        "plan": PlanName(name).label,
        "next_plan": PlanName(held.next_plan).label if held and held.next_plan else "",
        "plan_form": form or PlanForm(initial={"plan": coming}),
        "next_grant_at": held.next_grant_at if held else None,
        "next_grant": policy.monthly_grant(numbers.monthly, numbers.cap, starting),
        "cap": numbers.cap,
    }


def _purchase(live, member, rules: policy.Policy, now, form: PurchaseForm | None) -> dict | None:
    if not rules.purchase_limit and form is None:
        return None
    left = max(0, rules.purchase_limit - subscriptions.bought_this_month(live, member, now))
    return {"form": form or PurchaseForm(), "left": left, "price": rules.credit_price_usd}


def _standing(live, member, now) -> list[str]:
    """What stands against the member's sending now, as sentences."""
    sanction = Sanction.objects.filter(timeline=live, member=member, from_at__lte=now, until_at__gt=now).first()
    rule = BulkRule.objects.filter(timeline=live, member=member).first()
    said = [_("After reports you cannot send new InMails for now.")] if sanction else []
    stages = {
        BulkRule.Stage.WARNED: _("Too few of your InMails have a response: a warning."),
        BulkRule.Stage.GRACE: _("Too few of your InMails have a response: days of grace."),
        BulkRule.Stage.SUSPENDED: _("Too few of your InMails had a response: no sending in bulk for now."),
    }
    return said + ([stages[BulkRule.Stage(rule.stage)]] if rule else [])

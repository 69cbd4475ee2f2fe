"""Plans: choosing one, the monthly grant, extra credits, leaving premium. All of it simulated; no card is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clock import timeline as clock
from clock.models import Timeline
from inmail import ledger, policy, terms
from inmail.models import Kind, LedgerEntry, Reason, Subscription
from inmail.models.terms import PlanName
from privacy import reception

NOT_SOLD, LIMIT = "not_sold", "purchase_limit"
SENTENCES = {
    NOT_SOLD: gettext_lazy("Under the policy in force extra credits are not sold."),
    LIMIT: gettext_lazy("That is more than the extra credits that can be bought in a calendar month."),
}


class NotSold(Exception):
    """Extra credits are refused; `code` is `not_sold` or `purchase_limit`, `message` says so in a sentence."""

    def __init__(self, code: str):
        self.code = code
        self.message = str(SENTENCES[code])
        super().__init__(self.message)


def choices() -> list[tuple[str, str]]:
    """The plans one can choose, with what they give now."""
    now = terms.at(clock.live(), clock.now())
    return [(p.value, f"{p.label} · " + _monthly(now.plans[p.value].monthly)) for p in PlanName]


def _monthly(credits: int) -> str:
    return _("%(n)s credits a month") % {"n": credits}


def of(timeline: Timeline, member) -> Subscription | None:
    return Subscription.objects.filter(timeline=timeline, member=member).first()


def is_premium(member) -> bool:
    """Whether the member has a plan other than Basic on the live timeline."""
    held = Subscription.objects.filter(timeline__name=clock.LIVE, member=member).exclude(plan=PlanName.BASIC)
    return held.exists()


@transaction.atomic
def join(member, *, plan: str, at: datetime, timeline: Timeline | None = None, billing_day: int | None = None):
    """A new member takes `plan`; its first credits are granted at once."""
    timeline = timeline or clock.live()
    day = billing_day or at.day
    subscription = Subscription.objects.create(
        timeline=timeline,
        member=member,
        plan=plan,
        billing_day=day,
        since_at=at,
        next_grant_at=policy.next_billing(at, day),
    )
    _grant_upgrade(timeline, subscription, at=at, reason=Reason.OPENING)
    return subscription


def join_up(member, cleaned_data: dict, at: datetime) -> None:
    """What the sign-up form asks for beyond the member itself: the plan on the live timeline."""
    join(member, plan=cleaned_data.get("plan") or PlanName.BASIC, at=at)


@transaction.atomic
def choose(timeline: Timeline, member, *, plan: str, at: datetime) -> Subscription:
    """Change the plan: a larger one at once, a smaller one from the next billing day."""
    held = Subscription.objects.select_for_update().get(timeline=timeline, member=member)
    numbers = terms.at(timeline, at).plans
    if numbers[plan].monthly > numbers[held.plan].monthly:
        held.plan, held.next_plan = plan, None
        _grant_upgrade(timeline, held, at=at, reason=Reason.UPGRADE)
    else:
        held.next_plan = plan if plan != held.plan else None
    held.save()
    return held


def _grant_upgrade(timeline: Timeline, held: Subscription, *, at: datetime, reason: str) -> None:
    plan = terms.at(timeline, at).plans[held.plan]
    ledger.lock(timeline, held.member)
    balance = ledger.balance(timeline, held.member)
    amount = policy.upgrade_grant(plan.monthly, held.granted_this_period, plan.cap, balance)
    if amount:
        ledger.post(timeline, [ledger.Draft(held.member_id, Kind.GRANT, amount, reason, at)])
    held.granted_this_period += amount
    held.save(update_fields=["granted_this_period"])


@transaction.atomic
def purchase(timeline: Timeline, member, *, quantity: int, at: datetime) -> LedgerEntry:
    """Buy `quantity` extra credits, as far as the policy in force sells them in a calendar month."""
    if isinstance(quantity, bool) or not isinstance(quantity, int) or quantity < 1:
        raise ledger.BadAmount(_("Buy a whole number of credits, at least one."))
    limit = terms.at(timeline, at).purchase_limit
    if not limit:
        raise NotSold(NOT_SOLD)
    ledger.lock(timeline, member)
    if quantity > limit - bought_this_month(timeline, member, at):
        raise NotSold(LIMIT)
    draft = ledger.Draft(member.pk, Kind.PURCHASE, quantity, Reason.BOUGHT, at)
    (pk,) = ledger.post(timeline, [draft])
    return LedgerEntry.objects.get(pk=pk)


def bought_this_month(timeline: Timeline, member, at: datetime) -> int:
    """Extra credits bought in the UTC calendar month of `at`."""
    begin = at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    bought = LedgerEntry.objects.filter(timeline=timeline, member=member, kind=Kind.PURCHASE, at__gte=begin)
    return sum(bought.values_list("amount", flat=True))


def bill(timeline: Timeline, *, at: datetime) -> int:
    """The grants and changes of plan due at the midnight `at`; returns how many grants were made."""
    due = list(
        Subscription.objects.select_for_update().filter(timeline=timeline, next_grant_at__lte=at).order_by("member_id")
    )
    if not due:
        return 0
    numbers = terms.at(timeline, at).plans
    balances = _balances(timeline, (held.member_id for held in due))
    drafts: list[ledger.Draft] = []
    for held in due:
        premium = held.plan != PlanName.BASIC
        drafts += _bill_one(held, numbers, balances.get(held.member_id, 0), at)
        if premium and held.plan == PlanName.BASIC:
            _close_profile(held, at)
    ledger.post(timeline, drafts)
    Subscription.objects.bulk_update(
        due, ["plan", "next_plan", "granted_this_period", "next_grant_at"], batch_size=2_000
    )
    return sum(draft.kind == Kind.GRANT for draft in drafts)


def _bill_one(held: Subscription, numbers, balance: int, at: datetime) -> list[ledger.Draft]:
    drafts = []
    if held.next_plan:
        leaves = held.next_plan == PlanName.BASIC and held.plan != PlanName.BASIC
        held.plan, held.next_plan = held.next_plan, None
        if leaves and balance:
            drafts.append(ledger.Draft(held.member_id, Kind.FORFEIT, -balance, Reason.LEFT_PREMIUM, at))
            balance = 0
    plan = numbers[held.plan]
    amount = policy.monthly_grant(plan.monthly, plan.cap, balance)
    if amount:
        drafts.append(ledger.Draft(held.member_id, Kind.GRANT, amount, Reason.MONTHLY, at))
    held.granted_this_period = amount
    held.next_grant_at = policy.next_billing(at, held.billing_day)
    return drafts


def _close_profile(held: Subscription, at: datetime) -> None:
    """Only premium members have an open profile; reception belongs to the live timeline."""
    if held.timeline.name == clock.LIVE and reception.of(held.member).open_profile:
        reception.change(held.member, at=at, open_profile=False)


def _balances(timeline: Timeline, member_ids: Iterable[int]) -> dict[int, int]:
    from_wallets = ledger.Wallet.objects.filter(timeline=timeline, member_id__in=list(member_ids))
    return dict(from_wallets.values_list("member_id", "balance"))

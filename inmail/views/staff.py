"""For staff: what became of InMails, and the proof of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import cursor, journal
from clock import timeline as clock
from clock.guard import holders_only
from inmail import audit as proofs
from inmail import idempotency, ledger, spreadsheet, statement
from inmail import outcomes as results
from inmail.forms import AdjustmentForm, StatementForm
from inmail.models import Kind, LedgerEntry
from inmail.views.guard import REFUSED, USED, any_member_or_404, is_changed, once, refusal_of, staff_may
from inmail.views.shares import chart, table, total

NEWEST = 20
ENDS = ("opened", "answered", "interested", "reported")


@require_safe
@staff_may("inmail.view_outcome")
def outcomes(request):
    rows = results.summary(clock.live())
    context = {
        "rows": table(rows),
        "total": total(rows),
        "chart": chart(rows),
        "csv_url": reverse("inmail:outcomes_csv"),
    }
    return render(request, "inmail/outcomes.html", context)


@require_safe
@staff_may("inmail.view_outcome")
def outcomes_csv(request):
    def lines():
        yield ["match", "delivered", *(f"{end}{part}" for end in ENDS for part in ("", "_share", "_low", "_high"))]
        for row in results.summary(clock.live()):
            shares = [getattr(row, end) for end in ENDS]
            figures = [
                (s.count, "" if s.share is None else f"{s.share:.4f}", f"{s.low:.4f}", f"{s.high:.4f}") for s in shares
            ]
            yield [row.match, row.delivered, *(value for figure in figures for value in figure)]

    return _csv("outcomes.csv", lines())


def _figures(share: results.Share) -> list:
    known = share.share is not None
    return [share.count, *(f"{value:.4f}" if known else "" for value in (share.share or 0, share.low, share.high))]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may("inmail.view_ledgerentry")
def audit(request):
    if request.method == "POST":
        return _adjust(request)
    if "statement" in request.GET:
        form = StatementForm(request.GET)
        if form.is_valid():
            return redirect("inmail:statement", form.cleaned_data["statement"].handle)
        return _audit_page(request, statement_form=form, status=400)
    return _audit_page(request)


@holders_only("inmail.add_ledgerentry")
def _adjust(request):
    form = AdjustmentForm(request.POST)
    if not form.is_valid():
        return _audit_page(request, form=form, status=400)
    typed, live = form.cleaned_data, clock.live()
    try:
        with clock.moment(live) as at:
            of = idempotency.fingerprint("adjustment", typed["member"].pk, typed["amount"], typed["reason"])
            once(request.user, typed["token"], lambda: _adjusted(request, live, typed, at), of=of)
    except (ledger.BadAmount, ledger.Insufficient) as error:
        form.add_error("amount", str(error) or _("That would make the balance negative."))
        return _audit_page(request, form=form, status=422)
    except REFUSED as error:
        refusals, status = refusal_of(error, changed=USED)
        if is_changed(error):
            form.again()
        form.add_error(None, refusals[0].message)
        return _audit_page(request, form=form, status=status)
    messages.success(request, _("The entry is added."))
    return redirect("inmail:statement", typed["member"].handle)


def _adjusted(request, live, typed: dict, at) -> dict:
    member, said = typed["member"], {"amount": typed["amount"], "reason": typed["reason"]}
    entry = ledger.adjust(live, member, author=request.user, at=at, **said)
    journal.record(request, journal.Act.CREDITS_ADJUSTED, on=member, **said)
    return {"entry": entry.pk}


@dataclass(frozen=True)
class Law:
    title: str
    holds: bool
    detail: str = ""


def _audit_page(request, *, form=None, statement_form=None, status: int = 200):
    proof = proofs.ledger()
    broken = {violation.law: violation for violation in proof.violations}
    made = LedgerEntry.objects.filter(kind=Kind.ADJUSTMENT).select_related("member", "author").order_by("-pk")
    context = {
        "proof": proof,
        "laws": [Law(_(law), law not in broken, _found(broken.get(law))) for law in proof.laws],
        "form": form or AdjustmentForm(),
        "member_form": statement_form or StatementForm(),
        "adjustments": [(entry, statement.signed(entry.amount)) for entry in made[:NEWEST]],
    }
    return render(request, "inmail/audit.html", context, status=status)


def _found(violation: proofs.Violation | None) -> str:
    if violation is None:
        return ""
    return _("found: %(rows)s") % {"rows": ", ".join(str(row) for row in violation.rows)}


@require_safe
@staff_may("inmail.view_ledgerentry")
def member_statement(request, handle):
    member, live = any_member_or_404(handle), clock.live()
    page = cursor.page_for(request, statement.entries(live, member), order=("-number",), name="entries")
    page.rows = [statement.line(entry, with_links=False) for entry in page.rows]
    context = {
        "member": member,
        "balance": ledger.balance(live, member),
        "page": page,
        "csv_url": reverse("inmail:statement_csv", args=[member.handle]),
    }
    return render(request, "inmail/statement.html", context)


@require_safe
@staff_may("inmail.view_ledgerentry")
def statement_csv(request, handle):
    member = any_member_or_404(handle)
    found = ledger.entries(clock.live(), member).select_related("author").order_by("number")
    return _csv(f"statement-{member.handle}.csv", statement.rows(found.iterator(chunk_size=2_000)))


def _csv(name: str, lines: Iterable[list]) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        spreadsheet.lines(lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

"""For staff: deliveries, moves of the clock and mails that failed for good, and what to do with each."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import journal, mailing
from accounts.journal import Act
from accounts.models import WaitingMail
from clock import advances, doorbell
from clock import timeline as clock
from clock.models import Advance
from inmail import delivery
from inmail import jobs as work
from inmail.models import Inmail, Job
from inmail.refusals import Refused
from inmail.views.guard import staff_may

SHOWN = 50


@require_safe
@staff_may("inmail.change_job")
def jobs(request):
    dead = Job.objects.dead().select_related("inmail__sender", "inmail__recipient").order_by("dead_at")
    trying = Job.objects.of_queued().filter(dead_at=None, attempts__gt=1)
    failed = Advance.objects.filter(status=Advance.Status.FAILED).select_related("requested_by")
    context = {
        "dead": dead[:SHOWN],
        "dead_count": dead.count(),
        "trying": trying.count(),
        "failed": failed[:SHOWN],
        "mails": WaitingMail.objects.filter(dead_at__isnull=False).order_by("dead_at")[:SHOWN],
        "most": work.MAX_ATTEMPTS,
    }
    return render(request, "inmail/jobs.html", context)


@require_POST
@staff_may("inmail.change_job")
def retry(request, pk: int):
    """A dead delivery gets its attempts anew."""
    inmail = get_object_or_404(Inmail, pk=pk)
    with clock.moment(inmail.timeline):
        found = work.try_again(inmail.pk)
        if found:
            journal.record(request, Act.JOBS_RETRIED, on=inmail.sender, what=f"InMail {inmail.pk}")
            doorbell.ring("inmail.deliver", inmail.pk)
    return _back(request, found, _("It is being tried again."))


@require_POST
@staff_may("inmail.change_job")
def give_up(request, pk: int):
    """A dead delivery ends; the credit comes back to its sender."""
    inmail = get_object_or_404(Inmail, pk=pk)
    try:
        with clock.moment(inmail.timeline) as at:
            delivery.give_up(inmail, at=at)
            journal.record(request, Act.JOBS_RETURNED, on=inmail.sender, what=f"InMail {inmail.pk}")
    except Refused:
        return _back(request, False, "")
    return _back(request, True, _("It is given up; the credit has come back to the sender."))


@require_POST
@staff_may("inmail.change_job")
def retry_advance(request, pk: int):
    """A move of the clock that failed goes on where the clock stands."""
    wish = get_object_or_404(Advance, pk=pk)
    with clock.moment(wish.timeline):
        found = advances.try_again(wish.pk)
        if found:
            journal.record(request, Act.JOBS_RETRIED, what=f"Clock to {wish.until.isoformat()}")
    return _back(request, found, _("It is being tried again."))


@require_POST
@staff_may("inmail.change_job")
def retry_mail(request, pk: int):
    """A mail that no mail server took is brought there again."""
    with clock.moment():
        found = mailing.try_again(get_object_or_404(WaitingMail, pk=pk).pk)
        if found:
            journal.record(request, Act.JOBS_RETRIED, what=f"Mail {pk}")
            doorbell.ring("accounts.mail")
    return _back(request, found, _("It is being tried again."))


def _back(request, found: bool, sentence: str):
    if found:
        messages.success(request, sentence)
    else:
        messages.info(request, _("This has been seen to already."))
    return redirect("inmail:jobs")

"""Which run an address means to whom: one's own, and for staff with the right any; to others it is not there."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from lab.models import Run, RunQuerySet
from lab.telling import figures


def run_or_404(runs: RunQuerySet, id: UUID | str) -> Run:
    """The run of that address among `runs`."""
    run = runs.filter(public_id=id).first()
    if run is None:
        raise Http404
    return run


def done_or_404(request, id: UUID | str) -> Run:
    """A run that has a report, for its files."""
    return run_or_404(Run.objects.visible_to(request.user).filter(status=Run.Status.DONE), id)


def tell_progress(run: Run) -> Run:
    """With `percent` and `left`, how far it is and about how long it still takes, for templates."""
    run.percent = min(100, round(100 * run.progress))
    left = run.remaining_seconds
    run.left = "" if left is None else figures.duration(left)
    return run

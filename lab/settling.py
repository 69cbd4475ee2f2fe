"""Parts into replications, replications into the report: what is due once parts are done.

Law: sums are taken in the order of the parts and of the replications; the report is made once, and stored under the
condition that the run still runs.
"""

from __future__ import annotations

import json
import logging

from django.db import connection, transaction
from django.db.models.functions import Now

from clock import alone, conflicts
from lab import checkpoint, report, runs
from lab.models import Replication, Run
from lab.shards import Totals

log = logging.getLogger(__name__)
LOCK_SPACE = 1_000_004
# A replication is complete and not summed, or nothing is left to be lived.
DUE = """
SELECT r.id FROM lab_run r WHERE r.status = 'running' AND (%(run)s IS NULL OR r.id = %(run)s) AND (
    EXISTS (SELECT s.replication FROM lab_shard s WHERE s.run_id = r.id
        GROUP BY s.replication HAVING bool_and(s.done_at IS NOT NULL)
        EXCEPT SELECT f.number FROM lab_replication f WHERE f.run_id = r.id)
    OR NOT EXISTS (SELECT FROM lab_shard s WHERE s.run_id = r.id AND s.done_at IS NULL))
ORDER BY r.id
"""
COMPLETE = """
SELECT s.replication FROM lab_shard s WHERE s.run_id = %s
GROUP BY s.replication HAVING bool_and(s.done_at IS NOT NULL)
EXCEPT SELECT f.number FROM lab_replication f WHERE f.run_id = %s ORDER BY 1
"""


def due(run_id: int | None = None) -> list[int]:
    """The runs (or this one, if it is) of which something is to be summed or told."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"run": run_id})
        return [pk for (pk,) in cursor.fetchall()]


def settle(run_id: int) -> None:
    """Do all that is due. Who finds somebody at it leaves: whoever is at it looks again before it goes."""
    while due(run_id):
        with alone.or_not_at_all(LOCK_SPACE, run_id) as mine:
            if not mine:
                return
            try:
                _settle(Run.objects.get(pk=run_id))
            except Run.DoesNotExist:
                return
            except Exception as error:
                if conflicts.is_transient(error):
                    raise
                _give_up(run_id, error)


def _settle(run: Run) -> None:
    for number in _complete(run):
        _fold(run, number)
    if run.shards.filter(done_at=None).exists():
        return
    wanted = runs.scenario_of(run)
    told = [checkpoint.unpack(kept) for kept in run.folded.order_by("number").values_list("sums", flat=True)]
    if wanted.precision is not None and len(told) < run.replications and not report.is_precise(wanted, told):
        with transaction.atomic():
            runs.lay_out(run, wanted, range(len(told), len(told) + 1))
        return
    text = json.dumps(report.report(wanted, told), ensure_ascii=False, allow_nan=False)
    running = Run.objects.filter(pk=run.pk, status=Run.Status.RUNNING)
    running.update(status=Run.Status.DONE, report_json=text, finished_at=Now(), error="")


def _complete(run: Run) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(COMPLETE, [run.pk, run.pk])
        return [number for (number,) in cursor.fetchall()]


def _fold(run: Run, number: int) -> None:
    """One row instead of its parts' sums, of which no more than one is in memory beside the total."""
    parts = run.shards.filter(replication=number)
    total: list[Totals] | None = None
    for pk in parts.order_by("part").values_list("pk", flat=True):
        total = checkpoint.together(total, checkpoint.unpack(parts.values_list("sums", flat=True).get(pk=pk)))
    with transaction.atomic():
        Replication.objects.create(run=run, number=number, sums=checkpoint.pack(total))
        parts.update(sums=None)


def _give_up(run_id: int, error: Exception) -> None:
    """The sums stay: a retry makes the report from them."""
    log.exception("the report of run %s could not be made", run_id)
    sentence = f"The report could not be made: {type(error).__name__}: {error}".splitlines()[0][:300]
    running = Run.objects.filter(pk=run_id, status=Run.Status.RUNNING)
    running.update(status=Run.Status.FAILED, finished_at=Now(), error=sentence)

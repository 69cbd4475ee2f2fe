"""A run's files: the report as the command writes it, and its numbers as long tables, CSV and Parquet.

Law: equal runs give equal bytes; no cell of a CSV is taken for a formula.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator

import pyarrow as pa
from django.http import HttpResponse
from django.views.decorators.http import require_safe
from pyarrow import parquet

from inmail import spreadsheet
from inmail.views.guard import member_only
from lab import runs, writing
from lab.measures import MEASURES
from lab.models import Run
from lab.scenario import ScenarioError
from lab.views.finding import done_or_404, run_or_404

DIFFERENCE = ("base", "other", "difference", "low", "high", "replications", "p", "p_same", "verdict")
UNITS = {measure.name: measure.unit for measure in MEASURES}


@require_safe
@member_only
def scenario_toml(request, id):
    """What was lived, whatever has become of it."""
    run = run_or_404(Run.objects.visible_to(request.user), id)
    try:
        text = writing.toml(runs.scenario_of(run))
    except ScenarioError:  # of another version of the program
        text = run.text
    return _file(run, "toml", text.encode(), "application/toml; charset=utf-8")


@require_safe
@member_only
def report_json(request, id):
    run = done_or_404(request, id)
    text = json.dumps(run.report, indent=1, ensure_ascii=False) + "\n"
    return _file(run, "json", text.encode(), "application/json")


@require_safe
@member_only
def report_csv(request, id):
    run = done_or_404(request, id)
    return _csv(run, "report", ("arm", "replication", "measure", "value"), values(run.report))


@require_safe
@member_only
def differences_csv(request, id):
    run = done_or_404(request, id)
    return _csv(run, "differences", ("arm", "measure", "unit", *DIFFERENCE), differences(run.report))


@require_safe
@member_only
def segments_csv(request, id):
    run = done_or_404(request, id)
    return _csv(run, "segments", ("arm", "by", "segment", "count", "value"), segments(run.report))


@require_safe
@member_only
def report_parquet(request, id):
    """The same rows as report.csv, with their types."""
    run = done_or_404(request, id)
    columns = list(zip(*values(run.report), strict=True))
    types = (pa.string(), pa.int32(), pa.string(), pa.float64())
    names = ("arm", "replication", "measure", "value")
    table = pa.table({n: pa.array(c, t) for n, c, t in zip(names, columns, types, strict=True)})
    kept = io.BytesIO()
    parquet.write_table(table, kept)
    return _file(run, "parquet", kept.getvalue(), "application/vnd.apache.parquet")


def values(report: dict) -> Iterator[tuple]:
    """Every value of every measure: arm, replication (counted from 1), measure, value or None."""
    for arm in report["arms"]:
        for measure, row in arm["values"].items():
            yield from ((arm["name"], number, measure, value) for number, value in enumerate(row, start=1))


def differences(report: dict) -> Iterator[tuple]:
    for arm, by in report["differences"].items():
        for measure, d in by.items():
            yield arm, measure, UNITS[measure], *(d[key] for key in DIFFERENCE)


def segments(report: dict) -> Iterator[tuple]:
    """Every count of every segment, of all replications together."""
    for arm in report["arms"]:
        for axis, by in arm["segments"].items():
            for segment, counts in by.items():
                yield from ((arm["name"], axis, segment, count, value) for count, value in counts.items())


def _csv(run: Run, what: str, head: tuple, rows: Iterable[tuple]) -> HttpResponse:
    text = "".join(spreadsheet.lines([head, *rows]))
    return _file(run, "csv", text.encode(), "text/csv; charset=utf-8", what=what)


def _file(run: Run, ending: str, content: bytes, kind: str, *, what: str = "report") -> HttpResponse:
    name = f"{'scenario' if ending == 'toml' else what}-{run.fingerprint}.{ending}"
    return HttpResponse(content, kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})

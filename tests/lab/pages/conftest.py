"""Runs in every state, made without a worker: their reports are written down by hand."""

import json
from dataclasses import replace
from functools import cache

import pytest

from lab import report, runs, scenario, shards
from lab.models import Run
from tests.lab.conftest import SMALL


@cache
def told(text: str, seed: int) -> str:
    of = replace(scenario.read(text), seed=seed)
    return json.dumps(report.report(of, [shards.replication(of, n) for n in range(of.replications)]))


def finish(run: Run, text: str) -> Run:
    """As the worker leaves it."""
    run.shards.all().delete()
    at, found = run.created_at, told(text, run.seed)
    Run.objects.filter(pk=run.pk).update(status="done", started_at=at, finished_at=at, report_json=found)
    run.refresh_from_db()
    return run


@pytest.fixture
def page(live, cast_with_plans, client):
    """alice's browser, in English."""
    client.force_login(cast_with_plans["alice"])
    return client


@pytest.fixture
def done(page, cast_with_plans):
    """Make a run of alice's that is done, with a report of its own."""

    def done(text=SMALL, **changes) -> Run:
        return finish(runs.submit(cast_with_plans["alice"], text, changes), text)

    return done

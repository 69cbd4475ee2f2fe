"""The matrix of faults: the platform to hurt, a world to send in, clients, figures, and the record of each run.

`@pytest.mark.fault("F1", "kill -9 of a pool child", "delivered once", fast=True)` names a row. Without FAULT_ROWS
("all" or "F1,F2") only rows marked as fast belong to a run; FAULT_TIMES repeats each; FAULT_FIGURES is the record.
"""

import json
import os
from contextlib import suppress
from dataclasses import asdict

import pytest

from clock import timeline
from tests.conftest import NOON
from tests.faults import figures as counting
from tests.faults.load import Load
from tests.faults.running import Platform
from tests.faults.world import populate

ROWS = {row for row in os.environ.get("FAULT_ROWS", "").split(",") if row}
TIMES = int(os.environ.get("FAULT_TIMES", "1"))
RECORD = os.environ.get("FAULT_FIGURES")
FIGURES = pytest.StashKey[counting.Figures]()


def pytest_configure(config):
    config.addinivalue_line("markers", "fault(row, fault, expected, fast=False): a row of the fault matrix")


def pytest_generate_tests(metafunc):
    """Each test of a row as often as asked."""
    if TIMES > 1 and metafunc.definition.get_closest_marker("fault"):
        metafunc.fixturenames.append("turn")
        metafunc.parametrize("turn", range(1, TIMES + 1))


def pytest_collection_modifyitems(config, items):
    left = [item for item in items if not _is_wanted(item)]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if _is_wanted(item)]


def _is_wanted(item) -> bool:
    mark = item.get_closest_marker("fault")
    if mark is None:
        return not ROWS
    if ROWS:
        return "all" in ROWS or mark.args[0] in ROWS
    return bool(mark.kwargs.get("fast"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Write down what each run gave, those that failed too."""
    report = yield
    mark = item.get_closest_marker("fault")
    if mark and RECORD and (report.when == "call" or report.outcome != "passed"):
        _write_down(item, mark, call, report)
    return report


def _write_down(item, mark, call, report) -> None:
    row, fault, expected = mark.args
    line = {"row": row, "fault": fault, "expected": expected, "test": item.nodeid, "phase": report.when}
    line |= {"outcome": report.outcome, "seconds": round(report.duration, 3)}
    if figures := item.stash.get(FIGURES, None):
        if report.outcome == "failed":
            with suppress(Exception):  # the platform may be in pieces; then the figures are those of the last count
                figures.count()
        line |= asdict(figures.counted)
    if platform := item.funcargs.get("platform"):
        line["restarted"] = platform.said
    if report.outcome == "failed":
        line["error"] = call.excinfo.exconly()[:500]
        for name in platform.children if platform else ():
            said = platform.log(name)
            unforeseen = "\n".join(line for line in said.splitlines() if '"status": 500' in line or "Internal" in line)
            report.sections.append((f"log of {name}", f"{unforeseen[-6_000:]}\n{said[-3_000:]}"))
    with open(RECORD, "a") as record:
        record.write(json.dumps(line) + "\n")


@pytest.fixture(scope="package")
def everything(servers, django_db_setup, django_db_blocker):
    """One platform for all tests of faults, and the witness of deliveries."""
    platform = Platform(servers)
    with django_db_blocker.unblock(), counting.witness():
        try:
            yield platform
        finally:
            platform.end()


@pytest.fixture
def platform(everything, transactional_db):
    """All processes run when the test begins; what it broke is made whole for the next."""
    everything.make_whole()
    yield everything
    everything.calm()


@pytest.fixture
def live(transactional_db):
    """Time passes as it does in earnest."""
    return timeline.begin(name="live", at=NOON, speed=1, seed=7)


@pytest.fixture
def world(live):
    """Four senders with 250 credits each and 250 recipients: a thousand pairs."""
    return populate(live, senders=4, recipients=250, credits=250)


@pytest.fixture
def load(platform, world):
    clients = Load(platform.address, world.tokens)
    clients.warm_up(world.senders[0].handle)
    return clients


@pytest.fixture
def figures(request, world, load):
    """Counted at the end in any case, so that a failed run is in the record with its figures."""
    found = request.node.stash[FIGURES] = counting.Figures(world, load)
    return found

"""What becomes of a run by somebody's wish: asked for, cancelled, tried again.

Law: a run that is over stays as it is; only a failed one can be taken up again, and on another version of the
program it begins anew, so that all its numbers are of one version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts import departure
from accounts.models import Member
from clock import doorbell
from lab import estimate, scenario, shards
from lab.models import MOST_SHARDS, Pace, Replication, Run, Shard
from lab.scenario import Scenario, ScenarioError
from lab.version import version

MOST_UNFINISHED = 3  # runs of one member that wait or run
MOST_KEPT = 200  # runs of one member that are over; before more are kept, the oldest go
MOST_TEXT = 50_000  # characters of a scenario
MOST_TOTALS = 1_200  # arms times replications: what is kept until the report is made
MOST_BYTES = 1 << 31  # of a market in memory
MOST_SECONDS = 24 * 3600.0
BELL = "lab.work"
CHANGES = ("seed", "members", "days", "replications")  # what may be another than the text says

TOO_MANY, TOO_LARGE, TOO_LONG, NOT_FAILED = "too_many_runs", "run_too_large", "run_too_long", "not_failed"
SENTENCES = {
    TOO_MANY: _("You have three runs that wait or run; cancel one, or wait until one is done."),
    TOO_LARGE: _("This run needs more memory than there is; lower the share of premium members, load, days or arms."),
    TOO_LONG: _("This run would take more than a day here; lower members, days, arms or replications."),
    NOT_FAILED: _("Only a run that has failed can be tried again."),
}


class Refused(Exception):
    """Why a run is not taken up now: a code, and its sentence for people."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.code])


@lru_cache(maxsize=8)
def effective(text: str, seed: int, members: int, days: int, replications: int) -> Scenario:
    """The scenario of `text` with these values instead of its own."""
    return replace(scenario.read(text), seed=seed, members=members, days=days, replications=replications)


def scenario_of(run: Run) -> Scenario:
    """What `run` lives."""
    return effective(run.text, run.seed, run.members, run.days, run.replications)


def read(text: str, changes: Mapping[str, int] = {}) -> Scenario:
    """The scenario of `text`, a TOML text or the name of a ready scenario, changed. Raises `ScenarioError`."""
    return replace(scenario.read(whole_text(text)), **{name: changes[name] for name in CHANGES if name in changes})


def whole_text(text: str) -> str:
    """The TOML that `text` is or names. Raises `ScenarioError` for a name that no ready scenario has."""
    name, ready = text.strip(), scenario.ready()
    if name in ready:
        return ready[name].read_text("utf-8")
    if name.isidentifier():
        raise ScenarioError(f"There is no ready scenario called {name[:100]!r}; there are {', '.join(ready)}.")
    return text


def expected(of: Scenario) -> estimate.Estimate:
    """What a run of `of` comes to on this machine, as far as its pace is known."""
    row = Pace.objects.filter(version=version()).first()
    pace = estimate.Pace(row.member_seconds, row.inmail_seconds) if row else None
    return estimate.of(of, pace=pace, processes=settings.LAB_PROCESSES)


def refusal(of: Scenario, found: estimate.Estimate) -> str | None:
    """The code of why it is too much for this platform, or None."""
    if len(of.arms) * of.replications > MOST_TOTALS or found.bytes > MOST_BYTES:
        return TOO_LARGE
    return TOO_LONG if (found.seconds or 0.0) > MOST_SECONDS else None


def submit(owner: Member, text: str, changes: Mapping[str, int] = {}, *, shards_each: int | None = None) -> Run:
    """A run that waits for a worker. Raises `ScenarioError` or `Refused`."""
    wanted = read(text, changes)
    found = expected(wanted)
    if code := refusal(wanted, found):
        raise Refused(code)
    with transaction.atomic():
        _hold_place_of(owner)
        run = Run.objects.create(
            owner=owner,
            text=whole_text(text),
            name=wanted.name,
            **{name: getattr(wanted, name) for name in CHANGES},
            arms=len(wanted.arms),
            markets=shards.markets(wanted),
            shards_each=shards_each or min(shards.markets(wanted), MOST_SHARDS),
            fingerprint=wanted.fingerprint,
            version=version(),
            expected_seconds=found.seconds,
        )
        begin(run, wanted)
        _drop_oldest_of(owner)
    return run


def _hold_place_of(owner: Member) -> None:
    """Their row is held, so that of several wishes at once each counts those before it."""
    if not departure.stays(owner) or owner.lab_runs.unfinished().count() >= MOST_UNFINISHED:
        raise Refused(TOO_MANY)


def _drop_oldest_of(owner: Member) -> None:
    over = owner.lab_runs.exclude(status__in=Run.UNFINISHED).order_by("-id")
    Run.objects.filter(pk__in=list(over.values_list("pk", flat=True)[MOST_KEPT:])).delete()


def begin(run: Run, of: Scenario) -> None:
    """Lay out the first parts: of all replications, or of the two without which no precision is known."""
    first = min(of.replications, 2) if of.precision is not None else of.replications
    lay_out(run, of, range(first))


def lay_out(run: Run, of: Scenario, numbers: range) -> None:
    """The parts of these replications, and a bell for each that a worker may take up."""
    places = shards.parts(of, run.shards_each)
    Shard.objects.bulk_create(
        (
            Shard(run=run, replication=number, part=part, first=place.start, end=place.stop, at=place.start)
            for number in numbers
            for part, place in enumerate(places)
        ),
        batch_size=1_000,
        ignore_conflicts=True,
    )
    for _each in range(min(len(numbers) * len(places), MOST_SHARDS)):
        doorbell.ring(BELL)


def cancel(run: Run, *, by: Member) -> bool:
    """End a run that is not over; False when it was. Its workers notice within a second."""
    mine = Run.objects.unfinished().filter(pk=run.pk)
    found = bool(mine.update(status=Run.Status.CANCELLED, finished_at=Now(), cancelled_by=by))
    run.refresh_from_db()
    return found


def try_again(run: Run) -> None:
    """Take up a failed run where it was. Raises `Refused`."""
    with transaction.atomic():
        failed = Run.objects.select_for_update().filter(pk=run.pk, status=Run.Status.FAILED).first()
        if failed is None:
            raise Refused(NOT_FAILED)
        _hold_place_of(failed.owner)
        if failed.version != version():
            begin_anew(failed)
            return
        status = Run.Status.RUNNING if failed.started_at else Run.Status.WAITING
        Run.objects.filter(pk=run.pk).update(status=status, finished_at=None, error="")
        failed.shards.filter(done_at=None).update(attempts=0, error="", claim=None, free_at=Now())
        doorbell.ring(BELL)


def begin_anew(run: Run) -> None:
    """From the first market, with this version of the program; failed where this version cannot read the scenario.

    Call it in a transaction that holds the run.
    """
    Replication.objects.filter(run=run).delete()
    run.shards.all().delete()
    row = Run.objects.filter(pk=run.pk)
    try:
        wanted = scenario_of(run)
    except ScenarioError as problem:
        row.update(status=Run.Status.FAILED, finished_at=Now(), error=str(problem))
        return
    fresh = {"status": Run.Status.WAITING, "started_at": None, "finished_at": None, "error": ""}
    row.update(**fresh, version=version(), fingerprint=wanted.fingerprint, markets=shards.markets(wanted))
    begin(run, wanted)

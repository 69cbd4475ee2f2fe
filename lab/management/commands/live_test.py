"""`manage.py live_test SCENARIO`: what a live A/B test on shared recipients would have said, and what is true."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lab import kept, live_test, scenario


class Command(BaseCommand):
    help = "Tells how wrong a live A/B test of a scenario's first two arms on shared recipients would have been."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "scenario", help="a file in TOML, or the name of a ready scenario: " + ", ".join(scenario.ready())
        )
        parser.add_argument("--members", type=int, default=live_test.MEMBERS, help="at most (50,000)")
        parser.add_argument("--replications", type=int, default=6, help="each is four runs (6)")
        parser.add_argument("--out", type=Path, help="write everything there, as JSON")
        parser.add_argument("--keep", action="store_true", help="keep it for the lab's page: a ready scenario")

    def handle(self, *, out: Path | None, members: int, replications: int, keep: bool, **options):
        given = options["scenario"]
        if members < scenario.MEMBERS[0]:
            raise CommandError(f"--members must be at least {scenario.MEMBERS[0]:,}, not {members:,}.")
        try:
            wanted = scenario.load(scenario.ready().get(given, given))
            if keep:
                kept.check(given)
            asked = kept.measured(
                kept.LIVE_TEST, given, f"--members {members} --replications {replications}",
                lambda: live_test.live_test(wanted, replications=replications, members=members, tell=self.tell),
            )  # fmt: skip
        except ValueError as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(as_text(asked.found))
        if keep:
            self.stderr.write(f"Kept: {kept.keep(kept.LIVE_TEST, asked)}")
        if out:
            try:
                out.write_text(json.dumps(asked.found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            except OSError as problem:
                raise CommandError(f"The result could not be written to {out}: {problem.strerror}.") from problem

    def tell(self, done: int, of: int) -> None:
        self.stderr.write(f"Replication {done} of {of}")


def as_text(found: dict) -> str:
    """A table: what a test says and gives as its interval, what is true, and the bias."""
    one, other = found["arms"]
    lines = [
        f"{found['scenario']}: {other} less {one}, tested live on shared recipients",
        f"{found['members']:,} members, {found['days']} days, {found['replications']} replications, two tests in each",
        "",
        f"{'measure':<28}{'test says':>11}{'±':>10}{'truth':>11}{'bias':>11}{'(95 % interval)':>24}{'held':>7}",
    ]
    for name, m in found["measures"].items():
        if m["bias"]["value"] is None:
            lines.append(f"{name:<28}  has no value")
            continue
        bias = m["bias"]
        cells = (
            f"{m['naive']['value']:>11.4g}{m['half_width']:>10.3g}{m['truth']['value']:>11.4g}{bias['value']:>11.3g}"
        )
        interval = f"{bias['low']:.3g} to {bias['high']:.3g}"
        lines.append(f"{name:<28}{cells}{interval:>24}{100 * m['held']:>5.0f} %")
    return "\n".join(
        [*lines, "", "± is half of a test's 95 % interval; held is how many of the intervals held the truth."]
    )

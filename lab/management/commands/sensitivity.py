"""`manage.py sensitivity SCENARIO`: which unpublished assumptions move the verdict, as a table and as JSON."""

import json
import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lab import kept, scenario
from lab import sensitivity as question
from lab.measures import NAMES


class Command(BaseCommand):
    help = "Tells which unpublished assumptions move the difference between a scenario's first two arms."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "scenario", help="a file in TOML, or the name of a ready scenario: " + ", ".join(scenario.ready())
        )
        names = NAMES
        parser.add_argument("--measure", default=names[0], help=f"one of {', '.join(names)}")
        parser.add_argument("--samples", type=int, default=32, help="for the indices, a power of two (32)")
        parser.add_argument("--members", type=int, default=question.MEMBERS, help="at most (50,000)")
        parser.add_argument("--replications", type=int, default=3, help="of each sample (3)")
        parser.add_argument("--out", type=Path, help="write everything there, as JSON")
        parser.add_argument("--keep", action="store_true", help="keep it for the lab's page: a ready scenario")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="threads; the result is the same")

    def handle(self, *, out: Path | None, members: int, keep: bool, **options):
        given = options["scenario"]
        if min(options["workers"], members // scenario.MEMBERS[0]) < 1:
            raise CommandError(f"--workers must be at least 1, and --members at least {scenario.MEMBERS[0]:,}.")
        try:
            if keep:
                kept.check(given)
            asked = self.asked(given, members=members, **options)
        except ValueError as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(as_text(asked.found))
        if keep:
            self.stderr.write(f"Kept: {kept.keep(kept.SENSITIVITY, asked)}")
        if out:
            try:
                out.write_text(json.dumps(asked.found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            except OSError as problem:
                raise CommandError(f"The result could not be written to {out}: {problem.strerror}.") from problem

    def asked(self, given: str, *, measure: str, samples: int, members: int, replications: int, workers: int, **others):
        """What was found, and how long it took. Raises ScenarioError, SensitivityError."""
        wanted = scenario.load(scenario.ready().get(given, given))
        size = {"samples": samples, "members": members, "replications": replications}
        options = " ".join(f"--{key} {value}" for key, value in {"measure": measure, **size}.items())
        return kept.measured(
            kept.SENSITIVITY, given, options,
            lambda: question.sensitivity(wanted, measure, workers=workers, tell=self.tell, **size),
        )  # fmt: skip

    def tell(self, done: int, of: int) -> None:
        if done % 100 == 0 or done == of:
            self.stderr.write(f"{done:,} of {of:,} runs")


def as_text(found: dict) -> str:
    """The tornado as a table: the largest swing first."""
    base, drawn, (one, other) = found["base"], found["drawn"], found["arms"]
    lines = [
        f"{found['scenario']}: {found['measure']} of {other} less that of {one}",
        f"{found['members']:,} members, {found['days']} days, {found['replications']} replications",
        f"as it is: {base['difference']:.4g} ({base['low']:.4g} to {base['high']:.4g}), {base['verdict']}",
        f"all drawn together, {drawn['points']:,} times: {drawn['low']:.4g} to {drawn['high']:.4g} in 95 of 100, "
        f"the same sign in {100 * drawn['same_sign']:.1f} of 100",
        "",
        f"{'assumption':<34}{'from':>9}{'to':>9}{'at from':>11}{'at to':>11}{'total order':>24}  verdict",
    ]
    for row in found["assumptions"]:
        total = row["total_order"]
        index = f"{total['index']:.2f} ({total['low']:.2f} to {total['high']:.2f})"
        ends = f"{row['at_low']['difference']:>11.4g}{row['at_high']['difference']:>11.4g}"
        said = f"{row['at_low']['verdict']} … {row['at_high']['verdict']}" if row["moves_the_verdict"] else "as it is"
        said += ", other sign" if row["changes_the_sign"] else ""
        lines.append(f"{row['name']:<34}{row['low']:>9.3g}{row['high']:>9.3g}{ends}{index:>24}  {said}")
    return "\n".join(lines)

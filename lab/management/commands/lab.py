"""`manage.py lab SCENARIO.toml`: an experiment on the command line; the report as text, and as JSON where asked."""

import json
import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lab import here, scenario


class Command(BaseCommand):
    help = "Runs an experiment: two or more policies on the same people with the same luck."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "scenario", help="a file in TOML, or the name of a ready scenario: " + ", ".join(scenario.ready())
        )
        parser.add_argument("--out", type=Path, help="write the report there, as JSON")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="threads; the report is the same")

    def handle(self, *, out: Path | None, workers: int, **options):
        given = options["scenario"]
        try:
            wanted = scenario.load(scenario.ready().get(given, given))
        except scenario.ScenarioError as problem:
            raise CommandError(str(problem)) from problem
        if workers < 1:
            raise CommandError(f"--workers must be at least 1, not {workers}.")
        if out and out.is_dir():
            raise CommandError(f"{out} is a folder; --out names the file to write.")

        def tell(number: int) -> None:
            self.stderr.write(f"Replication {number + 1} of at most {wanted.replications}")

        found = here.run(wanted, workers=workers, tell=tell)
        self.stdout.write(as_text(found))
        if out:
            try:
                out.parent.mkdir(parents=True, exist_ok=True)
                out.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            except OSError as problem:
                raise CommandError(f"The report above could not be written to {out}: {problem.strerror}.") from problem


def as_text(found: dict) -> str:
    """A table of each arm against the first."""
    lines = [
        found["scenario"],
        f"{found['members']:,} members, {found['days']} days, {found['replications']} replications",
        f"seed {found['seed']}, scenario {found['fingerprint']}, version {found['version']}",
    ]
    for name, by in found["differences"].items():
        lines += ["", f"{name} against {found['arms'][0]['name']}"]
        for measure, d in by.items():
            values = " ".join(f"{_short(d[key]):>11}" for key in ("base", "other", "difference", "low", "high"))
            lines.append(f"  {measure:<28}{values}  {d['verdict']}")
    return "\n".join(lines)


def _short(value) -> str:
    return "–" if value is None else f"{value:.4g}"

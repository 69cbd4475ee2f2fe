"""`manage.py calibrate FILE`: the behaviour that fits one's own messages, or a table of rates."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.edges import BadFile, csv_rows, text_of
from lab.calibration import archive, messages, rates
from lab.calibration.fit import Fit, TooFew
from simulation.character import Behaviour


class Command(BaseCommand):
    help = (
        "Fits the behaviour to a messages.csv of LinkedIn's archive, or to a table of rates (what, rate, n) in CSV or "
        "TOML. Nothing of the file is stored or leaves this machine."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--me", help="the address of the profile whose archive it is, where that is not clear")
        parser.add_argument("--active", type=float, default=0.5, help="share of recipients active in a month (0.5)")
        parser.add_argument("--out", type=Path, help="write the table [behaviour] there")

    def handle(self, *, file: Path, me: str | None, active: float, out: Path | None, **options):
        if not 0 < active <= 1:
            raise CommandError(f"--active must be more than 0 and at most 1, not {active:g}.")
        try:
            if is_archive(file):
                found = archive.calibrate(messages.read(file, me), active, Behaviour())
            else:
                found = rates.calibrate(rates.read(file), Behaviour())
        except (BadFile, TooFew) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(as_text(found))
        self.stdout.write(as_toml(found))
        if out:
            try:
                out.write_text(as_toml(found), encoding="utf-8")
            except OSError as problem:
                raise CommandError(f"The table above could not be written to {out}: {problem.strerror}.") from problem


def is_archive(file: Path) -> bool:
    """Whether the header speaks of conversations."""
    if str(file).lower().endswith(".toml"):
        return False
    _line, header = next(csv_rows(file, text_of(file), ","), (1, []))
    return any("CONVERSATION" in cell.upper() for cell in header)


def as_text(found: Fit) -> str:
    """What was seen, what was fitted with its interval, and what was not and why."""
    lines = [f"{name}: {value:.4g}" for name, value in found.seen.items()]
    lines += ["", f"{'parameter':<24}{'value':>9}{'95 % interval':>22}{'default':>9}"]
    for each in found.fitted:
        interval = f"{each.low:.3g} to {each.high:.3g}"
        lines.append(f"{each.name:<24}{each.value:>9.3g}{interval:>22}{each.default:>9.3g}")
    if found.kept:
        lines += ["", "kept at their defaults:", *(f"  {name}: {why}" for name, why in found.kept.items())]
    p = found.p_default
    word = "does not contradict the data" if p > 0.05 else "is contradicted by the data"
    return "\n".join([*lines, "", f"The default behaviour {word} (p = {p:.2g}).", ""])


def as_toml(found: Fit) -> str:
    """The table that a scenario takes."""
    rows = (f"{each.name} = {each.value:.6g}  # {each.low:.3g} to {each.high:.3g}" for each in found.fitted)
    return "\n".join(["[behaviour]", *rows, ""])

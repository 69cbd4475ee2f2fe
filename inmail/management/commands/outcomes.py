"""`manage.py outcomes [--json]`: delivered, opened, answered, interested by match, with 95 % intervals."""

import json

from django.core.management.base import BaseCommand

from clock import timeline as clock
from inmail import outcomes


class Command(BaseCommand):
    help = "What became of delivered InMails, by match, mismatch and undeclared."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true")

    def handle(self, *, json: bool = False, **options):
        rows = outcomes.summary(clock.live())
        self.stdout.write(as_json(rows) if json else as_text(rows))


def as_json(rows) -> str:
    return json.dumps(outcomes.as_json(rows))


def as_text(rows) -> str:
    heads = f"{'':<12}{'delivered':>10}" + "".join(f"{kind:>24}" for kind in ("opened", "answered", "interested"))
    return "\n".join([heads, *(_line(row) for row in rows)])


def _line(row) -> str:
    shares = "".join(f"{_share(s):>24}" for s in (row.opened, row.answered, row.interested))
    return f"{row.match:<12}{row.delivered:>10,}{shares}"


def _share(share) -> str:
    if share.share is None:
        return "–"
    return f"{share.share:6.1%} ({share.low:.1%}-{share.high:.1%})"

"""`manage.py advance --days N | --hours N | --until ISO [--json]`: move the live clock forward."""

import json

from django.core.management.base import BaseCommand, CommandError

from clock import timeline as clock
from clock import witness


class Command(BaseCommand):
    help = "Moves the clock forward; everything that falls due happens in order, each at its own instant."

    def add_arguments(self, parser):
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument("--days", type=int, default=0)
        how.add_argument("--hours", type=int, default=0)
        how.add_argument("--until", metavar="ISO")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, days, hours, until, json: bool = False, **options):
        timeline = clock.live()
        try:
            instant = clock.parse_instant(until) if until else None
            wanted = clock.target(timeline.now_at, days=days, hours=hours, until=instant)
        except clock.BadInstant as error:
            raise CommandError(str(error)) from None
        witness.tell(None, "clock.advanced", what=timeline.name, until=wanted)  # before: it is not one transaction
        counts = clock.advance(timeline, until=wanted)
        self.stdout.write(as_json(counts, wanted) if json else as_text(counts, wanted))


def as_json(counts, now) -> str:
    return json.dumps({"now": now.isoformat().replace("+00:00", "Z"), **dict(sorted(counts.items()))})


def as_text(counts, now) -> str:
    lines = [f"{kind:<24}{count:>9,}" for kind, count in sorted(counts.items())]
    return "\n".join([f"It is now {now:%a %d %b %Y, %H:%M:%S} UTC.", *(lines or ["Nothing fell due."])])

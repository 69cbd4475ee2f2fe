"""`manage.py demo [--members N] [--seed S]`: builds or extends a world of simulated members; prints JSON."""

import json

from django.core.management.base import BaseCommand, CommandError

from simulation import demo

MOST = 1_000_000


class Command(BaseCommand):
    help = "Builds the demo world, or extends it to so many simulated members."

    def add_arguments(self, parser):
        parser.add_argument("--members", type=int, default=2_000)
        parser.add_argument("--seed", type=int, default=2014)

    def handle(self, *, members, seed, **options):
        if not 1 <= members <= MOST:
            raise CommandError(f"--members is a whole number from 1 to {MOST:,}; {members:,} is not.")
        if not 0 <= seed < 2**63:
            raise CommandError("--seed is a whole number from 0 to 2^63 - 1.")
        counts = demo.build(members=members, seed=seed, say=self.stderr.write)
        self.stdout.write(json.dumps(counts))

"""`manage.py audit_ledger [--json]`: proves the laws of the ledger; exit 1 when one is broken."""

import json

from django.core.management.base import BaseCommand

from inmail import audit


class Command(BaseCommand):
    help = "Proves the laws of the ledger from its entries."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true")

    def handle(self, *, json: bool = False, **options):
        found = audit.ledger()
        self.stdout.write(as_json(found) if json else as_text(found))
        if not found.holds:
            raise SystemExit(1)


def as_json(found) -> str:
    return json.dumps(found.as_json(), default=str)


def as_text(found) -> str:
    lines = ["The ledger holds." if found.holds else "THE LEDGER IS BROKEN."]
    lines += [f"{kind:<12}{amount:>12,}" for kind, amount in found.sums.items()]
    lines += [f"{'entries':<12}{found.entries:>12,}", f"{'balances':<12}{found.balances:>12,}"]
    lines += [f"{'residual':<12}{found.residual:>12,}"]
    lines += [f"broken: {v.law}: {v.rows}" for v in found.violations]
    return "\n".join(lines)

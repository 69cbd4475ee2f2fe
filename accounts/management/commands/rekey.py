"""`manage.py rekey`: encrypt every second factor with the SECRET_KEY of now, so that the one before can be dropped."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

ENCRYPTED = ("secret", "seed")


class Command(BaseCommand):
    help = "Encrypts every second factor anew; run it between changing SECRET_KEY and dropping the old one."

    def handle(self, **options):
        with transaction.atomic():
            rows = list(Authenticator.objects.select_for_update().order_by("pk"))
            unreadable = [row for row in rows if not _renew(row)]
            Authenticator.objects.bulk_update(rows, ["data"], batch_size=500)
        if unreadable:
            raise CommandError(f"{len(unreadable)} of {len(rows)} cannot be read with any key that is known.")
        self.stdout.write(f"{len(rows)} second factors are encrypted with the key of now.")


def _renew(row: Authenticator) -> bool:
    """False, and as it was, when no key that is known reads it."""
    try:
        row.data |= {name: encrypt(decrypt(row.data[name])) for name in ENCRYPTED if name in row.data}
    except ValidationError:
        return False
    return True

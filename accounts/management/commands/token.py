"""`manage.py token HANDLE`: print an API token for a member, staff included; for operators."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from rest_framework.authtoken.models import Token

from accounts import journal
from accounts.models import Member


class Command(BaseCommand):
    help = "Prints an API token for a member."

    def add_arguments(self, parser):
        parser.add_argument("handle")

    def handle(self, *, handle, **options):
        member = Member.objects.active().filter(handle=handle.lower()).first()
        if member is None:
            raise CommandError(f"There is no active member {handle}.")
        with transaction.atomic():
            token, _made = Token.objects.get_or_create(user=member)
            journal.record(None, journal.Act.TOKENS_ISSUED, on=member)
        self.stdout.write(token.key)

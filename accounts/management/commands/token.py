"""`manage.py token HANDLE`: print an API token for a member, staff included; for operators."""

from django.core.management.base import BaseCommand, CommandError
from rest_framework.authtoken.models import Token

from accounts.models import Member


class Command(BaseCommand):
    help = "Prints an API token for a member."

    def add_arguments(self, parser):
        parser.add_argument("handle")

    def handle(self, *, handle, **options):
        member = Member.objects.active().filter(handle=handle.lower()).first()
        if member is None:
            raise CommandError(f"There is no active member {handle}.")
        token, _made = Token.objects.get_or_create(user=member)
        self.stdout.write(token.key)

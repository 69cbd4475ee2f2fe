"""`manage.py forget_second_factor HANDLE`: for who has lost phone, keys and recovery codes; for operators."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import journal, second_factor
from accounts.models import Member


class Command(BaseCommand):
    help = "Forgets the second factor of a member; staff set up another at their next sign-in."

    def add_arguments(self, parser):
        parser.add_argument("handle")

    def handle(self, *, handle, **options):
        member = Member.objects.active().filter(handle=handle.lower()).first()
        if member is None:
            raise CommandError(f"There is no active member {handle}.")
        with transaction.atomic():
            count = second_factor.forget(member)
            journal.record(None, journal.Act.FACTORS_FORGOTTEN, on=member)
        self.stdout.write(f"{count} forgotten; {member.handle} signs in with the password alone.")

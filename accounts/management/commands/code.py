"""`manage.py code HANDLE`: print the code that the second factor of a member asks for; for the embedded mode."""

import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts import second_factor
from accounts.models import Member


class Command(BaseCommand):
    help = "Prints the code with which a member of this machine's demo signs in, such as admin."

    def add_arguments(self, parser):
        parser.add_argument("handle")

    def handle(self, *, handle, **options):
        if not settings.EMBEDDED:
            raise CommandError("Codes are told on the machine of the demo only; here they are on people's phones.")
        member = Member.objects.active().filter(handle=handle.lower()).first()
        app = member and second_factor.app_of(member)
        if app is None:
            raise CommandError(f"There is no active member {handle} with an authenticator app.")
        try:
            while (code := second_factor.code(app)) is None:
                time.sleep(0.5)  # those of this half minute are used up
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from None
        self.stdout.write(code)

"""`manage.py delete_member HANDLE [--yes]`: delete a member with everything that is theirs; for operators."""

import json
import sys

from django.core.management.base import BaseCommand, CommandError

from accounts import journal
from accounts.models import Member
from inmail import departure


class Command(BaseCommand):
    help = "Deletes a member with everything that is theirs; the ledger keeps its sums under their number."

    def add_arguments(self, parser):
        parser.add_argument("handle")
        parser.add_argument("--yes", action="store_true", help="do not ask, even at a terminal")

    def handle(self, *, handle, yes: bool = False, **options):
        member = Member.objects.filter(handle=handle.lower()).first()
        if member is None:
            raise CommandError(f"There is no member {handle}.")
        if not yes and sys.stdin.isatty() and input(f"Type {handle} to delete {member.name} for good: ") != handle:
            raise CommandError("Nothing was deleted.")
        try:
            with departure.standstill(patience="60s") as at:
                counts = departure.depart(member, at=at)
                journal.record(None, journal.Act.MEMBERS_DELETED, on=member, **counts)
        except departure.MayNotLeave as why:
            raise CommandError(str(why)) from None
        self.stdout.write(json.dumps({"number": member.number, **counts}))

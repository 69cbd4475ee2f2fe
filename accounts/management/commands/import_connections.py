"""`manage.py import_connections --member HANDLE Connections.csv`: an archive becomes its owner's 1st degree."""

import json

from django.core.management.base import BaseCommand, CommandError

from accounts import archive, edges
from accounts.models import Member
from clock import timeline as clock


class Command(BaseCommand):
    help = "Makes the people of a member's own Connections.csv their connections."

    def add_arguments(self, parser):
        parser.add_argument("--member", required=True, metavar="HANDLE")
        parser.add_argument("file")

    def handle(self, *, member, file, **options):
        owner = Member.objects.filter(handle=member.lower()).first()
        if owner is None:
            raise CommandError(f"There is no member {member}.")
        try:
            done = archive.import_connections(owner, file, at=clock.now())
        except edges.BadFile as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(done))

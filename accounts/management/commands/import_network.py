"""`manage.py import_network FILE [--handles-from FILE]`: a real graph becomes simulated members."""

import json

from django.core.management.base import BaseCommand, CommandError

from accounts import edges, loading
from clock import timeline as clock


class Command(BaseCommand):
    help = "Makes a simulated member for every id of an edge list, and a connection for every line."

    def add_arguments(self, parser):
        parser.add_argument("file", help="two ids a line, commas or white space between them; may be a .gz")
        parser.add_argument("--handles-from", metavar="FILE", help="id and handle a line; else n<id>")

    def handle(self, *, file, handles_from, **options):
        try:
            handles = edges.handles(handles_from) if handles_from else {}
            done = loading.network(edges.read(file), handles, at=clock.now())
        except edges.BadFile as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(done))

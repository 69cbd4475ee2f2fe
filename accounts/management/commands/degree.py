"""`manage.py degree A B` or `--pairs FILE` `[--json]`: how far members are from each other."""

import json
import re
from itertools import groupby

from django.core.management.base import BaseCommand, CommandError

from accounts import edges, network
from accounts.models import Member


class Command(BaseCommand):
    help = "Prints 1, 2, 3 or out, a line per pair of members."

    def add_arguments(self, parser):
        parser.add_argument("handles", nargs="*", metavar="HANDLE")
        parser.add_argument("--pairs", metavar="FILE", help="two handles a line")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, handles, pairs, json: bool = False, **options):
        if bool(handles) == bool(pairs) or (handles and len(handles) != 2):
            raise CommandError("Name two handles, or a file with --pairs.")
        try:
            asked = read_pairs(pairs) if pairs else [(None, *handles)]
        except edges.BadFile as error:
            raise CommandError(str(error)) from None
        found = answers(asked, known(asked))
        self.stdout.write(as_json(asked, found) if json else "\n".join(map(in_words, found)))


def read_pairs(path) -> list[tuple[int, str, str]]:
    """Line number and two handles of every line that is neither blank nor a comment."""
    found = []
    for number, line in enumerate(edges.text_of(path).splitlines(), start=1):
        words = re.split(r"[\s,]+", line.strip())
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if len(words) != 2:
            raise edges.BadFile(f"Line {number}, “{line.strip()[:60]}”: write two handles.")
        found.append((number, *words))
    return found


def known(asked) -> dict[str, Member]:
    """The members by handle; raises CommandError that names the unknown ones with their lines."""
    names = {name.lower() for _line, *pair in asked for name in pair}
    found = {m.handle: m for m in Member.objects.filter(handle__in=names).only("id", "handle")}
    unknown = [(line, name) for line, *pair in asked for name in pair if name.lower() not in found]
    if unknown:
        raise CommandError(
            "\n".join(f"{f'Line {line}: there' if line else 'There'} is no member {n}." for line, n in unknown)
        )
    return found


def answers(asked, members) -> list[int | None]:
    """The degrees in the order asked, one query for each first handle."""
    found = {}
    pairs = sorted({(a.lower(), b.lower()) for _line, a, b in asked})
    for a, group in groupby(pairs, key=lambda pair: pair[0]):
        others = [b for _a, b in group]
        degrees = network.degrees(members[a], [members[b] for b in others])
        found |= {(a, b): degrees[members[b].pk] for b in others}
    return [found[a.lower(), b.lower()] for _line, a, b in asked]


def in_words(degree: int | None) -> str:
    return {None: "out", 0: "self"}.get(degree, str(degree))


def as_json(asked, found) -> str:
    rows = zip(asked, found, strict=True)
    return json.dumps([{"a": a, "b": b, "degree": degree} for (_line, a, b), degree in rows])

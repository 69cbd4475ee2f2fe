"""`manage.py validate`: writes docs/validation.md anew, or with --check says whether it is what would be written."""

from django.core.management.base import BaseCommand, CommandError

from lab.validation import page


class Command(BaseCommand):
    help = "Compares what the lab gives with what was published, and writes docs/validation.md."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="write nothing; fail where the page would be another")

    def handle(self, *, check: bool, **options):
        text = page.written()
        if not check:
            page.PLACE.write_text(text, encoding="utf-8")
            self.stdout.write(f"Written: {page.PLACE}")
        elif not page.PLACE.exists() or page.PLACE.read_text("utf-8") != text:
            raise CommandError(
                "docs/validation.md is not what manage.py validate writes. Run it, and look at the change."
            )
        else:
            self.stdout.write("docs/validation.md is what would be written.")

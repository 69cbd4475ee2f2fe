"""The mails of the embedded mode: they leave no machine but appear on the page Outbox (demo)."""

from allauth.account.models import EmailAddress
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import QuerySet

from accounts.models import Member, SentMail

KEPT = 200


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages):
        rows = [
            SentMail(to=", ".join(mail.recipients())[:320], subject=mail.subject[:300], body=mail.body)
            for mail in email_messages
            if mail.recipients()
        ]
        SentMail.objects.bulk_create(rows)
        kept = SentMail.objects.order_by("-pk").values("pk")[:KEPT]
        SentMail.objects.exclude(pk__in=kept).delete()
        return len(rows)


def shown() -> QuerySet[SentMail]:
    """What anyone at this machine may read. Mails to staff are not among it: a reset link is a key."""
    staff = Member.objects.filter(is_staff=True)
    known = EmailAddress.objects.filter(user__in=staff).values_list("email", flat=True)
    shown = SentMail.objects.all()
    for address in {*staff.filter(email__gt="").values_list("email", flat=True), *known}:
        shown = shown.exclude(to__icontains=address)  # it may be one of several, in any case
    return shown

"""The world of the access matrix: what alice and carol have with each other, and who else comes along.

sam knows nobody; mallory has been blocked by everybody; stella is of the staff and holds no permission; nina is staff
with every permission, but without a second factor.
"""

from http.cookies import SimpleCookie

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts import invitations
from accounts.models import Member
from clock import timeline as clock
from clock.models import Advance
from inmail import cast as people
from inmail import conversation, delivery, messaging
from inmail.models import Job
from lab import runs
from lab.models import Run
from privacy import blocks
from tests.lab import samples
from tests.lab.conftest import SMALL

OTHERS = {
    "sam": {"first_name": "Sam"},
    "mallory": {"first_name": "Mallory"},
    "stella": {"first_name": "Stella", "is_staff": True},
    "nina": {"first_name": "Nina", "is_staff": True, "is_superuser": True},
}
LETTER = messaging.Letter("consulting_offer", "A question", "Shall we talk?")


def build(at) -> dict[str, int]:
    """alice's InMail that carol has received, one to erin in its undo window, dave's invitation to alice,
    a block of dave by bob and of mallory by all; work that failed for good; runs of alice's that wait, are done, have
    failed. Returns the rows' ids by name."""
    live = clock.begin(name="live", at=at, speed=0, seed=7)
    for handle, fields in OTHERS.items():
        Member.objects.create_user(handle, joined_at=at, **fields)
    cast = people.assemble(live, at)
    Authenticator.objects.create(user=Member.objects.get(handle="stella"), type=Authenticator.Type.TOTP, data={})
    Member.objects.update(password=make_password("correct horse 9"))
    mallory = Member.objects.get(handle="mallory")
    for member in cast.values():
        blocks.block(member, mallory, at=at)
    delivered = messaging.send(live, cast["alice"], cast["carol"], LETTER, at=at)
    assert delivery.deliver_one(delivered.inmail_id)
    queued = messaging.send(live, cast["alice"], cast["erin"], LETTER, at=at, undo_seconds=30)
    invited = invitations.invite(cast["dave"], cast["alice"], at=at)
    blocks.block(cast["bob"], cast["dave"], at=at)
    Job.objects.create(inmail_id=queued.inmail_id, attempts=5, retry_at=at, dead_at=at, error="Tried five times.")
    failed = Advance.objects.create(timeline=live, started_at=at, until=at, status=Advance.Status.FAILED)
    told, failed_run = (runs.submit(cast["alice"], SMALL) for _ in range(2))
    told = samples.done(told)
    Run.objects.filter(pk=failed_run.pk).update(status="failed", finished_at=told.finished_at, error="Five times.")
    run = runs.submit(cast["alice"], SMALL)
    message = conversation.direct(live, cast["bob"], cast["carol"], body="Lunch?", at=at)
    return {
        "message": message.pk,
        "failed": failed.pk,
        "delivered": delivered.inmail_id,
        "thread": delivered.thread_id,
        "queued": queued.inmail_id,
        "invited": invited.pk,
        "run": str(run.public_id),
        "told": str(told.public_id),
        "failed_run": str(failed_run.public_id),
    }


class World:
    """The rows' ids by name, and a browser for each who comes, as it was when they signed in."""

    def __init__(self, at):
        self.ids = build(at)
        self._browsers = {None: (Client(), "")}
        for member in Member.objects.all():
            client = Client()
            client.force_login(member)
            self._browsers[member.handle] = client, client.cookies.output(header="")

    def browser(self, handle: str | None) -> Client:
        client, cookies = self._browsers[handle]
        client.cookies = SimpleCookie(cookies)
        return client

"""The page of what failed for good: tried again, or given up with the credit returned, each once, and on record."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import JournalEntry, WaitingMail
from clock.models import Advance
from inmail import ledger
from inmail.models import Inmail, Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def dead(send, alice, dave):
    inmail = Inmail.objects.get(pk=send(alice, dave).inmail_id)
    now = timezone.now()
    Job.objects.create(inmail=inmail, attempts=5, retry_at=now, dead_at=now, error="ValueError: <out of order>")
    return inmail


@pytest.fixture
def staff(client, admin):
    client.force_login(admin)
    return client


def test_staff_sees_what_failed_and_why(staff, dead):
    page = staff.get("/staff/jobs/").content.decode()
    assert "ValueError: &lt;out of order&gt;" in page and "Dave" in page
    assert dead.body not in page


def test_nothing_failed_is_said_too(staff):
    assert "No delivery has failed for good." in staff.get("/staff/jobs/").content.decode()


def test_what_will_be_tried_again_is_counted(staff, dead):
    Job.objects.update(dead_at=None, attempts=3, retry_at=timezone.now() + timedelta(seconds=9))
    assert "1 more has failed and will be tried again" in staff.get("/staff/jobs/").content.decode()


def test_a_dead_delivery_is_tried_again_once(staff, dead):
    for _ in range(2):
        assert staff.post(f"/staff/jobs/{dead.pk}/retry/").status_code == 302
    job = Job.objects.get()
    assert (job.dead_at, job.attempts) == (None, 0)
    assert JournalEntry.objects.filter(act="jobs.retried").count() == 1


def test_a_dead_delivery_is_given_up_once(staff, live, dead, alice):
    before = ledger.balance(live, alice)
    for _ in range(2):
        assert staff.post(f"/staff/jobs/{dead.pk}/give-up/").status_code == 302
    assert ledger.balance(live, alice) == before + 1
    assert not Job.objects.exists() and JournalEntry.objects.filter(act="jobs.returned").count() == 1


def test_a_move_of_the_clock_that_failed_is_tried_again(staff, live, noon):
    wish = Advance.objects.create(
        timeline=live, started_at=noon, until=noon + timedelta(days=1), status="failed", attempts=5, error="Killed"
    )
    assert "Killed" in staff.get("/staff/jobs/").content.decode()
    staff.post(f"/staff/jobs/clock/{wish.pk}/retry/")
    wish.refresh_from_db()
    assert wish.status == "queued"


def test_a_mail_that_no_server_took_is_tried_again(staff):
    mail = WaitingMail.objects.create(fields={"to": ["a@example.org"]}, attempts=5, dead_at=timezone.now(), error="x")
    assert "To a@example.org" in staff.get("/staff/jobs/").content.decode()
    staff.post(f"/staff/jobs/mails/{mail.pk}/retry/")
    assert WaitingMail.objects.get().dead_at is None


def test_others_have_no_business_here(client, alice, dead):
    client.force_login(alice)
    assert client.post(f"/staff/jobs/{dead.pk}/retry/").status_code == 403
    assert Job.objects.dead().exists()

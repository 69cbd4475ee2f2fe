"""The figures of one run of one row, counted from what clients were told and from what the database says.

Delivered once is witnessed by a trigger that writes down every delivery, so that a second one cannot hide.
"""

import os
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

from django.db import Error, connection

from inmail import audit
from inmail.models import Inmail, LedgerEntry, Status
from tests.faults.load import Load
from tests.faults.world import World

PATIENCE = float(os.environ.get("FAULT_PATIENCE", "3"))  # what a limit is multiplied with on a machine that others use
HOPELESS = 120.0  # seconds after which nothing will be delivered any more
ENDED = (Status.REFUSED, Status.CANCELLED)

WITNESS = """
CREATE TABLE fault_delivery (inmail_id bigint NOT NULL);
CREATE FUNCTION fault_delivered() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO fault_delivery VALUES (new.id); RETURN NULL; END $$;
CREATE TRIGGER fault_delivered AFTER INSERT OR UPDATE OF status ON inmail_inmail FOR EACH ROW
    WHEN (new.status = 'delivered') EXECUTE FUNCTION fault_delivered();
"""
NO_WITNESS = """
DROP TRIGGER fault_delivered ON inmail_inmail; DROP FUNCTION fault_delivered(); DROP TABLE fault_delivery;
"""


@contextmanager
def witness():
    """While the block lasts, every row that becomes delivered is written down."""
    with connection.cursor() as cursor:
        cursor.execute(WITNESS)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(NO_WITNESS)


@dataclass
class Counted:
    """What is written into the record; seconds as a client or a watcher saw them."""

    acknowledged: int = 0
    delivered: int = 0
    returned: int = 0
    lost: int = 0
    duplicated: int = 0
    residual: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    longest: float = 0.0
    recovery: float | None = None
    violations: list[str] = field(default_factory=list)


class Figures:
    """`figures.recover(since)` waits until all that was acknowledged has ended; `figures.check(...)` judges."""

    def __init__(self, world: World, load: Load):
        self.world, self.load = world, load
        self.counted = Counted()

    def recover(self, since: float, *, also: tuple[int, ...] = (), meanwhile: Callable[[], object] = int) -> float:
        """Wait until everything acknowledged, and the InMails `also`, is delivered or returned.

        Returns the seconds since `since` (time.monotonic, the end of the fault). `meanwhile` is called while waiting,
        such as `platform.look_after`. Gives up after two minutes: the count then shows what is lost.
        """
        while (passed := time.monotonic() - since) < HOPELESS:
            meanwhile()
            if self._unfinished(also) == 0:
                break
            time.sleep(0.02)
        self.counted.recovery = max(passed, 0.0)
        return self.counted.recovery

    def _unfinished(self, also) -> int:
        ids = {*self.load.acknowledged, *also}
        try:
            return len(ids) - Inmail.objects.filter(pk__in=ids).exclude(status=Status.QUEUED).count()
        except Error:
            connection.close()
            return len(ids) or 1

    def count(self) -> Counted:
        """All figures as they are now."""
        found, ids = self.counted, self.load.acknowledged
        rows = list(Inmail.objects.filter(pk__in=ids).values_list("status", "cost", "returned", "delivered_at"))
        found.acknowledged = len(ids)
        found.delivered = sum(1 for *_, at in rows if at)
        found.returned = sum(1 for status, cost, back, at in rows if status in ENDED and back == bool(cost) and not at)
        found.lost = found.acknowledged - found.delivered - found.returned
        found.duplicated = self._duplicated()
        proof = audit.ledger()
        found.residual = proof.residual
        found.violations = [violation.law for violation in proof.violations]
        found.errors = dict(self.load.errors)
        found.longest = self.load.longest
        return found

    def _duplicated(self) -> int:
        """Second deliveries, second charges or returns, second InMails of one key, InMails that nobody asked for."""
        many = "SELECT coalesce(sum(c - 1), 0) FROM (SELECT count(*) AS c FROM {} GROUP BY {}) AS one"
        with connection.cursor() as cursor:
            cursor.execute(many.format("fault_delivery", "inmail_id"))
            (twice,) = cursor.fetchone()
            cursor.execute(many.format("inmail_ledgerentry WHERE inmail_id IS NOT NULL", "inmail_id, kind"))
            (charged,) = cursor.fetchone()
        keys: dict[tuple[str, str], set] = {}
        for answer in self.load.answers:
            keys.setdefault((answer.sender, answer.key), set()).add(answer.inmail_id)
        by_key = sum(max(0, len(ids - {None}) - 1) for ids in keys.values())
        unasked = max(0, Inmail.objects.filter(sender__in=self.world.senders).count() - len(keys))
        return int(twice) + int(charged) + by_key + unasked

    def charged(self) -> int:
        """Credits spent less credits returned, of all senders."""
        kinds = LedgerEntry.objects.filter(inmail__isnull=False).values_list("kind", flat=True)
        return sum({"spend": 1, "return": -1}.get(kind, 0) for kind in kinds)

    def check(self, *, recovery: float | None = None, longest: float | None = None) -> Counted:
        """Nothing lost, nothing twice, nothing minted; the limits in seconds, times FAULT_PATIENCE."""
        found = self.count()
        facts = asdict(found)
        assert (found.lost, found.duplicated, found.residual, found.violations) == (0, 0, 0, []), facts
        assert recovery is None or (found.recovery is not None and found.recovery <= recovery * PATIENCE), facts
        assert longest is None or found.longest <= longest * PATIENCE, facts
        return found

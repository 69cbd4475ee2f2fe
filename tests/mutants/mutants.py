"""The platform broken on purpose, one guard at a time, each with the tests that must notice.

Law: every patch is an exact text that stands exactly once in its file; where code moves, its mutant fails loudly.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

GUARDS = "tests/laws/test_guards.py::"
LEDGER = "tests/inmail/test_ledger.py::"
SENDING = "tests/inmail/test_sending.py::"
DUE = "tests/inmail/test_due.py::"
RACES = "tests/inmail/test_races.py::"
COURSES = "tests/laws/test_laws.py::test_the_platform_does_what_the_model_does"


class DoesNotApply(Exception):
    """The text of a patch does not stand exactly once in its file."""


@dataclass(frozen=True)
class Patch:
    file: str
    old: str
    new: str

    def applied(self, root: Path) -> str:
        """The text of the file with the patch in it."""
        text = (root / self.file).read_text()
        if (found := text.count(self.old)) != 1:
            raise DoesNotApply(f"{self.file}: {self.old!r} stands there {found} times")
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Mutant:
    """`guard` is which of the eight it lacks; each of `tests` alone must fail with it, by an assertion."""

    name: str
    guard: str
    patches: tuple[Patch, ...]
    tests: tuple[str, ...]


_ONE_OPEN = """
            constraint=models.UniqueConstraint(condition=models.Q(('awaiting', True)), \
fields=('timeline', 'sender', 'recipient'), name='one_open_inmail_a_pair'),"""
_ONE_OPEN_GONE = """
            constraint=models.UniqueConstraint(fields=('id',), name='one_open_inmail_a_pair'),"""
_ONE_SPEND = (
    "models.UniqueConstraint(condition=models.Q(('kind', 'spend')), fields=('inmail',), name='one_spend_an_inmail')"
)
_ONE_SPEND_GONE = "models.UniqueConstraint(fields=('id',), name='one_spend_an_inmail')"
_NOT_NEGATIVE = "models.CheckConstraint(condition=models.Q(('balance__gte', 0)), name='{}')"
_NOT_NEGATIVE_GONE = "models.CheckConstraint(condition=models.Q(('balance__gte', -999)), name='{}')"
_TABLES = "inmail/migrations/0001_initial.py"
_APPEND_ONLY = """
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON inmail_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
"""
_ROW_GUARD = Patch("inmail/messaging.py", " AND member_id = %(sender)s AND balance >= 1", " AND member_id = %(sender)s")
_NO_FLOOR = tuple(
    Patch(_TABLES, _NOT_NEGATIVE.format(name), _NOT_NEGATIVE_GONE.format(name))
    for name in ("wallet_not_negative", "entry_not_negative")
)
_ONE_CREDIT = GUARDS + "test_one_credit_pays_for_one_of_many_sends_that_all_saw_it"

MUTANTS = (
    Mutant("the wallet is charged whatever it holds", "no row guard", (_ROW_GUARD,), (_ONE_CREDIT,)),
    Mutant(
        "the wallet is charged whatever it holds, and no check of the tables stops it",
        "no row guard",
        (_ROW_GUARD, *_NO_FLOOR),
        (_ONE_CREDIT,),
    ),
    Mutant(
        "a pair may have many open InMails",
        "no unique constraint",
        (Patch(_TABLES, _ONE_OPEN, _ONE_OPEN_GONE),),
        (
            GUARDS + "test_one_of_many_sends_to_one_member_is_accepted_though_none_saw_another",
            RACES + "test_of_many_sends_to_one_member_one_is_accepted",
        ),
    ),
    Mutant(
        "an InMail may be spent many times",
        "no unique constraint",
        (Patch(_TABLES, _ONE_SPEND, _ONE_SPEND_GONE),),
        (LEDGER + "test_the_database_refuses_a_second_spend_of_one_inmail",),
    ),
    Mutant(
        "silence returns what an answer has settled",
        "return without guard",
        (
            Patch(
                "inmail/due.py",
                "timeline_id = %(timeline)s AND settled_at IS NULL AND",
                "timeline_id = %(timeline)s AND",
            ),
            Patch("inmail/settlement.py", "WHERE i.id = e.id AND i.settled_at IS NULL", "WHERE i.id = e.id"),
        ),
        (GUARDS + "test_silence_settles_nothing_that_an_answer_has_settled", COURSES),
    ),
    Mutant(
        "a late answer settles a second time",
        "return without guard",
        (
            Patch(
                "inmail/messaging.py",
                "    if row.settled_at is None:\n        _settle(",
                "    if True:\n        _settle(",
            ),
        ),
        (GUARDS + "test_a_late_answer_settles_nothing_again",),
    ),
    Mutant(
        "the doorbell rings at once",
        "publish before commit",
        (
            Patch(
                "clock/doorbell.py",
                "transaction.on_commit(lambda: _send(task, args), robust=True)",
                "_send(task, args)",
            ),
        ),
        (GUARDS + "test_no_bell_is_heard_before_the_commit",),
    ),
    Mutant(
        "delivery asks nothing",
        "rules not checked again",
        (Patch("inmail/delivery.py", "if code := rules.at_delivery(pair.facts):", "if code := None:"),),
        (SENDING + "test_who_switches_off_before_delivery_is_not_reached_and_the_credit_returns", COURSES),
    ),
    Mutant(
        "an answer at the very deadline is in time",
        "deadline off by one",
        (Patch("inmail/messaging.py", "late = at >= row.deadline_at", "late = at > row.deadline_at"),),
        (SENDING + "test_an_answer_at_the_very_deadline_is_late",),
    ),
    Mutant(
        "silence begins a second after the deadline",
        "deadline off by one",
        (Patch("inmail/due.py", "AND deadline_at <= %(until)s", "AND deadline_at < %(until)s"),),
        (DUE + "test_an_answer_due_at_the_very_deadline_finds_the_credit_returned", COURSES),
    ),
    Mutant(
        "a simulated answer at the very deadline is in time",
        "deadline off by one",
        (Patch("inmail/due.py", "row[6] < row[8]", "row[6] <= row[8]"),),
        (DUE + "test_an_answer_due_at_the_very_deadline_finds_the_credit_returned",),
    ),
    Mutant(
        "a sweep takes what others are at",
        "sweep without claim",
        (
            Patch(
                "inmail/jobs.py",
                "ORDER BY j.retry_at, i.id LIMIT %(limit)s FOR UPDATE OF i SKIP LOCKED",
                "ORDER BY j.retry_at, i.id LIMIT %(limit)s",
            ),
            Patch(
                "inmail/delivery.py", ".filter(pk__in=ids).select_for_update(skip_locked=True)", ".filter(pk__in=ids)"
            ),
        ),
        (GUARDS + "test_a_sweep_leaves_alone_what_is_being_undone",),
    ),
    Mutant(
        "entries may be changed and deleted",
        "trigger dropped",
        (Patch("inmail/migrations/0002_ledger_laws.py", _APPEND_ONLY, "\n"),),
        (LEDGER + "test_the_database_refuses_to_change_or_empty_the_ledger",),
    ),
)

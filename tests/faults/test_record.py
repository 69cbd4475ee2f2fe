"""The figures bite: what is lost, doubled or unasked for is counted, and a failed run stands in the table as failed."""

import pytest
from django.db import connection

from inmail import delivery, messaging
from inmail.models import Inmail
from tests.faults import table
from tests.faults.figures import Figures, witness
from tests.faults.load import Answer, Load
from tests.faults.world import populate

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(live):
    with witness():
        world = populate(live, senders=1, recipients=3, credits=3)
        yield Figures(world, Load(("127.0.0.1", 1), world.tokens))


def told(figures, inmail_id: int | None, *, key: str = "k") -> None:
    body = {"id": inmail_id} if inmail_id else {}
    status = 201 if inmail_id else 503
    figures.load.answers.append(Answer("sender0", "reader0", key, status, body, {}, "", 0.5, 0.0))


def sent(figures) -> int:
    ((sender, recipient),) = figures.world.pairs(1)
    letter = messaging.Letter("consulting_offer", "A question", "A week of advice.")
    return messaging.send(figures.world.live, sender, recipient, letter, at=figures.world.live.now_at).inmail_id


def test_what_was_acknowledged_and_is_still_queued_or_not_there_is_lost(figures):
    told(figures, sent(figures))
    told(figures, 999_999, key="other")
    assert (figures.count().lost, figures.count().delivered) == (2, 0)


def test_what_was_delivered_is_not_lost(figures):
    told(figures, sent(figures))
    delivery.deliver_due(figures.world.live)
    found = figures.check()
    assert (found.acknowledged, found.delivered, found.lost, found.longest) == (1, 1, 0, 0.5)


def test_a_second_delivery_cannot_hide(figures):
    told(figures, pk := sent(figures))
    delivery.deliver_due(figures.world.live)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inmail_inmail SET status = 'queued' WHERE id = %s", [pk])
        cursor.execute("UPDATE inmail_inmail SET status = 'delivered' WHERE id = %s", [pk])
    assert figures.count().duplicated == 1
    with pytest.raises(AssertionError):
        figures.check()


def test_two_inmails_of_one_key_and_one_that_nobody_asked_for_are_counted(figures):
    told(figures, sent(figures))
    told(figures, sent(figures))
    assert figures.count().duplicated == 2  # two under the key, and so one more than there are keys


def test_a_free_inmail_without_its_charge_breaks_a_law(figures):
    told(figures, sent(figures))
    Inmail.objects.update(cost=0)
    with pytest.raises(AssertionError, match="costs a credit"):
        figures.check()


def test_an_answer_other_than_201_is_an_error_by_its_class(figures):
    told(figures, None)
    assert figures.count().errors == {"503": 1}


def a_row(*outcomes: str, times: int = 2, status: int = 0) -> dict:
    run = {"fault": "f", "expected": "e", "test": "t[1]", "acknowledged": 1, "delivered": 1, "lost": 0, "duplicated": 0}
    run |= {"residual": 0, "errors": {"503": 2}, "longest": 1.0, "recovery": 2.0}
    facts = {"row": "F1", "times": times, "status": status, "version": "v", "date": "2026-01-01", "load": [1, 2]}
    return facts | {"cores": 2, "runs": [run | {"outcome": outcome} for outcome in outcomes]}


def test_the_table_says_how_many_runs_failed_or_never_were():
    assert "| 2 | 2 | 2 | 0 |" in table.text([a_row("passed", "passed")])
    assert "1 of 2, **1 failed**" in table.text([a_row("passed", "failed", status=1)])
    assert "1 of 2, **1 failed**" in table.text([a_row("passed")])
    assert "**failed**" in table.text([a_row(status=2)])
    assert [table.passed(row) for row in (a_row("passed", "passed"), a_row("passed"), a_row())] == [True, False, False]


def test_the_table_takes_the_place_between_its_marks(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- faults -->\nold\n<!-- /faults -->\nafter\n")
    table.put_into(readme, [a_row("passed", "passed")])
    assert "old" not in readme.read_text()
    assert readme.read_text().startswith("before\n<!-- faults -->\n| row |")
    assert readme.read_text().endswith("\n<!-- /faults -->\nafter\n")

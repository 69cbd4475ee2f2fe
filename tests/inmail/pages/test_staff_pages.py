import csv
import re
import uuid

import pytest

from inmail import drafts, ledger, messaging
from inmail.models import IdempotencyKey

pytestmark = pytest.mark.django_db


def test_outcomes_stand_in_a_table_beside_the_chart(page, words, delivered, alice, carol, dave, noon):
    delivered(alice, dave)
    messaging.answer(delivered(alice, carol), answer="interested", at=noon)
    answer = page("admin", "/staff/outcomes/")
    assert "mismatch 1" in words(answer) and "match 1" in words(answer) and "100.0 %" in words(answer)
    assert b'id="outcomes-chart"' in answer.content


def test_without_outcomes_the_page_says_so(page, words):
    assert "Nothing has been delivered yet" in words(page("admin", "/staff/outcomes/"))


def test_the_outcomes_as_csv(page, delivered, alice, carol):
    delivered(alice, carol)
    rows = list(csv.DictReader(page("admin", "/staff/outcomes.csv").getvalue().decode().splitlines()))
    assert [row["match"] for row in rows] == ["match", "mismatch", "undeclared"]
    assert (rows[1]["delivered"], rows[1]["opened_share"]) == ("1", "0.0000")


def test_the_audit_proves_every_balance(page, words, send, alice, carol):
    send(alice, carol)
    said = words(page("admin", "/staff/audit/"))
    assert "Every balance is proved by its entries." in said and "broken" not in said


def test_an_adjustment_needs_a_reason_and_stands_under_its_author(page, words, live, alice):
    typed = {"member": "alice", "amount": "-2", "reason": "Counted twice in May."}
    page("admin", "/staff/audit/", typed | {"reason": ""}, status=400)
    page("admin", "/staff/audit/", typed, status=302)
    assert ledger.balance(live, alice) == 23
    assert "Alice Moreau Counted twice in May. Ada Novak −2" in words(page("admin", "/staff/audit/"))


@pytest.mark.parametrize("amount", ["0", "1.5", "NaN", "10001", "9223372036854775808"])
def test_unusable_amounts_add_nothing(page, live, alice, amount):
    typed = {"member": "alice", "amount": amount, "reason": "A test."}
    answer = page("admin", "/staff/audit/", typed, status=422 if amount == "0" else 400)
    assert b"field-error" in answer.content and ledger.balance(live, alice) == 25


def test_a_balance_cannot_be_adjusted_below_nothing(page, words, live, alice):
    typed = {"member": "alice", "amount": "-26", "reason": "Too much."}
    assert "negative" in words(page("admin", "/staff/audit/", typed, status=422))
    assert ledger.balance(live, alice) == 25


@pytest.mark.parametrize("other", [{"member": "bob"}, {"amount": "3"}, {"reason": "Another one."}])
def test_another_adjustment_after_the_back_button_is_told_and_can_be_made_too(page, words, live, alice, bob, other):
    typed = {"member": "alice", "amount": "2", "reason": "Counted twice.", "token": str(uuid.uuid4())}
    for _ in range(2):
        page("admin", "/staff/audit/", typed, status=302)
    again = page("admin", "/staff/audit/", typed | other, status=422)
    assert "This button has already done something else" in words(again)
    assert ledger.balance(live, alice) + ledger.balance(live, bob) == 27
    token = re.search(r'name="token" value="([^"]+)"', again.text).group(1)
    page("admin", "/staff/audit/", typed | other | {"token": token}, status=302)
    assert ledger.balance(live, alice) + ledger.balance(live, bob) in (29, 30)


def test_an_adjustment_that_still_runs_is_a_409(page, words, live, alice, admin, noon):
    token = uuid.uuid4()
    IdempotencyKey.objects.create(member=admin, key=drafts.button(token), made_at=noon)
    typed = {"member": "alice", "amount": "-2", "reason": "Counted twice.", "token": str(token)}
    assert "still running" in words(page("admin", "/staff/audit/", typed, status=409))
    assert ledger.balance(live, alice) == 25


def test_members_cannot_adjust(page, live, alice):
    page("alice", "/staff/audit/", {"member": "alice", "amount": "5", "reason": "Please."}, status=403)
    assert ledger.balance(live, alice) == 25


def test_a_statement_lists_the_entries_and_its_csv_is_no_formula(page, words, live, alice, admin, noon):
    ledger.adjust(live, alice, amount=1, reason="=cmd()", author=admin, at=noon)
    assert page("admin", "/staff/audit/?statement=alice", status=302).url == "/staff/audit/alice/"
    assert "=cmd() +1 26" in words(page("admin", "/staff/audit/alice/"))
    rows = list(csv.DictReader(page("admin", "/staff/audit/alice.csv").getvalue().decode().splitlines()))
    assert (rows[1]["note"], rows[1]["balance"], rows[1]["author"]) == ("'=cmd()", "26", "admin")


def test_a_statement_of_nobody_is_told(page):
    page("admin", "/staff/audit/?statement=nobody", status=400)
    page("admin", "/staff/audit/?statement=%00", status=400)
    page("admin", "/staff/audit/nobody/", status=404)

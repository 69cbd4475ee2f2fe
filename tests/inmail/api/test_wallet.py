import pytest

from inmail import ledger, terms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("live")]


def codes(answer):
    assert answer.status_code == 422, answer.content
    return [refusal["code"] for refusal in answer.json()["refusals"]]


def test_the_balance_is_proved_by_its_entries(call, alice, received):
    seen = call(alice).at("get", "credits/").json()
    assert (seen["balance"], seen["plan"], seen["policy"]) == (24, "recruiter_lite", "2014")
    assert seen["next_grant_at"] == "2014-07-03T00:00:00Z"
    first, second = seen["entries"]
    assert first == {
        "number": 2,
        "kind": "spend",
        "amount": -1,
        "balance": 24,
        "inmail": received.pk,
        "reason": "sent",
        "reason_text": "InMail sent",
        "at": "2014-06-03T12:00:00Z",
    }
    assert (second["kind"], second["amount"], second["inmail"]) == ("grant", 25, None)


def test_earlier_entries_are_on_the_next_page(call, alice, received):
    client = call(alice)
    first = client.get("/api/v1/credits/?page_size=1").json()
    assert [entry["number"] for entry in first["entries"]] == [2]
    assert [entry["number"] for entry in client.get(first["next"]).json()["entries"]] == [1]


def test_buying_gives_the_entry_up_to_the_months_limit(call, alice):
    bought = call(alice).at("post", "credits/purchase/", {"quantity": 8})
    assert bought.status_code == 201
    assert {k: bought.json()[k] for k in ("kind", "amount", "balance")} == {
        "kind": "purchase",
        "amount": 8,
        "balance": 33,
    }
    assert codes(call(alice).at("post", "credits/purchase/", {"quantity": 3})) == ["purchase_limit"]


def test_where_nothing_is_sold_one_is_told_so(call, alice, live, noon):
    terms.put_in_force(live, name="2024", from_at=noon)
    assert codes(call(alice).at("post", "credits/purchase/", {"quantity": 1})) == ["not_sold"]


def test_staff_correct_a_balance_with_a_reason(call, admin, alice, live):
    given = {"member": "alice", "amount": -5, "reason": "Granted twice."}
    made = call(admin).at("post", "audit/adjustments/", given)
    assert made.status_code == 201
    assert {k: made.json()[k] for k in ("kind", "amount", "balance", "reason")} == {
        "kind": "adjustment",
        "amount": -5,
        "balance": 20,
        "reason": "Granted twice.",
    }
    assert ledger.entries(live, alice)[0].author == admin


def test_a_correction_never_makes_a_balance_negative(call, admin, alice, live):
    given = {"member": "alice", "amount": -26, "reason": "Too much."}
    assert codes(call(admin).at("post", "audit/adjustments/", given)) == ["insufficient"]
    assert ledger.balance(live, alice) == 25


@pytest.mark.parametrize("data", [{"reason": " "}, {"reason": "x" * 301}, {"member": "nobody"}, {"author": "bob"}])
def test_corrections_that_are_none(call, admin, data):
    given = {"member": "alice", "amount": 1, "reason": "A test."} | data
    answer = call(admin).at("post", "audit/adjustments/", given)
    assert (answer.status_code, list(answer.json())) == (400, list(data))


def test_the_audit_and_the_outcomes_are_those_of_the_commands(call, admin, received):
    audit = call(admin).at("get", "audit/ledger/").json()
    assert (audit["holds"], audit["residual"], audit["violations"]) == (True, 0, [])
    rows = call(admin).at("get", "outcomes/summary/").json()
    assert {row["match"]: row["delivered"] for row in rows} == {"match": 0, "mismatch": 1, "undeclared": 0}
    assert set(rows[0]["opened"]) == {"count", "share", "low", "high"}

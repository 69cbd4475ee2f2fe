"""Who sees what: the future nobody, match, return and refusal the sender and staff, a score whose it is.

And what is not one's own is answered as what is not there, to the letter.
"""

import json
import re
from datetime import UTC, datetime

import pytest
from django.db import transaction

from accounts.models import Member
from clock import timeline as clock
from inmail.models import Inmail, SenderScore
from privacy.models import Reception
from tests.access.rows import API, PAGES, ROWS
from tests.access.visits import visit

pytestmark = pytest.mark.django_db
EVERYBODY = (None, "alice", "carol", "mallory", "stella", "admin")
THEN = datetime(2017, 9, 23, 4, 5, 6, tzinfo=UTC)
FUTURE = ("xyzzy-to-come", "answer_due", "open_due", "answer_text", "2017-09-23", "23 September 2017", "23 Sep 2017")
ADMIN_PAGE = "/admin/inmail/inmail/{delivered}/change/"
BOXES = [f"/inbox/?box={box}" for box in ("other", "awaiting", "sent", "drafts")]
BOXES += ["/api/v1/inmails/?box=sent", "/search/?q=a", "/members/alice/", "/api/v1/members/?q=alice", "/credits/"]
PLACES = sorted(
    {row.path for row in ROWS if row.method == "GET"} | {"/threads/{thread}/", "/members/alice/inmail/", *BOXES}
)
NOBODYS = "987654321"


@pytest.fixture
def telling(world):
    tell(world)
    return world


def tell(world):
    """alice's InMail to carol, a mismatch, has a future; alice has a score, carol a threshold."""
    due = {"open_due_at": THEN, "answer_due_at": THEN, "answer_due": "interested", "answer_text": "xyzzy-to-come"}
    Inmail.objects.filter(pk=world.ids["delivered"]).update(**due)
    alice = Member.objects.get(handle="alice")
    SenderScore.objects.update_or_create(
        timeline=clock.live(), member=alice, defaults={"score": "2.7", "answers": 7, "renewed_at": clock.now()}
    )
    Reception.objects.filter(member__handle="carol").update(lowest_score="4.6")


@pytest.fixture(scope="module")
def shown(world):
    """The pages of that world, asked for once: `shown[path, handle]`."""
    with transaction.atomic():
        tell(world)
        bodies = {(path, handle): visit(world, handle, "GET", path).body for path in PLACES for handle in EVERYBODY}
        transaction.set_rollback(True)
    return bodies


def test_the_future_is_shown_to_nobody(shown, telling):
    for (path, handle), body in shown.items():
        assert [mark for mark in FUTURE if mark in body] == [], (path, handle)
    assert "xyzzy-to-come" not in visit(telling, "admin", "GET", ADMIN_PAGE).body


def test_match_return_and_refusal_are_the_senders_and_of_staff(telling):
    keys = {}
    for handle in ("alice", "carol", "admin"):
        keys[handle] = set(json.loads(visit(telling, handle, "GET", "/api/v1/inmails/{delivered}/").body))
    assert keys["alice"] - keys["carol"] == {"match", "returned", "refusal"}
    assert keys["admin"] >= {"match", "returned", "refusal"}
    received = json.loads(visit(telling, "carol", "GET", "/api/v1/inmails/").body)["results"]
    assert received and not {"match", "returned", "refusal"} & set(received[0])
    assert "mark-mismatch" in visit(telling, "alice", "GET", "/threads/{thread}/").body
    assert "mismatch" not in visit(telling, "carol", "GET", "/threads/{thread}/").body


def test_a_score_and_a_threshold_are_seen_by_whose_they_are(shown, telling):
    assert '"score":2.7' in visit(telling, "alice", "GET", "/api/v1/me/").body
    assert '"lowest_score":4.6' in visit(telling, "carol", "GET", "/api/v1/reception/").body
    for (path, handle), body in shown.items():
        if handle not in EVERYBODY[-2:] and path not in ("/api/docs/", "/api/schema/"):
            body = re.sub(r"<svg.*?</svg>|(src|href|d)=\"[^\"]*\"", "", body, flags=re.S)
            assert handle == "alice" or not re.search(r"\b2[.,]7\b", body), (path, handle)
            assert handle == "carol" or not re.search(r"\b4[.,]6\b", body), (path, handle)


OTHERS = [row for row in API + PAGES if "<int:pk>" in row.route and "404" in row.statuses]


@pytest.mark.parametrize("row", OTHERS, ids=lambda row: f"{row.method} {row.path} {row.owner}")
def test_what_is_not_ones_own_is_answered_as_what_is_not_there(row, world):
    nothing = re.sub(r"\{\w+\}", NOBODYS, row.path)
    strangers = [handle for handle, status in row.who.items() if status == "404"]
    assert strangers
    for handle in strangers:
        theirs, none = (visit(world, handle, row.method, path, row.data) for path in (row.path, nothing))
        pk = str(world.ids[re.search(r"\{(\w+)\}", row.path)[1]])
        assert (theirs.status, plain(theirs.body, pk)) == (none.status, plain(none.body, NOBODYS)), handle


NAMED = [row for row in API + PAGES if "<str:handle>" in row.route and not row.route.startswith("staff/")]


@pytest.mark.parametrize("row", NAMED, ids=lambda row: f"{row.method} {row.path}")
def test_somebody_of_anothers_archive_is_answered_as_nobody(row, world):
    """And those who are known to all, whether they have blocked one or not, are never confused with them."""
    alice = Member.objects.get(handle="alice")
    Member.objects.create_user("veiledperson", first_name="Hidden", joined_at=clock.now(), imported_by=alice)
    for handle in ("sam", "mallory"):
        answers = []
        for name in ("veiledperson", "nobody"):
            path = re.sub(r"/(carol|bob|dave|frank|erin)/", f"/{name}/", row.path).replace("erin/", f"{name}/")
            found = visit(world, handle, row.method, path, row.data)
            answers.append((found.status, plain(found.body, name)))
        assert answers[0] == answers[1]


BODIES = [
    ("inmails/", {"category": "business_deal", "subject": "A question", "body": "Shall we talk?"}, "recipient"),
    ("messages/", {"body": "Lunch?"}, "recipient"),
    ("invitations/", {}, "member"),
    ("blocks/", {}, "member"),
]


@pytest.mark.parametrize(("call", "data", "name"), BODIES, ids=lambda value: str(value)[:12])
def test_a_body_that_names_somebody_hidden_is_answered_as_one_that_names_nobody(call, data, name, world):
    alice = Member.objects.get(handle="alice")
    Member.objects.create_user("veiledperson", first_name="Hidden", joined_at=clock.now(), imported_by=alice)
    hidden, nobody = (
        visit(world, "sam", "POST", f"/api/v1/{call}", data | {name: who}) for who in ("veiledperson", "nobody")
    )
    assert (
        (hidden.status, hidden.body)
        == (nobody.status, nobody.body)
        == ("400", f'{{"{name}":["There is no such member."]}}')
    )


def test_the_blocked_side_is_told_no_more_than_that_the_member_is_unavailable(world):
    for path in ("/api/v1/members/carol/", "/members/carol/", "/members/carol/message/"):
        found = visit(world, "mallory", "GET", path)
        assert "block" not in re.sub(r"<(nav|header|script|link)\b.*?(</\1>|>)", "", found.body, flags=re.S).lower(), (
            path
        )
        assert "Head of Data" not in found.body and "Torino" not in found.body, path
    refused = visit(world, "mallory", "POST", "/api/v1/inmails/", {**BODIES[0][1], "recipient": "carol"})
    assert [each["code"] for each in json.loads(refused.body)["refusals"]] == ["unavailable"]


def test_a_wrong_password_is_answered_as_an_unknown_handle(world):
    Member.objects.filter(handle="erin").update(deactivated_at=clock.now())
    password = {"password": "correct horse 9"}
    tries = [{"handle": "alice", "password": "wrong"}, {"handle": "nobody"} | password, {"handle": "erin"} | password]
    answers = {
        (found.status, found.body) for data in tries for found in [visit(world, None, "POST", "/api/v1/token/", data)]
    }
    assert len(answers) == 1 and answers.pop()[0] == "401"


def plain(body: str, name: str) -> str:
    """Without what names the request: its address, its one-time tokens."""
    once = r'(csrfmiddlewaretoken" value|nonce|name="token" value|request_id)="[^"]*"|"X-CSRFToken": "[^"]*"'
    return re.sub(rf"/{re.escape(name)}\b", "/…", re.sub(once, "", body))

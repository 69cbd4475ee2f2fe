"""The API as it is served: gunicorn, a worker and its beat, all real; the advance is the worker's own."""

import json
import urllib.error
import urllib.request

import pytest
from rest_framework.authtoken.models import Token

from accounts.models import Member
from inmail.models import LedgerEntry
from tests.processes import wait_for

OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


@pytest.fixture
def api(site, world):
    """`api("POST", "inmails/", data, by="alice")`: the status, the JSON and the headers."""

    def api(method, path, data=None, *, by="", **headers):
        headers = {"Content-Type": "application/json", **headers}
        if by:
            headers["Authorization"] = f"Token {Token.objects.get_or_create(user=Member.objects.get(handle=by))[0].key}"
        body = None if data is None else json.dumps(data).encode()
        url = path if path.startswith("http") else f"{site}/{path}"
        request = urllib.request.Request(url, body, headers, method=method)
        try:
            with OPEN(request, timeout=40) as answer:
                return answer.status, json.loads(answer.read() or b"null"), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null"), error.headers

    return api


def test_the_whole_way_over_the_api(api, world, at_work):
    status, signed_in, _ = api("POST", "api/v1/token/", {"handle": "alice", "password": world["alice"]})
    assert status == 200
    mine = {"Authorization": f"Token {signed_in['token']}", "Idempotency-Key": "once"}
    letter = {"recipient": "carol", "category": "consulting_offer", "subject": "A question", "body": "A week?"}
    before = api("GET", "api/v1/me/", **mine)[1]["credits"]
    status, sent, _ = api("POST", "api/v1/inmails/", letter, **mine)
    assert (status, sent["credits"], sent["match"]) == (201, before - 1, "mismatch")
    assert api("POST", "api/v1/inmails/", letter, **mine)[:2] == (201, sent)
    here = f"api/v1/inmails/{sent['id']}/"
    wait_for(lambda: api("GET", here, **mine)[1]["status"] == "delivered", seconds=20)
    status, counts, _ = api("POST", "api/v1/clock/advance/", {"days": 7}, by="admin")
    assert status == 200 and counts["midnight"] == 7, counts
    assert api("GET", here, **mine)[1]["returned"] is True
    assert LedgerEntry.objects.filter(inmail=sent["id"]).count() == 2
    assert api("GET", "api/v1/audit/ledger/", by="admin")[1]["holds"] is True
    wait_for(lambda: api("GET", "healthz")[0] == 200, seconds=20)


def test_a_megabyte_is_refused_in_a_sentence(api):
    letter = {"recipient": "carol", "category": "consulting_offer", "subject": "A question", "body": "x" * 2**20}
    status, found, _ = api("POST", "api/v1/inmails/", letter, by="alice")
    assert (status, list(found)) == (400, ["body"])


def test_a_list_is_followed_by_its_own_links(api):
    url, handles = "api/v1/members/?page_size=40", []
    while url:
        status, page, _ = api("GET", url, by="alice")
        assert status == 200
        handles += [row["handle"] for row in page["results"]]
        url = page["next"]
    assert len(handles) == len(set(handles)) == Member.objects.count()

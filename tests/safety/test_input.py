"""What people and programs send that is of no use: a sentence at 400, nothing kept, nothing lost, never a 5xx."""

import json
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from accounts.models import Member
from inmail.models import Inmail
from tests.inmail.api.conftest import call, words
from tests.safety.addresses import addresses

__all__ = ["call", "words"]
pytestmark = pytest.mark.django_db
POLYGLOT = b"GIF89a/*<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>*/=1;alert(1)//"


def hundred_megapixels() -> bytes:
    """A PNG of 10,000 by 10,000 points in a few kilobytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 10_000, 10_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1_251 * 10_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PICTURES = {"large.png": hundred_megapixels(), "polyglot.gif": POLYGLOT, "page.html": b"<script>alert(1)</script>"}


@pytest.mark.parametrize("name", PICTURES)
def test_there_is_nowhere_to_upload_anything(live, cast, name):
    """No form takes a file, so whatever address it is sent to refuses it or never looks at it."""
    client = Client(raise_request_exception=False)
    client.force_login(cast["alice"])
    taken = []
    for path in (
        "/settings/profile/",
        "/theme/",
        "/members/carol/inmail/",
        "/threads/1/",
        "/accounts/email/",
        "/network/",
    ):
        answer = client.post(path, {"first_name": "Eve", "picture": SimpleUploadedFile(name, PICTURES[name])})
        taken += [(path, answer.status_code)] if answer.status_code not in (400, 404, 405) else []
        assert "onload" not in answer.content.decode()
    assert taken == [] and Member.objects.get(handle="alice").first_name != "Eve"


@pytest.mark.parametrize("name", PICTURES)
def test_the_api_takes_no_files(call, alice, words, name):
    files = words | {"picture": SimpleUploadedFile(name, PICTURES[name])}
    for path in ("/api/v1/inmails/", "/api/v1/me/", "/api/v1/token/"):
        answer = multipart(call(alice), path, files)
        assert answer.status_code in (405, 415) and list(answer.json()) == ["detail"]
    assert not Inmail.objects.exists()


def multipart(client, path, files):
    return client.generic("POST", path, encode_multipart(BOUNDARY, files), content_type=MULTIPART_CONTENT)


def test_no_page_offers_an_upload(live, cast, client):
    client.force_login(cast["alice"])
    for path in addresses():
        if "logout" not in path and not path.startswith(("/admin", "/api")):
            page = client.get(path)
            assert page.streaming or b'type="file"' not in page.content, path


SIZES = ["1000000000", "9" * 5_000, "2147483648", "-1", "0", "1e9", "1_000", "٣", " 5", "0x10", "null", ""]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["members/", "connections/", "inmails/", "blocks/"])
def test_page_sizes_beyond_reason_are_a_hundred_or_a_sentence(call, alice, path, size):
    answer = call(alice).get(f"/api/v1/{path}", {"page_size": size})
    if answer.status_code == 200:
        assert int(size[:9]) > 0 and len(answer.json()["results"]) <= 100
    else:
        assert (answer.status_code, list(answer.json())) == (400, ["page_size"])
        assert size not in ("1000000000", "2147483648")


@pytest.fixture
def cursor(call, alice):
    """The cursor of the second page of alice's search."""
    return call(alice).get("/api/v1/members/?page_size=1").json()["next"].split("cursor=")[1].split("&")[0]


def test_a_cursor_changed_anywhere_is_refused(call, alice, cursor):
    client = call(alice)
    assert client.get(f"/api/v1/members/?cursor={cursor}").status_code == 200
    for place in range(0, len(cursor), 3):
        other = "A" if cursor[place] != "A" else "B"
        changed = cursor[:place] + other + cursor[place + 1 :]
        answer = client.get("/api/v1/members/", {"cursor": changed})
        assert (answer.status_code, list(answer.json())) == (400, ["cursor"]), changed


@pytest.mark.parametrize("made", ["", ":", "::", "e30:1:x", ".eJw:1:x", "W10=" * 9_000, "\x00", "../..", "' OR 1=1 --"])
def test_a_cursor_made_up_is_refused_or_none(call, alice, made):
    answer = call(alice).get("/api/v1/members/", {"cursor": made})
    assert answer.status_code == (400 if made else 200)
    page = Client()
    page.force_login(alice)
    assert page.get("/network/", {"cursor": made}).status_code == 200


TWICE = '{"recipient": "carol", "recipient": "bob", "category": "consulting_offer", "subject": "A", "body": "B"}'


@pytest.mark.parametrize("raw", [TWICE, '{"a": {"b": 1, "b": 2}}', '[{"a": 1, "a": 1}]'])
def test_a_name_said_twice_sends_nothing(call, alice, live, raw):
    answer = call(alice).post("/api/v1/inmails/", raw, content_type="application/json")
    assert (answer.status_code, list(answer.json())) == (400, ["non_field_errors"])
    assert not Inmail.objects.exists()


@pytest.mark.parametrize("depth", [21, 500, 900, 990, 10_000])
def test_json_of_any_depth_is_refused_and_never_breaks(call, alice, live, words, depth):
    nested = "[" * depth + "]" * depth
    raw = json.dumps(words)[:-1] + f', "more": {nested}' + "}"
    answer = call(alice).post(
        "/api/v1/inmails/", raw, content_type="application/json", headers={"Idempotency-Key": "k"}
    )
    assert (answer.status_code, list(answer.json())) == (400, ["non_field_errors"])


@pytest.mark.parametrize("override", ["HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_X_METHOD_OVERRIDE"])
def test_no_header_turns_reading_into_deleting(call, alice, bob, live, override):
    client = call(alice)
    assert (
        client.post(
            "/api/v1/connections/bob/", "{}", content_type="application/json", **{override: "DELETE"}
        ).status_code
        == 405
    )
    assert client.get("/api/v1/connections/", {"_method": "DELETE"}).json()["results"]


def test_forms_that_are_no_forms_are_refused(live, cast):
    client = Client(raise_request_exception=False)
    client.force_login(cast["alice"])
    form = "application/x-www-form-urlencoded"
    many = "&".join(f"field{number}=1" for number in range(5_000))
    broken = [
        (many, form),
        ("first_name=%ff%fe&last_name=%00", form),
        ("--x\r\nbroken", "multipart/form-data; boundary=x"),
    ]
    for body, kind in [*broken, ("x", "multipart/form-data"), ("\ud800".encode("utf-8", "surrogatepass"), form)]:
        answer = client.post("/settings/profile/", body, content_type=kind)
        assert answer.status_code in (200, 400, 422), (kind, answer.status_code)
    assert Member.objects.get(handle="alice").first_name == cast["alice"].first_name

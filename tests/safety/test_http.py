"""What no client library would send, said to the real server: a sentence or an error of the protocol, never a 5xx."""

import gzip
import json
import re

import pytest

from config.bounds import LONGEST_ADDRESS
from tests.safety.conftest import request, say
from tests.safety.test_pages import shortcomings

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
TOKEN, PAGE = "/api/v1/token/", "/accounts/login/"


def post(site, body, path=TOKEN, **headers):
    return say(site, request("POST", path, body, **({"Content_Type": JSON} | headers)))


def assert_refused(answer, status, words):
    assert (answer.status, words in answer.text) == (status, True), answer.text
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "JUNK"])
@pytest.mark.parametrize("path", [PAGE, "/admin/", TOKEN, "/healthz"])
def test_odd_methods_do_nothing_and_echo_nothing(site, method, path):
    answer = say(site, request(method, path, Cookie="sessionid=secret"))
    assert_refused(answer, 405, "This cannot be done at this address in this way.")
    assert "secret" not in answer.text and "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("header", ["X_HTTP_Method_Override", "X_HTTP_Method", "X_Method_Override"])
def test_a_method_is_what_the_request_line_says(site, header):
    assert say(site, request("GET", "/theme/", **{header: "POST"})).status == 405
    posted = post(site, b"{}", **{header: "GET"})
    assert (posted.status, set(json.loads(posted.text))) == (400, {"handle", "password"})


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost:8000@evil.example", "127.0.0.1.nip.io"]
)
@pytest.mark.parametrize("path", ["/", PAGE, "/api/v1/me/", "/healthz", "/admin/"])
def test_another_host_is_refused(site, host, path):
    answer = say(site, request("GET", path, Host=host))
    assert_refused(answer, 400, "That could not be read")
    assert "evil" not in answer.text


def test_two_hosts_are_refused(site):
    raw = b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert say(site, raw).status == 400


LIES = {
    "X_Forwarded_Host": "evil.example",
    "X_Forwarded_Server": "evil.example",
    "X_Forwarded_Port": "666",
    "X_Forwarded_Prefix": "/evil",
    "X_Original_URL": "/admin/",
    "X_Rewrite_URL": "/admin/",
    "Forwarded": "for=1.1.1.1;host=evil.example;proto=https",
    "X_Forwarded_Proto": "https",
    "X_Forwarded_Ssl": "on",
}


def test_headers_of_proxies_are_not_believed(site):
    answer = say(site, request("GET", "/inbox/", **LIES))
    assert (answer.status, answer.headers["Location"]) == (302, "/accounts/login/?next=/inbox/")
    schema = say(site, request("GET", "/api/docs/", **LIES))
    assert schema.status == 200 and "evil" not in schema.text and "https://localhost" not in schema.text


@pytest.mark.parametrize(
    "lie", ["SCRIPT_NAME: /evil", "PATH_INFO: /healthz", "REMOTE_USER: admin", "Script-Name: /evil"]
)
def test_nobody_names_another_path_from_outside(site, lie):
    for path in ("/inbox/", "/evil/inbox/"):
        answer = say(site, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{lie}\r\nConnection: close\r\n\r\n")
        location = answer.headers.get("Location", "")
        assert (answer.status, location) in ((302, "/accounts/login/?next=/inbox/"), (404, "")), answer.text


@pytest.mark.parametrize(("path", "kind"), [(TOKEN, JSON), ("/api/v1/inmails/", JSON), (PAGE, FORM), ("/theme/", FORM)])
def test_fifty_megabytes_are_refused_unread(site, path, kind):
    answer = post(site, b'{"handle": "' + b"x" * (50 * 2**20) + b'"}', path, Content_Type=kind)
    assert_refused(answer, 413, "This is too large: at most 5 MB are taken.")
    assert answer.seconds < 3


def test_what_is_said_to_be_endless_is_refused_before_it_comes(site):
    head = f"POST {TOKEN} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {10**15}\r\n\r\n"
    assert_refused(say(site, head), 413, "too large")


DEEP = 10_000
DEEP_ONES = {
    "lists": b'{"handle": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "objects": b'{"a": ' * DEEP + b"1" + b"}" * DEEP,
    "open": b"[" * 100_000,
    "a little": b'{"handle": ' + b"[" * 30 + b"]" * 30 + b"}",
}


@pytest.mark.parametrize("body", DEEP_ONES.values(), ids=DEEP_ONES)
def test_deep_json_is_refused(site, body):
    answer = post(site, body)
    assert (answer.status, json.loads(answer.text)) == (400, {"non_field_errors": ["This JSON is nested too deeply."]})
    assert answer.seconds < 3


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "deflate", "br", "gzip, identity"])
def test_what_is_packed_is_never_unpacked(site, coding):
    bomb = gzip.compress(b'{"handle": "' + b"0" * (100 * 2**20))
    for path, kind in ((TOKEN, JSON), (PAGE, FORM)):
        answer = post(site, bomb, path, Content_Type=kind, Content_Encoding=coding)
        assert_refused(answer, 415, "What is sent here must not be packed")


def test_a_body_whose_length_nobody_said_is_refused(site):
    head = f"POST {TOKEN} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {JSON}\r\nConnection: close\r\n"
    assert_refused(say(site, f"{head}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"), 411, "Content-Length")


TWO_WAYS = [
    "Content-Length: 2\r\nContent-Length: 3",
    "Content-Length: 2\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: xchunked",
    "Content-Length: -1",
    "Content-Length: +2",
    "Content-Length: 2, 3",
]


@pytest.mark.parametrize("said", TWO_WAYS)
def test_a_request_that_can_be_read_in_two_ways_is_refused(site, said):
    raw = f"POST {TOKEN} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {JSON}\r\n{said}\r\n\r\n"
    hidden = "{}GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answer = say(site, raw + hidden)
    assert answer.status in (400, 501) and answer.headers["Connection"] == "close"


@pytest.mark.parametrize(
    "junk", [b"\x16\x03\x01\x02\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n\r\n\r\n\0\r\n\r\n"]
)
def test_what_is_no_http_is_an_error_of_the_protocol(site, junk):
    assert say(site, junk).status in (400, 505)


REFUSED_BY_GUNICORN = {
    400: b"GET <script>\r\n\r\n",
    431: request("GET", "/", X_Long="<script>" * 20_000),
    501: request("POST", "/", Transfer_Encoding="<script>"),
}


@pytest.mark.parametrize(("status", "raw"), REFUSED_BY_GUNICORN.items(), ids=REFUSED_BY_GUNICORN)
def test_what_gunicorn_refuses_is_a_page_with_a_sentence_and_all_headers(site, status, raw):
    answer = say(site, raw)
    assert (answer.status, shortcomings(answer, "/")) == (status, [])
    assert re.search(r"<h1>[^<]{8,}</h1>\s*<p>[^<]{20,}</p>", answer.text) and "<script" not in answer.text
    assert int(answer.headers["Content-Length"]) == len(answer.text.encode())


def test_long_addresses_and_headers_are_refused(site):
    assert_refused(say(site, request("GET", "/search/?q=" + "x" * LONGEST_ADDRESS)), 414, "This address is too long.")
    assert say(site, request("GET", "/search/?q=" + "x" * 2_000_000)).status == 414
    assert say(site, request("GET", "/", X_Long="x" * 100_000)).status == 431
    assert say(site, request("GET", "/", **{f"X_{number}": "1" for number in range(500)})).status == 431


def test_a_visitor_with_a_long_search_is_asked_to_sign_in(site):
    answer = say(site, request("GET", "/search/?q=" + "word+" * 5_000))
    assert (answer.status, answer.headers["Location"]) == (302, "/accounts/login/?next=/")


def test_files_outside_static_are_not_served(site):
    for path in (
        "../config/settings.py",
        "%2e%2e/config/settings.py",
        "..%2f..%2fvar/secret-key",
        "/etc/passwd",
        "%00",
    ):
        answer = say(site, request("GET", f"/static/{path}"))
        assert answer.status in (400, 404) and "SECRET_KEY" not in answer.text, path
    for path in ("/.git/config", "/.env", "/manage.py", "/var/secret-key"):
        assert say(site, request("GET", path)).status == 404, path


def test_line_ends_in_an_address_make_no_header(site):
    answer = say(site, request("GET", f"{PAGE}?next=/%0d%0aSet-Cookie:%20owned=1"))
    assert "owned" not in str(answer.headers)
    answer = say(site, request("GET", "/inbox/%0d%0aSet-Cookie:%20owned=1"))
    assert "owned" not in str(answer.headers.get("Set-Cookie", ""))


def test_bytes_that_are_no_utf_8_are_refused(site):
    answer = post(site, '{"handle": "José", "password": "x"}'.encode("latin-1"))
    assert (answer.status, json.loads(answer.text)) == (400, {"non_field_errors": ["This is not a text in UTF-8."]})
    utf_16 = post(site, '{"handle": "a", "password": "x"}'.encode("utf-16"), Content_Type=f"{JSON}; charset=utf-16")
    assert utf_16.status == 400
    assert say(site, request("GET", "/search/?q=%ff%fe", Cookie="sessionid=\xff")).status == 302


@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", FORM, "text/plain", "text/json", "", "x", ";", "a/b" * 999]
)
def test_json_is_asked_for_where_json_is_taken(site, kind):
    answer = post(site, b'{"handle": "a", "password": "b"}', Content_Type=kind)
    assert (answer.status, list(json.loads(answer.text))) == (415, ["detail"])


def test_a_name_said_twice_is_refused(site):
    for body in (b'{"handle": "a", "handle": "b", "password": "c"}', b'[{"a": {"b": 1, "b": 1}}]'):
        answer = post(site, body)
        sentence = "A name stands twice in this JSON; which value is meant?"
        assert (answer.status, json.loads(answer.text)) == (400, {"non_field_errors": [sentence]})

"""What every page says to the browser, whichever it is and however it fails; and whom it takes orders from."""

import re

import pytest
from django.conf import settings as site_settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from accounts import second_factor
from accounts.models import Member
from clock import timeline
from config.bounds import LONGEST_ADDRESS
from inmail import cast as cast_of_members
from tests.conftest import NOON
from tests.safety.addresses import addresses

ALL = addresses()
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
PUBLIC = re.compile(r"^/members/alice/picture.svg$|^/static/")  # may be kept: they say no more than a name
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


def shortcomings(answer, path):
    """What a grader of headers would complain of."""
    said = answer.headers
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    wrong = [name for name, value in wanted.items() if said.get(name) != value]
    if set(said.get("Content-Security-Policy", "").split("; ")) != POLICY:
        wrong.append("Content-Security-Policy")
    if "camera=()" not in said.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    if not PUBLIC.match(path) and "no-store" not in said.get("Cache-Control", ""):
        wrong.append("Cache-Control")
    if "Content-Type" in said and "charset" not in said["Content-Type"] and said["Content-Type"].startswith("text/"):
        wrong.append("Content-Type")
    return [*wrong, *(name for name in ("X-Powered-By", "Access-Control-Allow-Origin") if name in said)]


@pytest.fixture
def world(live, cast):
    second_factor.enrol(Member.objects.filter(is_staff=True))
    return cast


@pytest.fixture
def visit(world):
    """`visit("alice")` is a browser of hers; of nobody when nobody is named."""

    def visit(handle=None, **options):
        client = Client(raise_request_exception=False, **options)
        if handle:
            client.force_login(world[handle])
        return client

    return visit


@pytest.fixture(scope="module")
def seen(django_db_setup, django_db_blocker):
    """What everybody is answered at every address: looked at by several tests, asked for once."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast_of_members.assemble(timeline.begin(at=NOON, seed=7), NOON)
        second_factor.enrol(Member.objects.filter(is_staff=True))
        answers = {handle: dict(_asked(handle)) for handle in (None, "alice", "admin")}
        transaction.set_rollback(True)
    return answers


def _asked(handle):
    client = Client(raise_request_exception=False)
    if handle:
        client.force_login(Member.objects.get(handle=handle))
    for path in ALL:
        if "logout" not in path:
            yield path, client.get(path)


@pytest.mark.django_db
@pytest.mark.parametrize("handle", [None, "alice", "admin"])
def test_every_address_says_what_browsers_must_know(seen, handle):
    assert [path for path, answer in seen[handle].items() if answer.status_code >= 500 and path != "/healthz"] == []
    wrong = {path: shortcomings(answer, path) for path, answer in seen[handle].items()}
    assert {path: found for path, found in wrong.items() if found} == {} and len(wrong) > 150


ERRORS = {
    400: {"path": "/", "HTTP_HOST": "evil.example"},
    403: {"path": "/staff/audit/"},
    404: {"path": "/nothing/"},
    405: {"path": "/theme/"},
    411: {"path": "/", "HTTP_TRANSFER_ENCODING": "chunked"},
    413: {"path": "/", "CONTENT_LENGTH": str(10**9)},
    414: {"path": "/search/", "QUERY_STRING": "q=" + "x" * LONGEST_ADDRESS},
    415: {"path": "/", "HTTP_CONTENT_ENCODING": "gzip"},
    500: {"path": "/broken/"},
    503: {"path": "/busy/"},
}


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "asked"), ERRORS.items())
def test_every_error_is_a_page_with_a_sentence_and_all_headers(visit, settings, status, asked):
    settings.ROOT_URLCONF = "tests.safety.broken_urls"
    answer = visit("alice").get(**asked)
    assert (answer.status_code, shortcomings(answer, asked["path"])) == (status, [])
    page = answer.content.decode()
    assert f'<p class="code">{status}</p>' in page and re.search(r"<h1>[^<]{8,}</h1>\s*<p>[^<]{20,}</p>", page)
    assert "Traceback" not in page and "nobody foresaw" not in page
    assert ("Retry-After" in answer.headers) == (status == 503)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [405, 411, 413, 414, 415])
def test_every_refusal_at_the_door_of_the_api_is_json(visit, status):
    asked = ERRORS[status] | {"path": "/api/v1/me/"}
    answer = visit("alice").generic("TRACE" if status == 405 else "GET", **asked)
    assert (answer.status_code, list(answer.json()), shortcomings(answer, "/api/")) == (status, ["detail"], [])


@pytest.mark.django_db
def test_a_form_without_its_token_and_too_many_attempts_have_all_headers(visit, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client = visit(enforce_csrf_checks=True)
    refused = client.post("/theme/", {"theme": "dark"})
    assert (refused.status_code, shortcomings(refused, "/theme/")) == (403, [])
    late = [visit().post("/accounts/login/", {}, REMOTE_ADDR="10.1.1.1") for _ in range(3)][-1]
    assert (late.status_code, late.headers["Retry-After"], shortcomings(late, "/")) == (429, "60", [])
    assert '<p class="code">429</p>' in late.content.decode()


@pytest.mark.parametrize(
    "name", ["base.css", "js/alive.js", "favicon.svg", "vendor/htmx/htmx.min.js", "admin/css/base.css"]
)
def test_files_have_the_headers_too(client, name):
    answer = client.get(f"/static/{name}")
    assert (answer.status_code, shortcomings(answer, "/static/")) == (200, [])


@pytest.mark.django_db
def test_no_page_needs_what_the_policy_forbids(seen):
    """No script or style within a page, no handler in an attribute, no address that runs."""
    forbidden = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S|<style|\son[a-z]+=|\sstyle=|javascript:|<base\b", re.I)
    for answers in seen.values():
        for path, answer in answers.items():
            if answer.streaming or "html" not in answer.get("Content-Type", ""):
                continue
            page = re.sub(
                r'<script[^>]*type="application/(ld\+)?json"[^>]*>.*?</script>', "", answer.content.decode(), flags=re.S
            )
            assert not (found := forbidden.search(page)), (path, page[found.start() : found.start() + 80])


# --- who gives orders ---------------------------------------------------------------------------------

FOREIGN = {"HTTP_ORIGIN": "https://evil.example"}
OPEN = {"/api/v1/token/"}  # who has no session needs no protection of one
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|WITH)\b(?!.*\bdjango_session\b)", re.I | re.S)


@pytest.mark.django_db
@pytest.mark.parametrize("handle", ["alice", "admin"])
def test_no_address_takes_an_order_from_another_site(visit, handle):
    client, taken = visit(handle, enforce_csrf_checks=True), []
    for path in ALL:
        for method in UNSAFE if path.startswith("/api/") else UNSAFE[:1]:
            with CaptureQueriesContext(connection) as queries:
                answer = client.generic(method, path, "{}", content_type="application/json", **FOREIGN)
            wrote = [query["sql"] for query in queries if WRITES.match(query["sql"])]
            if path not in OPEN and (answer.status_code not in (403, 404, 405) or wrote):
                taken.append((method, path, answer.status_code, wrote))
    assert taken == []


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["Origin", "Referer"])
def test_a_token_from_another_site_does_not_help(visit, header):
    client = visit("alice", enforce_csrf_checks=True)
    page = client.get("/settings/profile/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    orders = {"theme": "dark", "csrfmiddlewaretoken": token}
    assert client.post("/theme/", orders).status_code == 302
    evil = client.post("/theme/", orders, headers={header: "https://evil.example/"}, secure=header == "Referer")
    assert evil.status_code == 403


EVIL = [
    "//evil.example",
    "https://evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "http://localhost@evil.example/",
    "//evil.example\\@testserver/",
]


@pytest.mark.django_db
@pytest.mark.parametrize(("evil", "handle"), [("//evil.example", "alice"), ("https://evil.example/", None)])
def test_no_address_leads_to_another_site(visit, evil, handle):
    client = visit(handle)
    given = {name: evil for name in ("next", "url", "return_to", "redirect_to", "back", "theme", "language")}
    for path in ALL:
        ways = [client.get(path, given, HTTP_REFERER="https://evil.example/")]
        if "logout" not in path:
            ways.append(client.post(path, given, HTTP_REFERER="https://evil.example/"))
        for answer in ways:
            assert re.match(r"(/(?![/\\])|\?|$)", answer.get("Location", "")), (path, answer.get("Location"))


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("path", ["/theme/", "/i18n/setlang/"])
def test_a_choice_leads_back_to_this_site_only(client, path, evil):
    answer = client.post(path, {"next": evil, "theme": "dark", "language": "it"}, HTTP_REFERER="https://evil.example/")
    assert answer.status_code == 302 and re.match(r"/(?![/\\])", answer.url), answer.url


@pytest.mark.django_db
def test_after_signing_in_nobody_lands_elsewhere(world):
    alice = world["alice"]
    alice.set_password("correct horse 9")
    alice.save()
    for evil in EVIL:
        words = {"login": "alice", "password": "correct horse 9", "next": evil}
        answer = Client().post("/accounts/login/", words)
        assert answer.status_code == 302 and re.match(r"/(?![/\\])", answer.url), (evil, answer.url)


def test_what_is_not_in_the_map_is_not_there():
    assert site_settings.ROOT_URLCONF == "config.urls"
    for path in ("/__debug__/", "/debug/", "/phpinfo.php", "/.well-known/nothing", "/actuator"):
        with pytest.raises(Resolver404):
            resolve(path)

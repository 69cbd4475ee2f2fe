import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

MEMBERS = [
    "/search/",
    "/search/?q=data&country=IT&degree=2&open_to=career_opportunity",
    "/members/alice/",
    "/members/bob/",
    "/members/carol/",
    "/members/frank/",
    "/members/carol/inmail/",
    "/members/erin/inmail/",
    "/members/frank/inmail/",
    "/members/bob/message/",
    "/groups/data-science-italia/message/erin/",
    "/inbox/",
    "/inbox/?box=other",
    "/inbox/?box=awaiting",
    "/inbox/?box=sent",
    "/inbox/?box=drafts",
    "/credits/",
]
STAFF = [
    "/staff/outcomes/",
    "/staff/outcomes.csv",
    "/staff/audit/",
    "/staff/audit/alice/",
    "/staff/audit/alice.csv",
]


@pytest.mark.parametrize("url", MEMBERS)
def test_a_member_sees_the_page_and_a_visitor_signs_in_first(page, client, url):
    page("alice", url)
    client.logout()
    assert client.get(url).url.startswith("/accounts/login/")


@pytest.mark.parametrize("url", STAFF)
def test_staff_pages_open_for_staff_only(page, client, url):
    page("admin", url)
    page("alice", url, status=403)
    client.logout()
    assert client.get(url).url.startswith("/accounts/login/")


def test_the_first_page_explains_itself_to_a_visitor_and_leads_members_to_search(client, page, live, words):
    assert "simulated professional network" in words(client.get("/"))
    assert page("alice", "/", status=302).url == "/search/"


def test_the_header_shows_clock_unread_credits_and_score(page, delivered, erin, alice, words):
    delivered(erin, alice)
    said = words(page("alice", "/status/"))
    assert "Tue 3 Jun 2014, 12:00" in said
    assert "paused" in said and "1 unread message" in said and "25 credits" in said and "no score yet" in said


def test_the_theme_is_kept_in_a_cookie_and_leads_back_inside_only(client, live):
    answer = client.post("/theme/", {"theme": "dark", "next": "/credits/"})
    assert (answer.url, answer.cookies["theme"].value) == ("/credits/", "dark")
    for outside in ("https://example.org/", "//example.org/", "/\\example.org"):
        assert client.post("/theme/", {"theme": "dark", "next": outside}).url == "/"
    assert "theme" not in client.post("/theme/", {"theme": "<b>", "next": "/"}).cookies


def test_no_page_holds_inline_style_or_script(page):
    for url in [*MEMBERS]:
        html = page("alice", url).content.decode()
        assert " style=" not in html and "<style" not in html and "onclick" not in html


def test_a_part_that_polls_after_signing_out_reloads_the_page(client, live):
    answer = client.get("/inbox/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


def test_a_form_without_its_token_is_refused_with_a_page(cast):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast["alice"])
    answer = strict.post("/credits/purchase/", {"quantity": "1"})
    assert answer.status_code == 403 and b"no longer valid" in answer.content

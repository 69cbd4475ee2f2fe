"""The list and the course of a run: what is shown, started, cancelled, tried again; each sees their own."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Member
from lab import runs, scenario
from lab.models import Run

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def waiting(page, text):
    return runs.submit(Member.objects.get(handle="alice"), text)


def token(answer, name: str) -> str:
    form = answer.content.decode().split(f'value="{name}"')[0]
    return re.findall(r'name="token" value="([^"]+)"', form)[-1]


def test_an_empty_lab_says_what_it_is_for_and_offers_every_ready_scenario(page):
    shown = page.get("/lab/")
    assert b"No run yet" in shown.content
    assert [name for name in scenario.ready() if f'value="{name}"' not in shown.content.decode()] == []


def test_the_navigation_leads_every_member_there(page):
    assert b'href="/lab/"' in page.get("/inbox/").content


def test_a_ready_scenario_starts_once_however_often_it_is_pressed(page):
    pressed = {"ready": "categories", "token": token(page.get("/lab/"), "categories")}
    first, again = page.post("/lab/", pressed), page.post("/lab/", pressed)
    assert first.url == again.url == f"/lab/runs/{Run.objects.get().public_id}/"


def test_a_scenario_that_is_not_there_is_not_started(page):
    answer = page.post("/lab/", {"ready": "../../etc/passwd"})
    assert answer.status_code == 400 and not Run.objects.exists()


def test_a_fourth_run_waits_for_the_others(page):
    answers = [page.post("/lab/", {"ready": "categories"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 422]
    assert b"three runs that wait or run" in answers[-1].content


def test_the_list_asks_as_few_questions_for_twenty_runs_as_for_one(page, done):
    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert page.get("/lab/").status_code == 200
        return len(asked)

    done()
    page.get("/lab/")
    few = questions()
    for _ in range(4):
        done(seed=1)
    assert questions() == few <= 12


def test_the_list_has_a_verdict_in_a_few_words(page, done):
    done()
    shown = page.get("/lab/").content.decode()
    assert re.search(r"undecided on \d+", shown) and "Compare two" not in shown
    done()
    assert "Compare two" in page.get("/lab/").content.decode()


def test_a_run_that_waits_asks_for_itself_with_and_without_javascript(page, waiting):
    shown = page.get(f"/lab/runs/{waiting.public_id}/").content.decode()
    assert "Waiting for a worker" in shown and 'hx-trigger="every 2s"' in shown
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in shown
    assert "<html" not in page.get(f"/lab/runs/{waiting.public_id}/", headers=HTMX).content.decode()


def test_what_polls_is_told_to_look_anew_when_it_is_over(page, done):
    answer = page.get(f"/lab/runs/{done().public_id}/", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


def test_cancelling_twice_is_as_cancelling_once(page, waiting):
    for _ in range(2):
        assert page.post(f"/lab/runs/{waiting.public_id}/cancel/").status_code == 302
    waiting.refresh_from_db()
    assert waiting.status == "cancelled" and waiting.cancelled_by.handle == "alice"
    assert b"Cancelled." in page.get(f"/lab/runs/{waiting.public_id}/").content


def test_a_failed_run_says_why_and_is_tried_again(page, waiting):
    why = "Part 1 failed <5> times."
    Run.objects.filter(pk=waiting.pk).update(status="failed", finished_at=waiting.created_at, error=why)
    assert b"Part 1 failed &lt;5&gt; times." in page.get(f"/lab/runs/{waiting.public_id}/").content
    for _ in range(2):
        page.post(f"/lab/runs/{waiting.public_id}/retry/")
    waiting.refresh_from_db()
    assert waiting.status == "waiting"


@pytest.mark.parametrize("path", ["", "report.csv", "report.json", "report.parquet", "scenario.toml"])
def test_to_others_a_run_is_not_there(done, path):
    theirs, other = done(), Client()
    other.force_login(Member.objects.get(handle="bob"))
    assert other.get(f"/lab/runs/{theirs.public_id}/{path}").status_code == 404
    assert other.get(f"/lab/compare/?a={theirs.public_id}&b={theirs.public_id}").status_code == 404

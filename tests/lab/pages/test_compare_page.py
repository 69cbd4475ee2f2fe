"""Two runs side by side: what differs, and differences only where they mean something."""

import pytest

from lab.models import Run
from tests.lab.conftest import SMALL

pytestmark = pytest.mark.django_db
CAPPED = SMALL.replace('policy = "2015"', 'policy = "2015"\ndeadline_days = 5')


def beside(page, a, b) -> str:
    answer = page.get("/lab/compare/", {"a": a.public_id, "b": b.public_id})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_run_against_itself_differs_in_nothing(page, done):
    run = done()
    shown = beside(page, run, run)
    assert "it is the same experiment" in shown and "“answer”: B less A" in shown
    assert "mark-match" not in shown and "mark-mismatch" not in shown


def test_the_same_people_under_another_policy_are_compared_by_common_luck(page, done):
    shown = beside(page, done(), done(CAPPED))
    assert "Arm “answer”" in shown and "deadline_days = 5" in shown and "“answer”: B less A" in shown


def test_other_people_are_not_compared_number_by_number(page, done):
    shown = beside(page, done(), done(seed=9))
    assert "not comparable" in shown and "B less A" not in shown and "Seed" in shown


def test_another_version_of_the_program_is_not_comparable(page, done):
    old = done()
    Run.objects.filter(pk=old.pk).update(version="another")
    assert "different versions of the program" in beside(page, old, done())


def test_two_ticks_of_the_list_lead_there_and_one_to_a_choice(page, done):
    a, b = str(done().public_id), str(done().public_id)
    assert page.get("/lab/compare/", {"run": [a, b]}).url == f"/lab/compare/?a={a}&b={b}"
    assert b"Choose just two runs." in page.get("/lab/compare/", {"run": a}).content
    assert page.get("/lab/compare/", {"a": "nonsense", "b": a}).status_code == 404

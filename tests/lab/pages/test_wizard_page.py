"""The wizard: form and TOML are the same experiment, what was typed is kept, nothing starts with a fault."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lab import scenario
from lab.models import Run
from lab.telling import steps, typed
from tests.lab.conftest import SMALL

pytestmark = pytest.mark.django_db
NEW = "/lab/new/"


def values(ready="categories", **changed) -> dict[str, str]:
    """What a browser would send of the form."""
    given = typed.of_scenario(scenario.load(scenario.ready()[ready]))
    return {**{key: value for key, value in given.items() if value}, "mode": "form", **changed}


def fields(page: str) -> set[str]:
    return set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page))


def test_every_field_stands_in_the_form_once(page):
    shown = page.get(f"{NEW}?from=five_caps").content.decode()
    found = re.findall(r'<(?:input|select)[^>]* name="([a-z_]+(?:\.[^"]+)?)"', shown)
    expected = set(typed.of_scenario(scenario.load(scenario.ready()["five_caps"])))
    assert expected <= set(found) and all(found.count(name) == 1 for name in expected)


@pytest.mark.parametrize("name", scenario.ready())
def test_what_the_form_shows_is_the_scenario_it_began_from(page, name):
    shown = page.get(f"{NEW}?from={name}").content.decode()
    sent = {
        n: html.unescape(v) for n, v in re.findall(r'<input type="text"[^>]* name="([^"]+)" value="([^"]*)"', shown)
    }
    sent |= dict.fromkeys(re.findall(r'type="checkbox"[^>]* name="([^"]+)" checked', shown), "on")
    for select in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', shown, re.S):
        sent[select[0]] = re.search(r'value="([^"]*)" selected', select[1])[1]
    assert typed.read(sent).scenario == scenario.load(scenario.ready()[name])


def test_the_form_becomes_toml_and_the_toml_the_form(page):
    shown = page.post(NEW, values(act="toml")).content.decode()
    text = html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", shown, re.S)[1])
    assert scenario.read(text) == scenario.load(scenario.ready()["categories"])
    back = page.post(NEW, {"mode": "toml", "text": text, "act": "form"}).content.decode()
    assert 'value="enforced"' in back and 'name="arms.2.name"' in back


def test_a_start_leads_to_a_run_of_what_was_typed_and_once(page):
    sent = values(act="start", members="5000", days="12", token="5a3bdc06-0000-4000-8000-000000000001")
    first, again = page.post(NEW, sent), page.post(NEW, sent)
    run = Run.objects.get()
    assert first.url == again.url == f"/lab/runs/{run.public_id}/" and (run.members, run.days) == (5000, 12)


def test_the_same_button_with_other_values_is_not_lost(page):
    sent = values(act="start", members="5000", token="5a3bdc06-0000-4000-8000-000000000001")
    page.post(NEW, sent)
    answer = page.post(NEW, sent | {"members": "6000"})
    assert answer.status_code == 422 and b"6000" in answer.content and sent["token"].encode() not in answer.content


def test_what_is_wrong_is_said_at_the_field_and_at_the_top_and_the_rest_is_kept(page):
    answer = page.post(NEW, values(act="start", days="many", name="Kept <i>"))
    shown = answer.content.decode()
    assert answer.status_code == 400 and not Run.objects.exists()
    assert 'id="days_error"' in shown and 'href="#days"' in shown and 'value="Kept &lt;i&gt;"' in shown
    assert shown.count("days must be a whole number from 1 to 1,000") >= 2


def test_a_fault_in_toml_names_its_line_and_keeps_the_text(page):
    text = SMALL.replace("days = 20", "days = 2000")
    answer = page.post(NEW, {"mode": "toml", "text": text.replace("\n", "\r\n"), "act": "start"})
    shown = answer.content.decode()
    assert answer.status_code == 400 and "Line 4" in shown and "days = 2000" in shown and not Run.objects.exists()


def test_a_file_takes_the_place_of_the_text(page):
    file = SimpleUploadedFile("mine.toml", SMALL.encode())
    assert page.post(NEW, {"mode": "toml", "text": "", "file": file, "act": "start"}).status_code == 302
    assert Run.objects.get().name == "Small"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 60_000, b"x" * 3_000_000], ids=["binary", "long", "large"])
def test_a_file_that_is_no_scenario_is_refused(page, content):
    file = SimpleUploadedFile("mine.toml", content)
    assert page.post(NEW, {"mode": "toml", "file": file, "act": "start"}).status_code == 400


def test_arms_are_added_and_removed_by_buttons(page):
    more = page.post(NEW, values(act="add-arm")).content.decode()
    assert 'value="arm 4"' in more and "Arm 4" in more
    fewer = page.post(NEW, values(act="remove-1")).content.decode()
    assert 'value="shown"' in fewer and 'value="hidden"' in fewer and 'name="arms.2.name"' not in fewer


def test_htmx_is_told_the_estimate_alone(page):
    answer = page.post(NEW, values(), headers={"HX-Request": "true"})
    assert b"InMails" in answer.content and b"<html" not in answer.content
    wrong = page.post(NEW, values(days="0"), headers={"HX-Request": "true"})
    assert wrong.status_code == 200 and b"days must be" in wrong.content


def test_a_run_too_large_is_refused_before_it_starts(page):
    answer = page.post(NEW, values(act="start", replications="1000"))
    assert answer.status_code == 422 and b"more memory than there is" in answer.content


def test_it_begins_from_a_run_of_ones_own_and_from_nobody_elses(page, done, bob):
    run = done(seed=77)
    assert b'value="77"' in page.get(f"{NEW}?from={run.public_id}").content
    assert page.get(f"{NEW}?from=nonsense").status_code == 404
    page.force_login(bob)
    assert page.get(f"{NEW}?from={run.public_id}").status_code == 404


def test_every_parameter_has_its_words():
    for table, words in steps.TABLES.items():
        assert set(words) == set(typed.PARTS[table]), table
        assert all(each.label and each.meaning and each.source in "SPDF" for each in words.values())

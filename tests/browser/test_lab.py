"""The lab in a browser: an experiment is described, waits, is lived, and tells; with JavaScript and without."""

import re

from playwright.sync_api import expect

from lab import queue, work
from tests.lab.conftest import SMALL


def begin(visitor, text: str) -> None:
    """Describe the experiment as TOML and start it."""
    visitor.open("/lab/new/")
    visitor.page.click("button[name=act][value=toml] >> visible=true")
    visitor.page.fill("#text", text)
    visitor.page.click(".start-bar .button-primary")
    visitor.page.wait_for_url(re.compile("/lab/runs/"))
    visitor.sees("main", "Waiting for a worker.")


def test_an_experiment_is_started_and_its_report_appears_by_itself(visit, monkeypatch):
    monkeypatch.setattr(work, "_measured", True)  # how quick this machine is takes longer than the experiment
    alice = visit("alice")
    begin(alice, SMALL)
    while queue.is_waiting():
        work.work()
    alice.sees("#differences-title", "Differences")
    expect(alice.page.locator(".verdict-sentence")).to_contain_text("“Answer” sends")
    alice.open("/lab/")
    expect(alice.page.locator(".run-row .verdict-counts")).to_be_visible()


def test_a_form_tells_what_a_change_would_take(visit):
    alice = visit("alice")
    alice.open("/lab/new/?from=categories")
    alice.page.fill("#days", "0")
    alice.page.press("#days", "Tab")
    expect(alice.page.locator("#estimate .field-error")).to_contain_text("days must be a whole number")
    alice.page.fill("#days", "9")
    alice.page.press("#days", "Tab")
    expect(alice.page.locator("#estimate")).to_contain_text("InMails")


def test_without_javascript_a_run_is_described_started_and_cancelled(visit):
    bob = visit("bob", java_script_enabled=False)
    bob.open("/lab/new/?from=five_caps")
    bob.page.click("button[name=act][value=remove-4]")
    expect(bob.page.locator("fieldset.arm")).to_have_count(4)
    bob.page.click(".start-bar .button-primary")
    bob.page.wait_for_url(re.compile("/lab/runs/"))
    bob.page.click(".button-danger")
    bob.sees("main", "Cancelled.")

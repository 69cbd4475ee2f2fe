"""What people type is text and nothing else; a button pressed twice, or from an old page, acts once."""

import re

from playwright.sync_api import expect

from accounts.models import Member
from clock import timeline as clock
from inmail import delivery, ledger
from inmail.models import Inmail

NASTY = "<b>x</b><img src=x onerror=\"window.owned=1\"> {{ 7|add:7 }} {% now 'Y' %} <script>window.owned=1</script>"
LINK = "javascript:window.owned=1"


def test_what_is_typed_is_shown_as_text(visit, world):
    Member.objects.update(undo_seconds=0)
    alice, carol = visit("alice"), visit("carol")
    alice.open("/settings/profile/")
    alice.page.fill("[name=headline]", NASTY[:100])
    alice.page.click("main form:has([name=headline]) .button-primary")
    alice.compose("carol", category="consulting_offer", subject=NASTY, body=f"{NASTY}\n{LINK}")
    thread = alice.send()
    delivery.deliver_one(Inmail.objects.get(thread=thread).pk)
    carol.open(f"/threads/{thread}/")
    expect(carol.page.locator("h1")).to_have_text(NASTY)
    expect(carol.page.locator(".message-text").first).to_have_text(f"{NASTY}\n{LINK}", use_inner_text=True)
    carol.open("/members/alice/")
    expect(carol.page.locator(".hero")).to_contain_text(NASTY[:100])
    carol.open("/inbox/?box=other")
    assert carol.page.evaluate("window.owned") is None
    assert carol.page.locator("main :is(b, script, img[src=x], a[href^=javascript])").count() == 0


def test_a_script_within_a_page_does_not_run(visit):
    alice = visit("alice")
    alice.page.evaluate(
        "const script = document.createElement('script'); script.textContent = 'window.owned = 1';"
        "document.body.append(script); document.body.setAttribute('onclick', 'window.owned = 1')"
    )
    alice.page.click("h1 + *", position={"x": 2, "y": 2})
    assert alice.page.evaluate("window.owned") is None
    assert alice.complaints and all("Content Security Policy" in complaint for complaint in alice.complaints)
    alice.complaints.clear()


def test_a_doubled_click_on_send_makes_one_inmail(visit, world):
    alice = visit("alice")
    alice.compose("carol", category="consulting_offer", subject="Once", body="Only once.")
    alice.page.dblclick(".compose-send .button-primary")
    expect(alice.page).to_have_url(re.compile("/threads/"))  # the second press ends the way of the first
    expect(alice.page.locator("h1")).to_have_text("Once")
    assert_one_inmail()


def test_going_back_and_sending_again_makes_no_second_inmail(visit, world):
    alice = visit("alice")
    alice.compose("carol", category="consulting_offer", subject="Once", body="Only once.")
    alice.send()
    alice.page.go_back()
    alice.page.wait_for_url("**/members/carol/inmail/")
    for name, text in (("subject", "Once"), ("body", "Only once.")):
        alice.page.fill(f"[name={name}]", text)
    alice.page.select_option("[name=category]", "consulting_offer")
    expect(alice.page.locator("#errors")).to_be_visible()
    expect(alice.page.locator(".compose-send .button-primary")).to_be_disabled()
    alice.page.press("[name=subject]", "Enter")
    assert_one_inmail()


def assert_one_inmail():
    alice = Member.objects.get(handle="alice")
    assert Inmail.objects.sent_by(alice).count() == 1
    assert ledger.balance(clock.live(), alice) == 24

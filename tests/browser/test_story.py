"""What a person can do here, from signing in to a proven ledger, in both languages; once without JavaScript."""

import re
import time
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Member
from clock import timeline as clock
from inmail.models import Inmail, Status
from privacy.models import Messages
from simulation import demo
from tests.processes import wait_for

SUBJECT = "Ten days on your timetables"
BODY = "We would like your advice on how people change trains.\n\nWhen could we talk?"
ACCENT, GREY = "rgb(11, 95, 208)", "rgb(68, 82, 94)"
ROOM_FOR_INTERVALS = """() => {
  const chart = Chart.getChart(document.querySelector("canvas"));
  return chart.scales.y.max >= Math.max(...chart.data.datasets.flatMap(series => series.high));
}"""
PROMISE = 2.0  # seconds from the end of the undo window to delivery


def test_the_whole_story_from_signing_in_to_a_proven_ledger(visit, at_work):
    """Each in a language of their own, on one platform."""
    alice, admin = visit("alice", language="it"), visit("admin", language="en")
    finds_people_with_degree_and_button(alice)
    looks_at_a_profile(alice)
    composes_a_mismatch_and_is_not_stopped(alice)
    inmail = undoes_once_and_lets_it_go(alice)
    answers(visit("carol", language="it"), inmail)
    sees_the_answer_without_reloading(alice, inmail)
    others = writes_to_dave_and_to_a_simulated_member(alice)
    moves_the_clock_seven_days_on(admin)
    finds_what_became_of_them(alice, others)
    reads_every_entry_with_its_reason(alice)
    switches_inmail_on_for_alice(alice, visit("frank", language="en"))
    looks_at_outcomes_and_audit(admin)


def finds_people_with_degree_and_button(alice):
    alice.open("/search/")
    for words, handle, degree in (
        ("conti", "carol", "2nd"),
        ("engineering manager", "bob", "1st"),
        ("nigeria", "dave", "out of network"),
    ):
        alice.page.fill("#id_q", words)
        expect(alice.row(handle)).to_contain_text(alice.says(degree))
    expect(alice.row("dave").locator("a.button-inmail")).to_be_visible()
    alice.page.fill("#id_q", "neumann")
    expect(alice.row("frank").locator(".refusal")).not_to_be_empty()
    assert alice.row("frank").locator("a.button-inmail").count() == 0
    alice.page.fill("#id_q", "")
    alice.page.select_option("[name=country]", "IT")
    alice.page.select_option("[name=degree]", "2")
    expect(alice.row("carol")).to_be_visible()
    expect(alice.row("frank")).to_have_count(0)


def looks_at_a_profile(alice):
    alice.row("carol").locator("a.person-name").click()
    expect(alice.page.locator("h1")).to_have_text("Carol Conti")
    expect(alice.page.locator(".hero img.avatar")).to_be_visible()
    connect = alice.page.get_by_role("button", name=alice.says("Connect"), exact=True)
    inmail = alice.page.locator('.hero a[href="/members/carol/inmail/"]')
    expect(connect).to_have_css("background-color", ACCENT)
    expect(inmail).to_have_css("background-color", GREY)
    blue, grey = connect.bounding_box(), inmail.bounding_box()
    assert abs(blue["y"] - grey["y"]) < 2 and 0 < grey["x"] - blue["x"] - blue["width"] < 24
    inmail.click()


def composes_a_mismatch_and_is_not_stopped(alice):
    expect(alice.page.locator(".compose-side")).to_contain_text(category("career_opportunity", alice))
    alice.page.select_option("[name=category]", label=category("consulting_offer", alice))
    expect(alice.page.locator("[data-hint=mismatch]")).to_be_visible()
    expect(alice.page.locator("[data-hint=match]")).to_be_hidden()
    alice.page.fill("[name=subject]", SUBJECT)
    alice.page.fill("[name=body]", BODY)
    expect(alice.page.locator("#standing")).to_contain_text("25")
    alice.sees("#standing", "no score yet")
    standing, button = (
        alice.page.locator(place).bounding_box() for place in ("#standing", ".compose-send .button-primary")
    )
    assert 0 <= button["y"] - standing["y"] - standing["height"] < 30
    expect(alice.page.locator(".compose-send .button-primary")).to_have_css("background-color", ACCENT)


def undoes_once_and_lets_it_go(alice) -> Inmail:
    alice.send()
    alice.page.click("#undo")
    alice.page.wait_for_url("**/members/carol/inmail/")
    expect(alice.page.locator("[name=subject]")).to_have_value(SUBJECT)
    expect(alice.page.locator("[name=body]")).to_have_value(BODY)
    expect(alice.page.locator("#standing")).to_contain_text("25")
    thread = alice.send()
    expect(alice.page.locator("#undo")).to_be_visible()
    inmail = Inmail.objects.get(thread=thread)
    delivered = wait_for(lambda: timezone.now() if status(inmail) == Status.DELIVERED else None)
    assert inmail.release_at <= delivered <= inmail.release_at + timedelta(seconds=PROMISE)
    alice.sees("#thread-steps", "Delivered")
    expect(alice.page.locator("#undo")).to_have_count(0)
    return inmail


def answers(carol, inmail):
    expect(carol.page.locator("#status-unread .figures")).to_have_text(re.compile("[1-9]"))
    carol.open("/inbox/")
    carol.page.click('#tabs a[href="/inbox/?box=other"]')
    carol.page.click(f"#mail-{inmail.thread_id} a")
    expect(carol.page.locator("#thread-items")).to_contain_text("When could we talk?")
    carol.page.fill("[name=body]", "Thursday at ten, by telephone.")
    carol.page.click("button[name=answer][value=reply]")
    expect(carol.page.locator("#thread-items")).to_contain_text("Thursday at ten")
    carol.leave()


def sees_the_answer_without_reloading(alice, inmail):
    expect(alice.page.locator("#thread-items")).to_contain_text("Thursday at ten, by telephone.")
    alice.sees("#thread-steps", "Opened")
    alice.page.fill("#answer [name=body]", "I shall call.")
    alice.page.click("#answer .button-primary")
    expect(alice.page.locator("#thread-items")).to_contain_text("I shall call.")


def writes_to_dave_and_to_a_simulated_member(alice) -> list[Inmail]:
    alice.compose("dave", category="business_deal", subject="A depot", body="Space for cold goods in Lyon.")
    threads = [alice.send()]
    alice.open("/search/?degree=3")
    simulated = alice.page.locator("#results li").filter(has=alice.page.locator(".simulated"))
    handle = simulated.locator("a.button-inmail").first.get_attribute("href").split("/")[2]
    alice.compose(handle, category="career_opportunity", subject="A team", body="Would you like to hear of it?")
    threads.append(alice.send())
    alice.sees("#thread-steps", "Delivered")
    written = list(Inmail.objects.filter(thread__in=threads).order_by("id"))
    wait_for(lambda: all(status(inmail) != Status.QUEUED for inmail in written))
    return written


def moves_the_clock_seven_days_on(admin):
    admin.open("/clock/")
    admin.page.click("button[name=days][value='7']")
    expect(admin.page.locator("#advances .badge").first).to_have_text(admin.says("done"), timeout=60_000)
    assert clock.now(clock.live()) == demo.PRESENT + timedelta(days=7)
    expect(admin.page.locator("#clock time")).to_contain_text("10")


def finds_what_became_of_them(alice, written):
    to_dave, to_simulated = (Inmail.objects.get(pk=inmail.pk) for inmail in written)
    assert to_dave.returned and to_simulated.returned == (to_simulated.answer == "")
    for inmail in (to_dave, to_simulated):
        alice.open(f"/threads/{inmail.thread_id}/")
        alice.sees("#thread-steps", "Opened" if inmail.opened_at else "Not opened yet")
        alice.sees("#thread-steps", "Credit returned" if inmail.returned else str(inmail.get_answer_display()))


def reads_every_entry_with_its_reason(alice):
    alice.open("/credits/")
    expect(alice.page.locator("canvas")).to_be_visible()
    rows = alice.page.locator("#entries tbody tr")
    for kind, reason, amount in (
        ("Granted", "opening balance", "+25"),
        ("Spent", "InMail sent", "−1"),
        ("Returned", "sending undone", "+1"),
        ("Returned", "no response by the deadline", "+1"),
    ):
        row = rows.filter(has_text=alice.says(reason)).first
        expect(row).to_contain_text(alice.says(kind))
        expect(row).to_contain_text(amount)


def switches_inmail_on_for_alice(alice, frank):
    for path in ("/members/frank/", "/members/frank/inmail/"):
        alice.open(path)
        reason = "This member does not receive InMail; invite them to connect instead."
        alice.sees("main", reason)
    frank.open("/settings/communications/")
    frank.page.check(f"[name=messages][value={Messages.NO_FREE}]")
    frank.page.locator("main form", has=frank.page.locator("[name=messages]")).locator(".button-primary").click()
    expect(frank.page.locator("#notices .notice-success")).to_be_visible()
    alice.open("/members/frank/")
    alice.page.click('.hero a[href="/members/frank/inmail/"]')
    alice.compose("frank", category="business_deal", subject="Presses", body="May I show you two?")
    alice.send()
    alice.sees("#thread-steps", "Delivered")


def looks_at_outcomes_and_audit(admin):
    admin.open("/staff/outcomes/")
    expect(admin.page.locator("canvas")).to_be_visible()
    assert admin.page.evaluate(ROOM_FOR_INTERVALS)
    for match in ("match", "mismatch"):
        row = admin.page.locator(f"tbody tr:has(.mark-{match})")
        assert int(row.locator("td").first.inner_text()) >= 1
    admin.open("/staff/audit/")
    laws = admin.page.locator(".law").all_inner_texts()
    assert len(laws) >= 5 and all(admin.says("holds") in law for law in laws)
    admin.sees("main", "Every balance is proved by its entries.")


def test_every_act_works_without_javascript(visit, at_work):
    alice = visit("alice", java_script_enabled=False)
    alice.page.fill("#top-q", "conti")
    alice.page.press("#top-q", "Enter")
    alice.row("carol").locator("a.button-inmail").click()
    alice.compose("carol", category="consulting_offer", subject=SUBJECT, body=BODY)
    alice.send()
    alice.page.click("#undo")
    assert alice.page.locator("[name=body]").input_value() == BODY
    inmail = Inmail.objects.get(thread=alice.send())
    sees_by_reloading(alice, "#thread-steps", "Delivered")
    carol = visit("carol", java_script_enabled=False)
    carol.open(f"/threads/{inmail.thread_id}/")
    carol.page.click("button[name=answer][value=interested]")
    sees_by_reloading(alice, "#thread-steps", "Interested")
    changes_settings_and_the_clock(visit("admin", java_script_enabled=False))


def changes_settings_and_the_clock(admin):
    admin.open("/settings/communications/")
    admin.page.fill("[name=undo_seconds]", "7")
    admin.page.click("main form:has([name=undo_seconds]) .button-primary")
    assert Member.objects.get(handle="admin").undo_seconds == 7
    admin.page.click("button[name=theme][value=dark]")
    assert admin.page.locator("html").get_attribute("data-theme") == "dark"
    admin.open("/clock/")
    admin.page.click("button[name=days][value='1']")
    sees_by_reloading(admin, "#advances .badge", "done")
    assert clock.now(clock.live()) == demo.PRESENT + timedelta(days=1)


def test_the_clock_in_the_header_runs_as_fast_as_staff_say(visit, at_work):
    admin = visit("admin")
    admin.open("/clock/")
    expect(admin.page.locator("#clock time")).to_contain_text("14:05")
    admin.page.click("button[name=speed][value='720']")
    expect(admin.page.locator("#clock time")).to_contain_text(re.compile("(1[5-9]|2[0-3]):"))
    wait_for(lambda: clock.now(clock.live()) > demo.PRESENT)  # the header runs ahead of the beat


def sees_by_reloading(visitor, place: str, english: str):
    limit = time.monotonic() + 60
    while visitor.says(english) not in visitor.page.locator(place).first.inner_text():
        assert time.monotonic() < limit, f"{english} did not come"
        time.sleep(0.5)
        visitor.page.reload()


CATEGORIES = {
    "en": {"career_opportunity": "Career opportunity", "consulting_offer": "Consulting offer"},
    "it": {"career_opportunity": "Opportunità di carriera", "consulting_offer": "Offerta di consulenza"},
}


def category(value: str, visitor) -> str:
    """How a category is called in this person's language."""
    return CATEGORIES[visitor.language][value]


def status(inmail: Inmail) -> str:
    return Inmail.objects.values_list("status", flat=True).get(pk=inmail.pk)

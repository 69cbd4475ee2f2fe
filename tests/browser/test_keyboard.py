"""No mouse is needed: every stop of the Tab key is seen, and an InMail is written, sent and undone by keys alone."""

from playwright.sync_api import expect

from inmail.models import Inmail, Status

FOCUSED = """async wanted => {
  await new Promise(requestAnimationFrame);
  await Promise.allSettled(document.getAnimations().map(animation => animation.finished));
  const here = document.activeElement, box = here.getBoundingClientRect(), style = getComputedStyle(here);
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const uncovered = top && (here.contains(top) || top.contains(here) || top.closest("label")?.control === here);
  return {arrived: here.matches(wanted), seen: Boolean(ring && uncovered), 
    what: `${here.outerHTML.slice(0, 150)}, outlined ${style.outline}, under ${top?.outerHTML.slice(0, 80)}`};
}"""


def tab_to(page, wanted: str, *, most: int = 80) -> None:
    """Press Tab until `wanted` has the focus; every stop on the way must be seen."""
    for _turn in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED, wanted)
        assert stop["seen"], f"the focus is not seen on {stop['what']}"
        if stop["arrived"]:
            return
    raise AssertionError(f"{wanted} cannot be reached")


def fill_in(page, wanted: str, text: str) -> None:
    tab_to(page, wanted)
    page.keyboard.type(text)


def signs_in(page, password: str) -> None:
    page.goto("/accounts/login/")
    if not page.evaluate("document.activeElement.name === 'login'"):
        tab_to(page, "[name=login]")
    page.keyboard.type("alice")
    fill_in(page, "[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/")


def test_an_inmail_is_sent_and_undone_by_the_keyboard_alone(visit, world):
    page = visit().page
    signs_in(page, world["alice"])
    fill_in(page, "#top-q", "conti")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=conti*")
    tab_to(page, 'a[href="/members/carol/inmail/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/members/carol/inmail/")
    fill_in(page, "[name=category]", "Consulting")
    expect(page.locator("[data-hint=mismatch]")).to_be_visible()
    fill_in(page, "[name=subject]", "By keys")
    fill_in(page, "[name=body]", "Without a mouse.")
    tab_to(page, ".compose-send .button-primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/threads/*/")
    tab_to(page, "#undo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/members/carol/inmail/")
    assert Inmail.objects.get(subject="By keys").status == Status.CANCELLED


def test_the_first_stop_skips_to_the_content(visit):
    page = visit("alice").page
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    expect(page.locator("a.skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_menu_closes_by_escape_and_gives_the_focus_back(visit):
    page = visit("alice").page
    tab_to(page, "details.menu summary")
    page.keyboard.press("Enter")
    tab_to(page, '.menu-sheet a[href="/settings/profile/"]')
    page.keyboard.press("Escape")
    expect(page.locator("details.menu")).not_to_have_attribute("open", "")
    expect(page.locator("details.menu summary")).to_be_focused()


def test_a_refused_form_takes_the_focus_to_its_errors(visit):
    alice = visit("alice")
    alice.compose("carol", category="consulting_offer", subject="Blank", body="\u200b")
    alice.page.click(".compose-send .button-primary")
    expect(alice.page.locator("#errors")).to_be_focused()
    tab_to(alice.page, '#errors a[href="#id_body"]')
    alice.page.keyboard.press("Enter")
    expect(alice.page.locator("#id_body")).to_be_focused()
    assert alice.page.locator("#id_body").get_attribute("aria-invalid") == "true"

"""The API's description and the admin under the strict Content-Security-Policy: a browser that complains fails."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

ADMIN = [
    "",
    "inmail/",
    "inmail/inmail/",
    "inmail/ledgerentry/",
    "inmail/policy/2014/change/",
    "inmail/policyterm/add/",
    "inmail/policyterm/",
    "accounts/member/?q=alice",
    "accounts/group/add/",
    "clock/advance/",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_description_of_the_api_is_read_without_a_complaint(visit, scheme):
    anyone = visit(color_scheme=scheme)
    anyone.open("/api/docs/")
    expect(anyone.page.locator("#inmails_create h3")).to_have_text("POST /api/v1/inmails/")
    anyone.page.locator("#inmails_create summary").click()
    expect(anyone.page.locator("#inmails_create pre").first).to_be_visible()
    # In the dark only colours are another, and every call is told alike.
    dark = {"context": "#inmails_create", "options": {"runOnly": ["color-contrast"]}}
    found = Axe().run(anyone.page, **(dark if scheme == "dark" else {}))
    assert found.violations_count == 0, found.generate_report()


def test_the_description_of_the_api_fits_a_phone(visit):
    anyone = visit(viewport={"width": 390, "height": 844})
    anyone.open("/api/docs/")
    assert anyone.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_admin_works_under_the_strict_policy(visit):
    staff = visit("admin")
    for path in ADMIN:
        staff.open(f"/admin/{path}")
        expect(staff.page.locator("#site-name")).to_be_visible()
    staff.open("/admin/inmail/policyterm/add/")
    staff.page.locator(".datetimeshortcuts a").first.click()  # the script has made its shortcuts, and they work
    expect(staff.page.locator("#id_from_at_0")).not_to_have_value("")

"""Signing in with a passkey, and setting up an app without any script, as a browser does it."""

import re

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from accounts import second_factor
from tests.browser.test_pages import RULES, problems
from tests.browser.visitor import Visitor

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
ADD, CODE = "/accounts/2fa/webauthn/add/", "/accounts/2fa/authenticate/"
BOTH = (("light", RULES), ("dark", RULES))


@pytest.fixture
def at_localhost(world, browser, site):
    """A visitor with a device for passkeys, which belong to a name: 127.0.0.1 has none."""
    visitor = Visitor(browser, site.replace("127.0.0.1", "localhost"), world)
    device = visitor.context.new_cdp_session(visitor.page)
    device.send("WebAuthn.enable")
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    visitor.say_no = lambda: device.send("WebAuthn.setUserVerified", {**made, "isUserVerified": False})
    yield visitor
    visitor.leave()
    assert visitor.complaints == []


def add_passkey(visitor):
    visitor.open(ADD)
    visitor.page.fill("[name=name]", "The laptop")
    visitor.page.click("#passkey_add")
    visitor.page.wait_for_url("**/recovery-codes/")


def sign_out(visitor):
    visitor.open("/accounts/logout/")
    visitor.page.click("main form button[type=submit]")
    expect(visitor.page.locator("details.menu")).to_have_count(0)


def test_a_passkey_alone_opens_the_door(at_localhost):
    alice = at_localhost
    alice.sign_in("alice")
    add_passkey(alice)
    sign_out(alice)
    alice.open("/accounts/login/?next=/credits/")
    alice.page.click("#passkey_login")
    expect(alice.page.locator("details.menu")).to_be_visible()
    assert Authenticator.objects.get(type="webauthn").last_used_at


def test_a_passkey_is_the_second_factor_and_its_pages_hinder_nobody(at_localhost):
    alice = at_localhost
    alice.sign_in("alice")
    add_passkey(alice)
    key = Authenticator.objects.get(type="webauthn")
    pages = ["", f"keys/{key.pk}/edit/", f"keys/{key.pk}/remove/", "reauthenticate/"]
    assert problems(alice, [f"/accounts/2fa/webauthn/{page}" for page in pages], {}, schemes=BOTH) == {}
    sign_out(alice)
    alice.open("/accounts/login/")
    alice.page.fill("[name=login]", "alice")
    alice.page.fill("[name=password]", alice.passwords["alice"])
    alice.page.click("main form button[type=submit]")
    assert problems(alice, [CODE], {}, schemes=BOTH) == {}
    alice.page.click("#passkey_use")
    expect(alice.page.locator("details.menu")).to_be_visible()


def test_a_device_that_says_no_is_told_in_words(at_localhost):
    alice = at_localhost
    alice.sign_in("alice")
    alice.say_no()
    alice.open(ADD)
    alice.page.click("#passkey_add")
    expect(alice.page.locator("[data-passkey-error]")).to_contain_text("That did not work")
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_staff_set_up_an_app_without_any_script(visit):
    Authenticator.objects.all().delete()
    staff = visit("admin", java_script_enabled=False)
    staff.open("/staff/audit/")
    expect(staff.page.locator("main")).to_contain_text("Staff need a second factor")
    staff.page.click("text=Set up an app")
    assert staff.page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    step = list(second_factor.totp.yield_hotp_counters_from_time())[1]
    secret = staff.page.locator("code.secret").inner_text()
    staff.page.fill("[name=code]", f"{second_factor.totp.hotp_value(secret, step):06}")
    staff.page.click("main form button[type=submit]")
    expect(staff.page.locator(".codes li")).to_have_count(10)
    staff.open("/staff/audit/")
    expect(staff.page.locator("h1")).to_have_text("Audit of the ledger")


def test_everywhere_else_is_signed_out_at_a_press(visit):
    here, there = visit("alice"), visit("alice")
    here.open("/accounts/sessions/")
    expect(here.page.locator("main li:has(.agent)")).to_have_count(2)
    here.page.click("main form .button-danger")
    expect(here.page.locator("main li:has(.agent)")).to_have_count(1)
    there.open("/inbox/")
    expect(there.page).to_have_url(re.compile("/accounts/login/"))

"""In a browser: staff read one text for a reason, look at the platform as a member, and come back; members leave."""

from playwright.sync_api import expect

from accounts.models import JournalEntry, Member
from inmail.models import Inmail, Message
from tests.browser.test_pages import findings, problems, threads  # noqa: F401

WHY = "Complaint 4711, asked by the recipient"


def test_a_text_is_read_after_a_reason(visit, threads):  # noqa: F811
    ada, inmail = visit("admin"), Inmail.objects.get(subject="To dave")
    told = problems(
        ada, [f"/staff/texts/inmail/{inmail.pk}/", f"/staff/texts/message/{Message.objects.first().pk}/"], {}
    )
    ada.open(f"/staff/texts/inmail/{inmail.pk}/")
    expect(ada.page.get_by_text("And a few more.")).to_have_count(0)
    ada.page.fill("[name=reason]", WHY)
    ada.page.click("main form button")
    expect(ada.page.get_by_text("And a few more.")).to_be_visible()
    ada.open("/staff/log/")
    expect(ada.page.get_by_text(WHY)).to_be_visible()
    assert told | problems(ada, ["/staff/log/"], {}) == {}


def test_looking_as_a_member_is_announced_everywhere_and_ends_with_a_button(visit, threads):  # noqa: F811
    ada = visit("admin")
    assert problems(ada, ["/staff/impersonation/alice/"], {}) == {}
    ada.page.fill("[name=reason]", WHY)
    ada.page.click("main form button")
    expect(ada.page.get_by_text("You see the platform as")).to_be_visible()
    assert problems(ada, ["/inbox/", "/threads/{delivered}/", "/accounts/2fa/", "/members/carol/"], threads) == {}
    ada.page.click("text=Stop impersonating")
    expect(ada.page.get_by_text("You see the platform as")).to_have_count(0)
    assert list(JournalEntry.objects.values_list("act", flat=True).order_by("pk"))[-2:] == [
        "impersonation.begun",
        "impersonation.ended",
    ]


def test_a_member_deletes_the_account(visit):
    frank = visit("frank")
    assert problems(frank, ["/settings/leave/"], {}) == {}
    frank.page.fill("[name=password]", frank.passwords["frank"])
    frank.page.check("[name=sure]")
    frank.page.click("main form button")
    expect(frank.page.get_by_text("Your account is deleted")).to_be_visible()
    assert not Member.objects.filter(handle="frank").exists()

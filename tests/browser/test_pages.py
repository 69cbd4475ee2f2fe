"""Every page: no finding of axe-core in light, dark and Italian, no sideways scrolling on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import get_resolver, resolve

from accounts.models import Member
from clock import timeline as clock
from inmail import delivery, drafts, facts, messaging
from inmail.models import Answer, Inmail
from lab import runs
from tests.lab import samples

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = {"type": "rule", "values": ["color-contrast"]}  # all that is another in the dark
A_RUN = "00000000-0000-4000-8000-000000000000"
AT_REST = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));  // what is to move has begun
  await Promise.allSettled(document.getAnimations().map(animation => animation.finished));
}"""
OPEN = ("/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/",
        "/accounts/password/reset/key/0-none/", "/accounts/password/reset/key/done/", "/accounts/confirm-email/",
        "/accounts/confirm-email/none/", "/accounts/inactive/")  # fmt: skip
MEMBER = (
    "/search/", "/search/?q=nobody-of-this-name", "/members/alice/", "/members/bob/", "/members/carol/",
    "/members/frank/", "/members/carol/inmail/", "/members/erin/inmail/", "/members/frank/inmail/",
    "/members/bob/message/", "/groups/data-science-italia/message/erin/", "/members/dave/connect/",
    *(f"/inbox/?box={box}" for box in ("focused", "other", "awaiting", "sent", "drafts")), "/threads/{queued}/",
    "/threads/{delivered}/", "/threads/{answered}/", "/credits/", "/network/", "/groups/",
    "/groups/data-science-italia/", "/settings/communications/", "/settings/profile/", "/outbox/",
    "/accounts/email/", "/accounts/password/change/", "/accounts/logout/", "/accounts/reauthenticate/",
    "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/",
    "/accounts/sessions/", "/settings/leave/",
    "/lab/", "/lab/new/", "/lab/compare/", "/lab/compare/?a={told}&b={told}", "/lab/runs/{told}/",
    "/lab/live-test/", "/lab/sensitivity/", "/lab/runs/{untold}/", "/nothing/here/", "/staff/audit/",
)  # fmt: skip
RECIPIENT = ("/inbox/?box=other", "/threads/{delivered}/", "/members/alice/")
STAFF = (
    "/accounts/2fa/",
    "/accounts/2fa/reauthenticate/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/clock/",
    "/staff/outcomes/",
    "/staff/audit/",
    "/staff/audit/alice/",
    "/staff/jobs/",
    "/staff/log/",
    "/staff/impersonation/alice/",
)
SAMPLE = ("/search/", "/members/carol/", "/members/carol/inmail/", "/inbox/?box=sent", "/threads/{delivered}/",
          "/credits/", "/settings/communications/", "/lab/new/", "/lab/runs/{told}/")  # fmt: skip
ACTS_AND_FILES = {
    "answer_invitation", "disconnect", "join_group", "leave_group", "picture", "block", "unblock", "speed", "advance",
    "state", "status", "theme", "save_draft", "discard_draft", "answer", "undo", "withdraw", "purchase", "plan",
    "outcomes_csv", "statement_csv", "take_offer", "stop_impersonating",
    "cancel_run", "retry_run", "run_toml", "run_json", "run_csv", "run_parquet", "run_differences", "run_segments",
    "retry_job", "give_up_job", "retry_advance", "retry_mail", "mfa_download_recovery_codes", "mfa_login_webauthn",
}  # fmt: skip
ELSEWHERE = {
    "docs",  # seen in test_docs_and_admin.py
    "account_set_password",  # who has a password is sent to the page that changes it
    "account_confirm_login_code",  # signing in by a code is not offered
    # Seen with a passkey, in test_sign_in.py:
    "mfa_authenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    # Seen with a letter, in test_staff_looks.py:
    "read_inmail",
    "read_message",
}


@pytest.fixture
def threads(world):
    """Three InMails of alice: on its way, delivered to dave, answered by carol; and an unfinished one to erin."""
    live = clock.live()
    people = {member.handle: member for member in Member.objects.filter(simulated=False)}

    def write(handle, category, **options) -> Inmail:
        letter = messaging.Letter(category, f"To {handle}", "A few words.\n\nAnd a few more.")
        sent = messaging.send(live, people["alice"], people[handle], letter, at=live.now_at, **options)
        return Inmail.objects.get(pk=sent.inmail_id)

    delivered, answered = write("dave", "career_opportunity"), write("carol", "expertise_request")
    delivery.deliver_one(delivered.pk)
    delivery.deliver_one(answered.pk)
    simulated = Member.objects.simulated_ones().order_by("number")
    people["simulated"] = next(m for m in simulated if not facts.of(live, people["alice"], m, at=live.now_at).refusals)
    queued = write("simulated", "job_inquiry", undo_seconds=30)
    with clock.moment(live):
        answered.refresh_from_db()
        messaging.answer(answered, answer=Answer.REPLY, body="Yes, on Thursday.", at=live.now_at)
        drafts.keep(live, people["alice"], people["erin"], key=drafts.Draft().key, at=live.now_at, category="",
                    subject="Part time", body="Would ten hours do?")  # fmt: skip
    told, untold = (runs.submit(people["alice"], "categories") for _ in range(2))
    of_runs = {"told": samples.done(told).public_id, "untold": untold.public_id}
    return {"queued": queued.thread_id, "delivered": delivered.thread_id, "answered": answered.thread_id, **of_runs}


def findings(page, rules) -> list[str]:
    """What axe-core finds: the rule and where."""
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {node['target']} {node['html'][:120]}" for each in found for node in each["nodes"]]


def problems(visitor, paths, threads, *, schemes=(("light", RULES), ("dark", COLOURS))) -> dict[str, list[str]]:
    """By page and colours: what axe-core finds, and by how much it is too wide for a phone of 320 pixels."""
    page, told = visitor.page, {}
    for path in paths:
        visitor.open(path.format(**threads))
        page.mouse.move(0, 0)
        for scheme, rules in schemes:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate(AT_REST)
            told[f"{path} {scheme}"] = findings(page, rules)
        told[f"{path} 320"] = too_wide(page)
    return {where: what for where, what in told.items() if what}


def too_wide(page) -> list[str]:
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(size)
    return [] if wide <= 320 else [f"{wide} pixels wide"]


def test_no_page_hinders_a_visitor(visit):
    assert problems(visit(), OPEN, {}) == {}


def test_no_page_hinders_a_member(visit, threads):
    assert problems(visit("alice"), MEMBER, threads) == {}


def test_no_page_hinders_who_answers_or_looks_after_the_platform(visit, threads):
    assert problems(visit("dave"), RECIPIENT, threads) | problems(visit("admin"), STAFF, threads) == {}


@pytest.mark.parametrize("language", ["en", "it"])
def test_no_page_hinders_on_a_phone(language, visit, threads):
    alice = visit("alice", language=language, viewport={"width": 390, "height": 844})
    scheme = "light" if language == "it" else "dark"
    assert problems(alice, SAMPLE, threads, schemes=[(scheme, RULES)]) == {}


def test_no_page_is_forgotten_here():
    paths = [path.split("?")[0] for path in (*OPEN, *MEMBER, *STAFF) if path != "/nothing/here/"]
    visited = {
        resolve(path.format(queued=1, delivered=1, answered=1, told=A_RUN, untold=A_RUN)).url_name for path in paths
    }
    ours = {
        name
        for name, where in routes(get_resolver())
        if name and not where.startswith(("api/v1", "api/schema", "admin/", "i18n/", "healthz", "metrics"))
    }
    assert ours - visited - ACTS_AND_FILES - ELSEWHERE == set()


def routes(resolver, before: str = ""):
    """Name and pattern of every address."""
    for each in resolver.url_patterns:
        where = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from routes(each, where)
        else:
            yield each.name, where

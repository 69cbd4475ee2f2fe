"""With an attack stored in every text there is, a real browser opens the pages: no script runs, none is even tried."""

from accounts.models import Member
from inmail.models import Inmail
from tests.xss.corpus import ATTACKS, fill

PAGES = [
    "/search/?q=",
    "/search/?q=%3Cscript%3Eowned()%3C/script%3E",
    "/members/carol/",
    "/members/bob/",
    "/members/dave/inmail/",
    "/inbox/?box=sent",
    "/inbox/?box=drafts",
    "/network/",
    "/groups/",
    "/groups/data-science-italia/",
    "/credits/",
    "/settings/profile/",
    "/settings/communications/",
    "/outbox/",
]
OWNED = "window.owned = () => { window.wasOwned = true }"


def test_no_stored_attack_runs_in_a_browser(visit):
    alice, dialogs = visit("alice"), []
    alice.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    alice.page.add_init_script(OWNED)
    thread = Inmail.objects.filter(sender__handle="alice").values_list("thread_id", flat=True).first()
    for turn in range(0, len(ATTACKS), 4):
        fill(turn)
        Member.objects.update(headline=ATTACKS[turn], about="\n".join(ATTACKS))
        for path in PAGES + ([f"/threads/{thread}/"] if thread else []):
            alice.open(path)
            assert alice.page.evaluate("window.wasOwned") is None, (path, turn)
            assert (
                alice.page.locator(
                    "main :is(script:not([type='application/json']), iframe, form[action*=evil], a[href^=javascript])"
                ).count()
                == 0
            )
    assert dialogs == []  # and `visit` sees to it that the policy had nothing to refuse

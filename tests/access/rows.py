"""Who may do what: a row for every address and method.

Statuses stand in the order of `ROLES`; "in" is the way to the sign-in page. To add a row: the method, the route as
`urls.py` writes it, seven statuses (or one of the names below), `at` for what stands in the route's parameters (a
handle, or the name of a row of `world.build`), `data` for the body. Owner and party are alice and carol unless told.
Methods without a row need none: what they answer is one rule (`test_matrix.py`).
"""

from functools import partial
from typing import NamedTuple

from tests.access.addresses import path_of
from tests.access.visits import ADMIN, BLOCKED, CLERK, STRANGER, VISITOR

ROLES = ("visitor", "owner", "party", "stranger", "blocked", "clerk", "admin")


class Row(NamedTuple):
    method: str
    route: str
    statuses: str
    path: str
    owner: str
    party: str
    data: dict | None

    @property
    def who(self) -> dict[str | None, str]:
        """Who comes, with the status that they get."""
        handles = (VISITOR, self.owner, self.party, STRANGER, BLOCKED, CLERK, ADMIN)
        return dict(zip(handles, self.statuses.split(), strict=True))


def row(method, route, statuses, at=(), *, owner="alice", party="carol", data=None):
    at = (at,) if isinstance(at, str) else at
    return Row(method, route, statuses, path_of(route, *at), owner, party, data)


def api(method, route, *rest, **more):
    return row(method, f"api/v1/{route}", *rest, **more)


get, post = partial(row, "GET"), partial(row, "POST")
HANDLE, PK, UUID, GROUP = "<str:handle>", "<int:pk>", "<uuid:id>", "data-science-italia"

ALL = "200 200 200 200 200 200 200"
EACH = "401 200 200 200 200 200 200"  # everybody has their own
OWNER = "401 200 404 404 404 404 404"
OWNER_OR_STAFF = "401 200 404 404 404 404 200"
MEMBERS = "in 200 200 200 200 200 200"
DONE = "in 302 302 302 302 302 302"
OWNS = "in 302 404 404 404 404 404"
OWNS_OR_STAFF = "in 200 404 404 404 404 200"
STAFF = "in 403 403 403 403 403 200"  # those of staff who hold the permission
STAFF_API = "401 403 403 403 403 403 200"

LETTER = {"recipient": "dave", "category": "business_deal", "subject": "A question", "body": "Shall we talk?"}
PAGE_LETTER = {name: text for name, text in LETTER.items() if name != "recipient"}
WORDS = {"body": "Lunch?"}
DRAFT = {"draft": "5a3bdc06-0000-4000-8000-000000000001", "subject": "Half a", "body": "", "category": ""}
PROFILE = {"first_name": "Someone", "last_name": "Else", "country": "IT", "language": "en"}
RECEPTION = {"messages": "introductions_inmail_open", "lowest_score": "3.0", "advice": "", "undo_seconds": "10"}
WHY = {"reason": "A complaint was made about it."}
FIX = {"member": "bob", "amount": 1, "reason": "A test."}
EXPERIMENT = {"act": "start", "mode": "toml", "text": "name='A'\n[[arms]]\nname='a'\n[[arms]]\nname='b'\n"}
LAB_FILES = ("", "scenario.toml", "report.json", "report.csv", "report.parquet", "differences.csv", "segments.csv")
TO_CAROL = {"owner": "carol", "party": "alice"}
BY_DAVE = {"owner": "dave", "party": "alice"}

API = [
    api("POST", "token/", "401 401 401 401 401 401 401", data={"handle": "alice", "password": "wrong"}),
    api("GET", "me/", EACH),
    api("GET", "members/", EACH),
    api("GET", f"members/{HANDLE}/", EACH, "carol"),
    api("GET", f"members/{HANDLE}/forecast/", "401 404 404 404 404 404 404", "carol"),
    api("GET", "inmails/", EACH),
    api("POST", "inmails/", "401 201 422 422 422 422 422", data=LETTER),
    api("GET", f"inmails/{PK}/", "401 200 200 404 404 200 200", "delivered"),
    api("GET", f"inmails/{PK}/", "401 200 404 404 404 200 200", "queued", party="erin"),
    api("POST", f"inmails/{PK}/open/", OWNER, "delivered", **TO_CAROL),
    api("POST", f"inmails/{PK}/answer/", OWNER, "delivered", **TO_CAROL, data={"answer": "interested"}),
    api("POST", f"inmails/{PK}/undo/", OWNER, "queued", party="erin"),
    api("POST", f"inmails/{PK}/withdraw/", OWNER, "delivered"),
    api("GET", "credits/", EACH),
    api("POST", "credits/purchase/", "401 201 201 201 201 201 201", data={"quantity": 1}),
    api("GET", "reception/", EACH),
    api("PATCH", "reception/", EACH, data={"advice": "Briefly, please."}),
    api("GET", "connections/", EACH),
    api("DELETE", f"connections/{HANDLE}/", "401 204 204 404 404 404 404", "bob"),
    api("GET", "invitations/", EACH),
    api("POST", "invitations/", "401 201 201 201 422 201 201", **TO_CAROL, data={"member": "frank"}),
    api("POST", f"invitations/{PK}/accept/", OWNER, "invited", party="dave"),
    api("POST", f"invitations/{PK}/ignore/", OWNER, "invited", party="dave"),
    api("POST", f"invitations/{PK}/withdraw/", OWNER, "invited", **BY_DAVE),
    api("POST", "messages/", "401 201 422 422 422 422 422", party="dave", data={"recipient": "bob", "body": "Lunch?"}),
    api("GET", "blocks/", EACH),
    api("POST", "blocks/", "401 201 201 201 201 201 201", data={"member": "frank"}),
    api("DELETE", "blocks/", "401 204 404 404 404 404 404", owner="bob", party="dave", data={"member": "dave"}),
    api("GET", "outcomes/summary/", STAFF_API),
    api("GET", "audit/ledger/", STAFF_API),
    api("POST", "audit/adjustments/", "401 403 403 403 403 403 201", data=FIX),
    api("GET", "clock/", STAFF_API),
    api("POST", "clock/", STAFF_API, data={"speed": 60}),
    api("POST", "clock/advance/", "401 403 403 403 403 403 202", data={"hours": 1}),
    api("GET", "lab/runs/", EACH),
    api("POST", "lab/runs/", "401 201 201 201 201 201 201", data={"scenario": "five_caps"}),
    api("GET", f"lab/runs/{UUID}/", OWNER_OR_STAFF, "run"),
    api("POST", f"lab/runs/{UUID}/cancel/", OWNER_OR_STAFF, "run"),
    api("POST", f"lab/runs/{UUID}/retry/", "401 422 404 404 404 404 422", "run"),
]
PAGES = [
    get("", "200 302 302 302 302 302 302"),
    get("healthz", "503 503 503 503 503 503 503"),  # no worker here; it asks nobody who they are
    get("metrics", ALL),  # to whoever is on this machine; the others: tests/operations
    get("api/schema/", ALL),
    get("api/docs/", ALL),
    get("status/", ALL),
    post("theme/", "302 302 302 302 302 302 302", data={"theme": "dark"}),
    post("i18n/setlang/", "302 302 302 302 302 302 302", data={"language": "it"}),
    get("search/", MEMBERS),
    get(f"members/{HANDLE}/", MEMBERS, "carol"),
    get(f"members/{HANDLE}/picture.svg", ALL, "carol"),
    get(f"members/{HANDLE}/connect/", "in 200 200 200 404 200 200", "frank"),
    post(f"members/{HANDLE}/connect/", "in 302 302 302 404 302 302", "frank", data={"note": ""}),
    post(f"members/{HANDLE}/disconnect/", DONE, "bob"),
    get(f"members/{HANDLE}/inmail/", "in 200 200 200 302 200 200", "dave", party="carol"),
    post(f"members/{HANDLE}/inmail/", "in 302 422 422 302 422 422", "dave", data=PAGE_LETTER),
    post(f"members/{HANDLE}/inmail/draft/", "in 200 200 200 200 200 200", "dave", data=DRAFT),
    get(f"members/{HANDLE}/message/", "in 200 302 302 302 302 302", "bob"),
    post(f"members/{HANDLE}/message/", "in 302 422 422 422 422 422", "bob", party="dave", data=WORDS),
    get("inbox/", MEMBERS),
    get(f"threads/{PK}/", "in 200 200 404 404 404 404", "thread"),
    post(f"threads/{PK}/", "in 422 422 404 404 404 404", "thread", data=WORDS),
    post(f"inmails/{PK}/answer/", OWNS, "delivered", **TO_CAROL, data={"answer": "interested"}),
    post(f"inmails/{PK}/undo/", OWNS, "queued", party="erin"),
    post(f"inmails/{PK}/withdraw/", OWNS, "delivered"),
    get("credits/", MEMBERS),
    post("credits/purchase/", DONE, data={"quantity": 1}),
    post("credits/plan/", DONE, data={"plan": "career"}),
    get("network/", MEMBERS),
    post("network/offer/", DONE),
    post(f"network/invitations/{PK}/", OWNS, "invited", party="dave", data={"act": "accept"}),
    post(f"network/invitations/{PK}/", OWNS, "invited", party="dave", data={"act": "ignore"}),
    post(f"network/invitations/{PK}/", OWNS, "invited", **BY_DAVE, data={"act": "withdraw"}),
    get("groups/", MEMBERS),
    get("groups/<slug:slug>/", MEMBERS, GROUP),
    post("groups/<slug:slug>/join/", DONE, GROUP),
    post("groups/<slug:slug>/leave/", DONE, GROUP),
    get(f"groups/<slug:slug>/message/{HANDLE}/", "in 200 200 404 404 404 404", (GROUP, "erin"), party="erin"),
    post(f"groups/<slug:slug>/message/{HANDLE}/", "in 302 404 404 404 404 404", (GROUP, "erin"), data=WORDS),
    get("settings/profile/", MEMBERS),
    post("settings/profile/", DONE, data=PROFILE),
    get("settings/leave/", MEMBERS),
    post("settings/leave/", "in 400 400 400 400 400 400", data={"password": "wrong", "sure": "on"}),
    get("settings/communications/", MEMBERS),
    post("settings/communications/", DONE, data=RECEPTION),
    post("settings/blocks/add/", DONE, data={"member": "frank"}),
    post("settings/blocks/remove/", DONE, data={"member": "mallory"}),
    get("lab/", MEMBERS),
    post("lab/", DONE, data={"ready": "categories"}),
    get("lab/new/", MEMBERS),
    post("lab/new/", DONE, data=EXPERIMENT),
    get("lab/compare/", MEMBERS),
    get("lab/live-test/", MEMBERS),
    get("lab/sensitivity/", MEMBERS),
    *(get(f"lab/runs/{UUID}/{what}", OWNS_OR_STAFF, "told") for what in LAB_FILES),
    post(f"lab/runs/{UUID}/cancel/", "in 302 404 404 404 404 302", "run"),
    post(f"lab/runs/{UUID}/retry/", "in 302 404 404 404 404 302", "failed_run"),
    get("clock/", STAFF),
    get("clock/state/", ALL),
    post("clock/speed/", "in 403 403 403 403 403 302", data={"speed": 60}),
    post("clock/advance/", "in 403 403 403 403 403 302", data={"hours": 1}),
    get("staff/outcomes/", STAFF),
    get("staff/outcomes.csv", STAFF),
    get("staff/audit/", STAFF),
    post("staff/audit/", "in 403 403 403 403 403 302", data=FIX),
    get(f"staff/audit/{HANDLE}/", STAFF, "alice"),
    get(f"staff/audit/{HANDLE}.csv", STAFF, "alice"),
    get("staff/log/", STAFF),
    get("staff/jobs/", STAFF),
    post(f"staff/jobs/{PK}/retry/", "in 403 403 403 403 403 302", "queued"),
    post(f"staff/jobs/{PK}/give-up/", "in 403 403 403 403 403 302", "queued"),
    post(f"staff/jobs/mails/{PK}/retry/", "in 403 403 403 403 403 404", "failed"),
    post(f"staff/jobs/clock/{PK}/retry/", "in 403 403 403 403 403 302", "failed"),
    get(f"staff/texts/inmail/{PK}/", "in 403 403 403 403 403 200", "delivered"),
    post(f"staff/texts/inmail/{PK}/", "in 403 403 403 403 403 200", "delivered", data=WHY),
    get(f"staff/texts/message/{PK}/", "in 403 403 403 403 403 200", "message"),
    post(f"staff/texts/message/{PK}/", "in 403 403 403 403 403 200", "message", data=WHY),
    get(f"staff/impersonation/{HANDLE}/", "in 403 403 403 403 403 200", "carol"),
    post(f"staff/impersonation/{HANDLE}/", "in 403 403 403 403 403 302", "carol", data=WHY),
    post("staff/impersonation/stop/", "403 403 403 403 403 403 403"),  # nobody is at it
    get("outbox/", ALL),
]
OUT, KEYS = "accounts/", "accounts/2fa/webauthn/"
PROVE = "in 302 302 302 302 302 302"  # who signed in long ago proves again who they are
SIGNING_IN = [
    get(OUT + "login/", "200 302 302 302 302 302 302"),
    get(OUT + "signup/", "200 302 302 302 302 302 302"),
    get(OUT + "logout/", "302 200 200 200 200 200 200"),
    get(OUT + "inactive/", ALL),
    get(OUT + "reauthenticate/", MEMBERS),
    get(OUT + "email/", MEMBERS),
    get(OUT + "confirm-email/", ALL),
    get(OUT + r"^confirm-email/(?P<key>[-:\w]+)/$", ALL, "none"),
    get(OUT + "password/change/", MEMBERS),
    get(OUT + "password/set/", DONE),
    get(OUT + "password/reset/", ALL),
    get(OUT + "password/reset/done/", ALL),
    get(OUT + "password/reset/key/done/", ALL),
    get(OUT + r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", ALL, ("1", "none")),
    get(OUT + "login/code/confirm/", "302 302 302 302 302 302 302"),
    get(OUT + "sessions/", MEMBERS),
    post(OUT + "sessions/", DONE),
    get(OUT + "2fa/", MEMBERS),
    get(OUT + "2fa/authenticate/", "302 302 302 302 302 302 302"),
    get(OUT + "2fa/reauthenticate/", "in 302 302 302 302 200 200"),
    get(OUT + "2fa/totp/activate/", PROVE),
    get(OUT + "2fa/totp/deactivate/", "in 404 404 404 404 302 302"),
    get(OUT + "2fa/recovery-codes/", "in 404 404 404 404 404 302"),
    get(OUT + "2fa/recovery-codes/generate/", PROVE),
    get(OUT + "2fa/recovery-codes/download/", "in 404 404 404 404 404 302"),
    get(KEYS, MEMBERS),
    get(KEYS + "add/", PROVE),
    get(KEYS + "reauthenticate/", PROVE),
    get(KEYS + f"keys/{PK}/remove/", PROVE),
    get(KEYS + f"keys/{PK}/edit/", PROVE),
    get(KEYS + "login/", "302 302 302 302 302 302 302"),
]
NOTHING = [row(method, "^api/", " ".join(["404"] * 7)) for method in ("GET", "POST")]
ROWS = API + PAGES + SIGNING_IN + NOTHING

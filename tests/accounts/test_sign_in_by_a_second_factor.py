"""The second factor: its codes are taken once, staff without one do nothing of staff, its secrets rest encrypted."""

import re
from io import StringIO
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLResolver
from rest_framework.authtoken.models import Token

from accounts import cast as people
from accounts import second_factor
from accounts.models import JournalEntry, Member
from tests.accounts.test_sign_in import LOGIN, PASSWORD, is_in, known, sign_in  # noqa: F401 - known is a fixture

pytestmark = pytest.mark.django_db
CODE, ENROL = "/accounts/2fa/authenticate/", "/accounts/2fa/"
STAFF_PAGES = ["/staff/outcomes/", "/staff/audit/", "/clock/", "/admin/", "/admin/accounts/member/", "/admin/login/"]


def app_of(member) -> Authenticator:
    return second_factor.app_of(member)


def type_code(client, code):
    return client.post(CODE, {"code": code})


def tell_code(handle="admin") -> str:
    said = StringIO()
    call_command("code", handle, stdout=said)
    return said.getvalue().strip()


def enrol_alone(client) -> str:
    """Set up an app as a person does, without a script: the secret is read off the page."""
    page = client.get("/accounts/2fa/totp/activate/")
    assert 'src="data:image/svg+xml;base64,' in page.text
    secret = re.search(r'class="secret">([A-Z2-7]{32})<', page.text)[1]
    step = list(second_factor.totp.yield_hotp_counters_from_time())[1]
    code = second_factor.totp.format_hotp_value(second_factor.totp.hotp_value(secret, step))
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert answer.url == "/accounts/2fa/recovery-codes/"
    return code


@pytest.fixture
def unenrolled(admin):
    Authenticator.objects.all().delete()
    return admin


def test_the_password_alone_does_not_let_staff_in(client):
    assert sign_in(client, "admin").url == CODE
    assert not is_in(client) and client.get("/admin/").status_code == 302
    assert type_code(client, tell_code()).url == "/"
    assert client.get("/admin/").status_code == 200


def test_where_one_wanted_to_go_survives_the_second_factor(client):
    door = client.get("/admin/inmail/policy/", follow=True)
    assert door.redirect_chain[-1][0] == "/accounts/login/?next=/admin/inmail/policy/"
    sign_in(client, "admin", next="/admin/inmail/policy/")
    assert type_code(client, tell_code()).url == "/admin/inmail/policy/"


def test_a_code_is_taken_once(client):
    code = tell_code()
    sign_in(client, "admin")
    type_code(client, code)
    other = Client()
    sign_in(other, "admin")
    assert type_code(other, code).status_code == 200 and not is_in(other)
    assert tell_code() != code


def test_a_code_taken_makes_the_earlier_ones_worthless(client, admin):
    before, now, ahead = (second_factor.code_at(app_of(admin), step) for step in steps())
    assert second_factor.accept(admin, now)
    assert not second_factor.accept(admin, before) and not second_factor.accept(admin, now)
    assert second_factor.accept(admin, ahead) and not second_factor.accept(admin, ahead)


def steps():
    return list(second_factor.totp.yield_hotp_counters_from_time())


@pytest.mark.parametrize("code", ["000000", "", " ", "x" * 1000, "a\0b", "١٢٣٤٥٦", "12345", "-1", "1e5"])
def test_what_is_no_code_opens_nothing(client, admin, code):
    assert code not in [second_factor.code_at(app_of(admin), step) for step in steps()]
    sign_in(client, "admin")
    assert type_code(client, code).status_code == 200 and not is_in(client)


def test_the_page_for_the_code_is_for_who_has_given_the_password(client):
    assert client.get(CODE).url == LOGIN
    assert type_code(client, tell_code()).url == LOGIN and not is_in(client)


def test_a_recovery_code_is_taken_once(client, admin):
    sheet = Authenticator.objects.get(user=admin, type="recovery_codes").wrap()
    code = sheet.get_unused_codes()[0]
    sign_in(client, "admin")
    assert type_code(client, code).url == "/"
    other = Client()
    sign_in(other, "admin")
    assert type_code(other, code).status_code == 200 and not is_in(other)


def test_staff_without_a_second_factor_are_led_to_enrolment(client, unenrolled):
    assert sign_in(client, "admin").url == "/"
    assert {client.get(path).url for path in STAFF_PAGES} == {ENROL}
    assert "Staff need a second factor" in client.get(ENROL).text
    enrol_alone(client)
    assert client.get("/admin/").status_code == client.get("/staff/audit/").status_code == 200


def every_address(resolver=None, before="/"):
    for pattern in (resolver or get_resolver()).url_patterns:
        where = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from every_address(pattern, where)
        else:
            where = where.replace("<uuid:id>", f"{UUID(int=1)}")
            yield re.sub(r"<int:\w+>|<[^>]*>|\(\?P<[^>]*>[^)]*\)", "1", where).replace("^", "").replace("$", "")


def test_nothing_but_their_own_sign_in_is_open_to_staff_without_one(client, unenrolled):
    open_to_them = set()
    for path in set(every_address()):
        for method in (client.get, client.post):
            client.force_login(unenrolled)
            answer = method(path)
            led = (answer.status_code, answer.headers.get("Location")) == (302, ENROL)
            if not led and not (path.startswith("/api/") and answer.status_code == 403):
                open_to_them.add(path)
    mine = (
        "/accounts/",
        "/status/",
        "/theme/",
        "/clock/state/",
        "/i18n/",
        "/api/schema/",
        "/api/docs/",
        "/healthz",
        "/members/1/picture",
    )
    assert {path for path in open_to_them if not path.startswith(mine)} == set()


def test_a_part_of_a_page_leads_the_whole_page_to_enrolment(client, unenrolled):
    client.force_login(unenrolled)
    answer = client.get("/search/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, ENROL)


def test_the_api_tells_them_so_and_an_operators_token_stays_a_way_in(client, unenrolled):
    client.force_login(unenrolled)
    for path in ("/api/v1/clock/", "/api/v1/audit/ledger/", "/api/v1/inmails/", "/api/v1/me/"):
        answer = client.get(path)
        assert (answer.status_code, list(answer.json())) == (403, ["detail"]), path
    said = StringIO()
    call_command("token", "admin", stdout=said)
    token = {"Authorization": f"Token {said.getvalue().strip()}"}
    assert Client().get("/api/v1/audit/ledger/", headers=token).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client, admin):
    app_of(admin).delete()
    client.force_login(admin)
    assert client.get("/staff/audit/").url == ENROL


def test_the_admins_own_door_takes_no_password(client, admin):
    answer = client.post("/admin/login/", {"username": "admin", "password": PASSWORD})
    assert answer.url == "/accounts/login/?next=/admin/" and not is_in(client)


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example/admin/", "/\\evil.example"])
def test_the_admins_door_leads_nowhere_else(client, admin, elsewhere):
    assert client.get("/admin/login/", {"next": elsewhere}).url == "/accounts/login/?next=/admin/"
    client.force_login(admin)
    assert client.get("/admin/login/", {"next": elsewhere}).url == "/admin/"


@pytest.mark.django_db(transaction=True)
def test_a_member_sets_up_an_app_and_needs_it_from_then_on(client, mailoutbox):
    sign_in(client)
    code = enrol_alone(client)
    assert "authenticator app was set up" in mailoutbox[-1].body
    other = Client()
    assert sign_in(other).url == CODE
    assert type_code(other, code).status_code == 200, "the code that was shown at enrolment"
    assert type_code(other, tell_code("alice")).url == "/"


def test_an_app_is_set_up_and_removed_only_after_a_fresh_proof(client, alice, admin):
    for member, path in ((alice, "totp/activate/"), (alice, "webauthn/add/"), (admin, "totp/deactivate/")):
        client.force_login(member)
        assert "/reauthenticate/" in client.post(f"{ENROL}{path}", {"code": "000000"}).url
    assert second_factor.is_enrolled(admin) and not second_factor.is_enrolled(alice)


def test_a_wrong_first_code_sets_up_nothing(client, alice):
    sign_in(client)
    assert client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.filter(user=alice).exists()


def test_secrets_rest_encrypted(admin, settings):
    kept = {found.type: found.data for found in Authenticator.objects.filter(user=admin)}
    assert kept["totp"]["secret"].startswith("gAAAA") and kept["recovery_codes"]["seed"].startswith("gAAAA")
    code = second_factor.code(app_of(admin))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert second_factor.code(app_of(admin)) == code


def test_a_secret_that_cannot_be_read_opens_nothing(client, admin, settings):
    sign_in(client, "admin")
    settings.SECRET_KEY_FALLBACKS = []
    app = app_of(admin)
    app.data["secret"] = "gAAAAABnonsense"
    app.save()
    assert type_code(client, "000000").status_code == 200 and not is_in(client)
    with pytest.raises(CommandError, match="cannot be read"):
        tell_code()


@pytest.mark.parametrize("handle", ["alice", "nobody"])
def test_no_code_for_who_has_no_app(handle):
    with pytest.raises(CommandError, match="no active member"):
        tell_code(handle)


def test_codes_are_told_in_the_embedded_mode_only(settings):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="on the machine of the demo only"):
        tell_code()


def test_the_api_gives_no_token_to_who_has_a_second_factor(client):
    sign_in(client)
    enrol_alone(client)
    for handle in ("alice", "admin"):
        given = {"handle": handle, "password": PASSWORD}
        answer = Client().post("/api/v1/token/", given, content_type="application/json")
        assert (answer.status_code, list(answer.json())) == (403, ["detail"])
        assert "manage.py token HANDLE" in answer.json()["detail"]
    assert not Token.objects.exists()


def test_an_operators_member_without_an_address_signs_in(client, noon):
    Member.objects.create_user("olga", first_name="Olga", joined_at=noon, password=PASSWORD)
    assert sign_in(client, "olga").url == "/"


def test_the_demos_staff_are_enrolled_once_also_where_they_stood_before(unenrolled, noon):
    people.assemble(noon)
    first = app_of(unenrolled).data
    people.assemble(noon)
    assert app_of(unenrolled).data == first and second_factor.is_enrolled(unenrolled)
    assert not second_factor.is_enrolled(Member.objects.get(handle="alice"))


def test_outside_the_embedded_mode_staff_enrol_themselves(unenrolled, noon, settings):
    settings.EMBEDDED = settings.TESTING = False
    people.assemble(noon)
    assert not second_factor.is_enrolled(unenrolled)


def test_an_operator_forgets_what_was_lost_and_that_is_written_down(client, admin):
    call_command("forget_second_factor", "admin", stdout=StringIO())
    assert not Authenticator.objects.filter(user=admin).exists()
    assert JournalEntry.objects.get(act="tokens.factors").member_number == admin.number
    assert sign_in(client, "admin").url == "/" and client.get("/staff/audit/").url == ENROL
    with pytest.raises(CommandError, match="no active member"):
        call_command("forget_second_factor", "nobody")

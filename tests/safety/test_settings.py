"""As it is deployed: nothing that Django's own check complains of, cookies bound to the host, nothing but TLS."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from tests.processes import environment
from tests.safety.conftest import request, say, serving

SECRET = "x7Jq-8sVb2nKq0pLw3ZtYc5RfHg9DmAe1UoXi4Ty6WuQzEvBnMkCjPlSrFdGh"
DEPLOYED = {"HTTPS": "1", "SECRET_KEY": SECRET, "ALLOWED_HOSTS": "inmail.example,localhost", "INMAIL_TESTING": "0"}
TELL = """
import django, json
from django.conf import settings
django.setup()
print(json.dumps({name: getattr(settings, name) for name in %r}))
"""


def told(names: list[str], **more: str) -> dict:
    """What the settings of another process are."""
    done = subprocess.run(
        [sys.executable, "-c", TELL % (names,)], env=environment(**more), capture_output=True, text=True, check=True,
        cwd=settings.BASE_DIR,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.django_db
def test_the_check_of_a_deployment_complains_of_nothing():
    check = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "DEBUG"]
    done = subprocess.run(check, env=environment(**DEPLOYED), cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert (done.returncode, "no issues (1 silenced)" in done.stdout + done.stderr) == (0, True), done.stderr
    # Whether browsers build the name in (preload) is for its owner to say.
    assert settings.SILENCED_SYSTEM_CHECKS == ["security.W021"]


COOKIES = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "MESSAGES_COOKIE_NAME"]


@pytest.mark.django_db
def test_plain_names_of_cookies_without_tls_and_bound_ones_with_it():
    assert list(told(COOKIES, HTTPS="0").values()) == ["sessionid", "csrftoken", "messages"]
    bound = told([*COOKIES, "SESSION_COOKIE_PATH", "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN"], **DEPLOYED)
    assert list(bound.values()) == ["__Host-sessionid", "__Host-csrftoken", "__Host-messages", "/", None, None]


@pytest.mark.django_db
def test_only_this_machine_is_a_host_unless_told():
    assert told(["ALLOWED_HOSTS"], INMAIL_TESTING="0") == {"ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"]}
    assert told(["DEBUG"], INMAIL_TESTING="0") == {"DEBUG": False}


@pytest.fixture(scope="module")
def behind_tls(django_db_setup, django_db_blocker, tmp_path_factory):
    """The port of a site that believes it is served over TLS by a proxy."""
    with django_db_blocker.unblock(), serving(tmp_path_factory.mktemp("tls"), HTTPS="1") as port:
        yield port


def test_over_tls_every_cookie_is_bound_to_this_host(behind_tls):
    answer = say(behind_tls, request("GET", "/accounts/login/", X_Forwarded_Proto="https"))
    (cookie,) = answer.headers.get_all("Set-Cookie")
    assert cookie.startswith("__Host-csrftoken=")
    said = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= said and not any(
        part.startswith("domain") for part in said
    )
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_over_tls_what_gunicorn_refuses_keeps_the_browser_to_tls_too(behind_tls):
    answer = say(behind_tls, b"GET nowhere\r\n\r\n")
    assert (answer.status, "max-age=31536000" in answer.headers["Strict-Transport-Security"]) == (400, True)


def test_over_tls_the_language_and_the_theme_are_told_over_tls_only(behind_tls):
    page = say(behind_tls, request("GET", "/accounts/login/", X_Forwarded_Proto="https"))
    token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    cookie = page.headers["Set-Cookie"].split(";")[0]
    common = {"X_Forwarded_Proto": "https", "Cookie": cookie, "Referer": "https://localhost/"}
    for path, choice in (("/i18n/setlang/", "language=it"), ("/theme/", "theme=dark")):
        body = f"csrfmiddlewaretoken={token}&{choice}".encode()
        answer = say(
            behind_tls, request("POST", path, body, Content_Type="application/x-www-form-urlencoded", **common)
        )
        assert answer.status == 302 and "secure" in answer.headers["Set-Cookie"].lower(), answer.text


def test_without_tls_everything_leads_to_tls_but_signs_of_life(behind_tls):
    answer = say(behind_tls, request("GET", "/inbox/?box=other"))
    assert (answer.status, answer.headers["Location"]) == (301, "https://localhost/inbox/?box=other")
    assert say(behind_tls, request("GET", "/healthz")).status in (200, 503)
    assert say(behind_tls, request("GET", "/", Host="evil.example")).status == 400


def test_a_program_that_forgets_tls_is_told_so_and_not_led_on(behind_tls):
    """Led on without a word, it would send its secret in the clear for ever."""
    answer = say(behind_tls, request("POST", "/api/v1/token/", b"{}", Authorization="Token 0123"))
    assert (answer.status, "over HTTPS" in answer.text) == (403, True)

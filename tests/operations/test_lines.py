"""What may stand in a log, line by line: nothing of anybody's, nothing that input could forge."""

import json
import logging
import os
import sys

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from config import logs

SECRETS = [
    "carol@example.org",
    "Carol.O'Neil+x@mail.example.co.uk",
    "eyJhbGciOi.payload",
    "0123456789abcdef0123456789abcdef01234567",
    "hunter2hunter2",
]


def said(how: str, message: str, *args, error: BaseException | None = None) -> str:
    """The text that a logger of anybody's would leave behind."""
    made = logs.configuration("INFO", how)["formatters"]["told"]
    formatter = made.pop("()")(**made)
    info = (type(error), error, error.__traceback__) if error else None
    return formatter.format(logging.LogRecord("somebody", logging.WARNING, "", 0, message, args, info))


@pytest.mark.parametrize("how", logs.FORMATS)
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1b[2J", "\x85", "\u2028", "\u2029", "\u202e"])
def test_no_input_begins_a_line_of_its_own(how, end):
    told = said(how, "not found: %s", f'a{end}{{"level": "critical"}}', error=ValueError(f"b{end}2026 CRITICAL x"))
    assert not any(ord(sign) < 32 or sign in "\x85\u2028\u2029\u202e\x1b" for sign in told.replace("\n    ", "    "))
    assert len([line for line in told.splitlines() if not line.startswith("    ")]) == 1


@pytest.mark.parametrize("how", logs.FORMATS)
@pytest.mark.parametrize(
    "sentence",
    [
        "written to carol@example.org.",
        "written to Carol.O'Neil+x@mail.example.co.uk twice",
        "Authorization: Bearer eyJhbGciOi.payload",
        "{'password': 'hunter2hunter2'}",
        "password=hunter2hunter2&next=/",
        "token 0123456789abcdef0123456789abcdef01234567 seen",
        "postgresql://inmail:hunter2hunter2@db/inmail is away",
        "GET /accounts/password/reset/key/4-hunter2hunter2/",
        "GET /search/?q=hunter2hunter2",
    ],
)
def test_no_secret_and_no_address_is_said(how, sentence):
    told = said(how, "%s", sentence, error=ValueError(sentence))
    assert "[" in told and not any(secret in told for secret in SECRETS)


def test_a_line_of_json_says_what_it_is():
    told = json.loads(said("json", "503: %s", "busy", error=KeyError("x")))
    assert (told["level"], told["logger"], told["event"]) == ("warning", "somebody", "503: busy")
    assert told["timestamp"].endswith("Z") and told["exception"][0]["type"] == "builtins.KeyError"


@pytest.mark.django_db
@pytest.mark.parametrize("broken", ["duplicate", "too long", "not json", "syntax"])
def test_what_the_database_says_of_a_row_is_kept_back(broken, alice):
    statement = {
        "duplicate": "INSERT INTO accounts_member (email) VALUES ('a private body')",
        "too long": "SELECT 'a private body'::int",
        "not json": "SELECT 'a private body'::json",
        "syntax": "SELEKT 'a private body'",
    }[broken]
    with pytest.raises(Exception) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert "a private body" in str(caught.value)
    assert "a private body" not in said("json", "503: %s", caught.value, error=caught.value)


def test_both_errors_of_the_database_are_told_by_their_first_line():
    for kind in (IntegrityError, DataError):
        told = json.loads(said("json", "x", error=kind("refused\nDETAIL: (email)=(a private body)")))
        assert told["exception"][0]["message"] == "refused"


@pytest.mark.parametrize(("name", "value"), [("LOG_LEVEL", "LOUD"), ("LOG_FORMAT", "xml")])
def test_a_wrong_wish_is_refused_at_the_start(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=name):
        logs.configuration(*logs.wanted())


def test_a_person_at_a_terminal_reads_lines_and_everybody_else_json(monkeypatch):
    monkeypatch.delenv("LOG_FORMAT", raising=False)
    leader, terminal = os.openpty()
    with os.fdopen(leader), os.fdopen(terminal, "w") as person:
        monkeypatch.setattr(sys, "stderr", person)
        assert logs.wanted()[1] == "line"
    with open(os.devnull, "w") as file:
        monkeypatch.setattr(sys, "stderr", file)
        assert logs.wanted()[1] == "json"

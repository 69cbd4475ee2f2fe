"""Calibration finds what the data were made with, says when they do not suffice, and keeps nobody's words."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from accounts.edges import BadFile
from lab import scenario
from lab.calibration import archive, fit, messages, rates
from simulation import behaviour
from simulation.character import Behaviour
from tests.lab.test_scenario import PLAIN

B = Behaviour()
TRUE = Behaviour(answer=0.40, delay_mu=3.0, delay_sigma=1.5, length_400=1.35, one_to_one=1.6, saturday=0.6)
HEADER = ["CONVERSATION ID", "CONVERSATION TITLE", "FROM", "SENDER PROFILE URL", "TO", "RECIPIENT PROFILE URLS",
          "DATE", "SUBJECT", "CONTENT", "FOLDER", "ATTACHMENTS", "IS MESSAGE DRAFT"]  # fmt: skip
ME, URL = "Maya Haddad", "https://www.linkedin.com/in/maya"
BEGAN = datetime(2014, 6, 2, 9, tzinfo=UTC)


def row(
    number, at, content="Dear you,\nwould you?", *, mine=True, subject="A question", draft="No", **changes
) -> list[str]:
    other = (f"Person {number}", f"https://www.linkedin.com/in/p{number}")
    (name, url), (to, to_url) = ((ME, URL), other) if mine else (other, (ME, URL))
    cells = dict(zip(HEADER, [f"c{number}", "", name, url, to, to_url, f"{at:%Y-%m-%d %H:%M:%S} UTC", subject, content,
                              "INBOX", "", draft], strict=True))  # fmt: skip
    return list((cells | changes).values())


def written(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([HEADER, *rows])
    return path


def invented(count: int, b: Behaviour = TRUE) -> list[list[str]]:
    """InMails of 150 days, with the answers that come within them."""
    numbers = np.arange(count)
    bulk, length = numbers % 2 == 0, np.array([300, 600, 1000, 1500])[numbers // 2 % 4]
    at = [BEGAN + timedelta(minutes=int(k)) for k in numbers * (120 * 1440 / count)]
    weekday = np.array([each.weekday() for each in at])
    said = behaviour.react(b.tables, 11, behaviour.Inmails(1, numbers, 0, length=length, weekday=weekday, bulk=bulk))
    responded, rows = np.isin(said.answer, (1, 2, 3)), []
    for k in numbers.tolist():
        own = "" if bulk[k] else "".join(chr(97 + int(digit)) for digit in str(k))
        rows.append(row(k, at[k], f"Dear Person, {own} ".ljust(length[k], "x")))
        reply = at[k] + timedelta(seconds=int(said.answer_delay[k]))
        if responded[k] and reply < BEGAN + timedelta(days=150):
            rows.append(row(k, reply, "Yes!", mine=False, subject="RE: A question"))
    return rows


def test_an_archive_gives_back_the_behaviour_it_was_made_with(tmp_path):
    openings = messages.read(written(tmp_path / "messages.csv", invented(4000)))
    found = archive.calibrate(openings, 1.0, B)
    names = {each.name for each in found.fitted}
    assert names >= {"answer", "delay_mu", "delay_sigma", "length_400", "length_long", "one_to_one", "saturday"}
    missed = [each for each in found.fitted if not each.low <= getattr(TRUE, each.name) <= each.high]
    assert len(missed) <= 1 < len(found.fitted)  # of ten 95 % intervals one may miss
    widths = {each.name: each.high - each.low for each in found.fitted}
    assert widths["answer"] < 0.1 and widths["delay_mu"] < 0.3 and widths["length_400"] < 0.4
    assert found.p_default < 0.001


def test_only_first_messages_with_a_subject_to_one_other_member_are_inmails(tmp_path):
    day = timedelta(days=1)
    rows = [
        row(1, BEGAN), row(1, BEGAN + day, mine=False),
        row(2, BEGAN, subject=""), row(3, BEGAN, mine=False), row(3, BEGAN + day), row(4, BEGAN, draft="Yes"),
        row(5, BEGAN, **{"RECIPIENT PROFILE URLS": "https://www.linkedin.com/in/a,https://www.linkedin.com/in/b"}),
        row(6, BEGAN + day, "x" * 500), row(6, BEGAN + 2 * day, "And?"), row(7, BEGAN + 11 * day, subject=""),
    ]  # fmt: skip
    found = messages.read(written(tmp_path / "messages.csv", rows))
    assert found.answered.tolist() == [True, False] and found.hours.tolist() == [24, 240]
    assert found.length.tolist() == [0, 1] and found.weekday.tolist() == [0, 1] and not found.bulk.any()


def test_the_same_text_to_five_is_bulk_whatever_their_names_are(tmp_path):
    same = [row(k, BEGAN, f"Dear Person {k}, call {k}0!") for k in range(5)]
    found = messages.read(written(tmp_path / "messages.csv", [*same, row(9, BEGAN, "Dear Person 9, no.")]))
    assert found.bulk.tolist() == [True] * 5 + [False]
    assert not messages.read(written(tmp_path / "messages.csv", same[:4])).bulk.any()


def test_an_archive_of_an_older_kind_without_addresses_of_recipients_is_read(tmp_path):
    keep = [place for place, name in enumerate(HEADER[:10]) if name != "RECIPIENT PROFILE URLS"]
    text = "\n".join(",".join(f'"{line[place]}"' for place in keep) for line in (HEADER, *invented(40)))
    (tmp_path / "messages.csv").write_text(text)
    assert len(messages.read(tmp_path / "messages.csv").answered) == 40


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows[:10], "The data do not suffice: .* InMails, .* needed are at least 30"),
        (lambda rows: [r for r in rows if r[2] == ME], "0 of them answered"),
        (lambda rows: [], "holds no message"),
        (lambda rows: [*rows, row(7, BEGAN, DATE="02/06/2014")], "ends in line .*“02/06/2014” is not a date like"),
        (lambda rows: [*rows, row(7, BEGAN, DATE="2014-02-30 10:00:00 UTC")], "is not a date"),
        (lambda rows: [*rows, ["c1", "too", "short"]], "line .* has 3 fields instead of 12"),
        (lambda rows: [row(1, BEGAN), row(2, BEGAN, mine=False)], "not clear whose messages .* --me"),
    ],
)  # fmt: skip
def test_what_does_not_suffice_or_is_malformed_is_said_in_a_sentence(tmp_path, change, words):
    path = written(tmp_path / "messages.csv", change(invented(60)))
    with pytest.raises(CommandError, match=words):
        call_command("calibrate", path, stdout=StringIO())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Line 1: the header of a table of rates is what,rate,n"),
        ("CONVERSATION ID,FROM\n", "Line 1: these columns of a messages.csv are missing: SENDER PROFILE URL"),
        ("what,rate,n\nopen,0.7\n", "Line 2 has 2 fields"),
        ("what,rate,n\nopened,0.7,100\n", "Line 2: 'opened' is no rate that is known. Known are: open,"),
        ("what,rate,n\nopen,70,100\n", "Line 2: rate must be a number from 0 to 1, not '70'"),
        ("what,rate,n\nopen,nan,100\n", "rate must be"),
        ("what,rate,n\nopen,0.7,1.5\n", "Line 2: n must be a whole number"),
        ("what,rate,n\nopen,0.7,100\n\nopen,0.6,9\n", "Line 4: open was given before, at Line 2"),
        ("what,rate,n\nwithin_24_hours,0.9,99\nwithin_a_week,0.8,99\n", "Line 3: within_a_week cannot be less"),
        ("what,rate,n\nopen,0.99,100\n", "do not suffice: open: open 0.99 of 100: fewer than 5"),
        ("what,rate,n\n", "holds no rate"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused_with_its_line(tmp_path, text, words):
    (tmp_path / "rates.csv").write_text(text)
    with pytest.raises(CommandError, match=words):
        call_command("calibrate", tmp_path / "rates.csv", stdout=StringIO())


@pytest.mark.parametrize(
    "text", ["rates = 3", "[[rates]]\nwhat = 'open'", "[[rates]", "[[rates]]\nwhat=[]\nrate=1\nn=1"]
)
def test_toml_is_read_as_strictly(tmp_path, text):
    (tmp_path / "rates.toml").write_text(text)
    with pytest.raises(BadFile):
        rates.read(tmp_path / "rates.toml")


def test_published_rates_give_back_the_parameters_behind_them(tmp_path):
    other = replace(TRUE, open=0.6, open_mismatch=0.3, interested=0.4, switch_off=0.0004)
    wanted = ("open", "open_mismatch", "response", "answer_up_to_400", "answer_bulk", "interested", "switch_off",
              "within_24_hours", "within_a_week")  # fmt: skip
    lines = [f"[[rates]]\nwhat = '{what}'\nrate = {rates.KNOWN[what].chance(other)}\nn = 100_000\n" for what in wanted]
    (tmp_path / "rates.toml").write_text("\n".join(lines))
    found = rates.calibrate(rates.read(tmp_path / "rates.toml"), B)
    assert len(found.fitted) == 9
    for each in found.fitted:
        assert each.value == pytest.approx(getattr(other, each.name), rel=0.005)
        assert each.low < getattr(other, each.name) < each.high


def test_intervals_hold_the_truth_in_95_of_100_samples():
    rng, held = np.random.default_rng(1), 0
    for _ in range(150):
        hits = int(rng.binomial(300, 0.7))
        (found,) = rates.calibrate([rates.Rate("open", hits / 300, 300, "")], B).fitted
        held += found.low <= 0.7 <= found.high
    assert 135 <= held <= 149


def test_one_time_of_answers_does_not_tell_how_they_scatter():
    found = rates.calibrate([rates.Rate("within_a_week", 0.8, 1000, "")], B)
    assert [each.name for each in found.fitted] == ["delay_mu"] and "one share" in found.kept["delay_sigma"]


def test_what_the_data_leave_open_keeps_its_default():
    with pytest.raises(fit.TooFew, match="has no end within what is possible"):
        fit.fit(lambda b: 0.0, ["fatigue"], {}, {}, B)


def test_a_scenario_takes_what_the_command_writes_and_nobodys_words_are_in_it(tmp_path):
    path, out, said = written(tmp_path / "messages.csv", invented(800)), tmp_path / "b.toml", StringIO()
    call_command("calibrate", path, active=1.0, out=out, stdout=said)
    read = scenario.read(PLAIN.replace("[population]", out.read_text() + "\n[population]"))
    assert 0.2 < read.behaviour.answer < 0.55 and read.behaviour != B
    for private in ("Maya", "Person", "linkedin.com", "Dear", "question"):
        assert private not in said.getvalue() and private not in out.read_text()
    assert {each.name for each in tmp_path.iterdir()} == {"messages.csv", "b.toml"}


def test_more_answers_than_active_recipients_allow_are_no_fit(tmp_path):
    path = written(tmp_path / "messages.csv", invented(800, replace(TRUE, open=0.95, answer=0.5)))
    with pytest.raises(CommandError, match=r"More answered than can .* Try --active 1"):
        call_command("calibrate", path, active=0.3, stdout=StringIO())

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from clock.templatetags.instants import ago
from inmail import spreadsheet, statement
from inmail.context import read, speed_words


@pytest.mark.parametrize(
    ("speed", "words"),
    [
        (0, "paused"),
        (1, "as on the wall clock"),
        (2, "1 day = 12 h"),
        (720, "1 day = 2 min"),
        (86_400, "1 day = 1 s"),
        (7, "1 day = 3.43 h"),
    ],
)
def test_a_speed_is_told_as_the_length_of_a_day(speed, words):
    assert speed_words(speed) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "just now"), (59, "just now"), (3_599, "59 minutes ago"), (7_300, "2 hours ago")]
)
def test_how_long_ago_is_told_in_one_unit(noon, seconds, words):
    assert ago(noon - timedelta(seconds=seconds), noon).replace("\xa0", " ") == words


def test_amounts_carry_their_sign():
    assert [statement.signed(amount) for amount in (1, -25)] == ["+1", "−25"]


FORMULAS = ["=1", "+1+1", "-1+1", "@x", "\tx", " =1", "\n=1", "\ufeff=1", "＝1", "'=1", '"=1', "\0=1", "|cmd", "%0A=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_csv_is_a_formula(text):
    assert spreadsheet.safe(text) == f"'{text}"
    (line,) = csv.reader(spreadsheet.lines([[text, "x"]]))
    assert line == [f"'{text}", "x"]


@pytest.mark.parametrize("cell", [1, -1, 0.5, "-1", "+12", "-0.5", "", None, "Ada", "a=b", "1-2", "é, “x”; y"])
def test_other_cells_stay_as_they_are(cell):
    assert spreadsheet.safe(cell) == cell


def test_only_one_place_writes_csv():
    floors = ["accounts", "clock", "config", "inmail", "privacy", "simulation", "lab"]
    writers = [path for floor in floors for path in Path(floor).rglob("*.py") if "csv.writer" in path.read_text()]
    # What loading writes goes to PostgreSQL's COPY, where an apostrophe more would be wrong.
    assert {str(path) for path in writers} == {"inmail/spreadsheet.py", "accounts/loading.py"}


@pytest.mark.django_db
def test_the_header_costs_one_query(cast, alice, delivered, erin, django_assert_num_queries):
    delivered(erin, alice)
    with django_assert_num_queries(1):
        header = read(alice)
    assert (header.unread, header.credits, header.score) == (1, 25, None)


@pytest.mark.django_db
def test_without_a_timeline_the_header_is_empty():
    assert read(None).now is None

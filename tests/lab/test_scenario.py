"""Scenarios are read strictly: what cannot be meant is refused, with its line and what was expected."""

from datetime import date

import pytest

from lab import scenario
from lab.scenario import ScenarioError

PLAIN = """name = "Two"
members = 5000
days = 30

[population]
premium = 0.1

[[arms]]
name = "one"

[[arms]]
name = "other"
policy = "2015"
deadline_days = 60
"""


def test_what_is_given_is_read_and_the_rest_has_its_default():
    read = scenario.read(PLAIN)
    assert (read.members, read.days, read.seed, read.start) == (5000, 30, 2014, date(2014, 6, 2))
    assert read.population.premium == 0.1 and read.population.active == 0.5
    assert [arm.policy.name for arm in read.arms] == ["2014", "2015"]
    assert [arm.policy.deadline_days for arm in read.arms] == [7, 60]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("days = 30", "days = -3", 3, "days must be a whole number from 1 to 1,000, not -3"),
        ("days = 30", "days = 30.5", 3, "whole number"),
        ("days = 30", 'measure = "joy"', 3, "measure must be one of sent_per_sender_month"),
        ("[population]\npremium = 0.1", "[welfare]\ncredits = 2.0", 6, "credits is not known in welfare"),
        ("days = 30", "days = true", 3, "whole number"),
        ("members = 5000", "members = 300_000_001", 2, "300,000,000"),
        ("members = 5000", "member = 5000", 2, "member is not known. Known here:"),
        ("premium = 0.1", "premium = 1.1", 6, "between 0 and 1"),
        ("premium = 0.1", "premium = nan", 6, "must be a number"),
        ("premium = 0.1", "premiun = 0.1", 6, "not known in population"),
        ("premium = 0.1", "plans = [0.5, 0.5]", 6, "6 shares"),
        ('name = "other"', 'name = "one"', 12, "Two arms are called 'one'"),
        ('policy = "2015"', 'policy = "2016"', 13, "policy must be one of 2014, 2015"),
        ("deadline_days = 60", "deadline_days = 0", 14, "from 1 to 365"),
        ("deadline_days = 60", "returns = { silense = 1 }", 14, "silense is not known"),
        ("deadline_days = 60", "returns = { silence = 2 }", 14, "from 0 to 1"),
        ("[population]\npremium = 0.1", "[behaviour]\nopen = 2.0", 6, "open must lie between 0 and 1"),
        ("[population]\npremium = 0.1", "[senders]\nmix = [1.0]", 6, "mix must be 4 shares"),
        ("deadline_days = 60", "returns = 3", 14, "returns must be a table, not 3"),
        ('policy = "2015"', "policy = [1]", 13, "policy must be one of"),
        ("premium = 0.1", "popularity = []", 6, "popularity must be 8 numbers above 0"),
        ("premium = 0.1", "popularity = [0, 0, 0, 0, 0, 0, 0, 0]", 6, "popularity must be 8 numbers above 0"),
        ("premium = 0.1", f"premium = 1{'0' * 400}", 6, "must be a number"),
        ("days = 30", "days =", 3, "This is not TOML"),
        ("days = 30", f"days = {'[' * 5000}", None, "nested too deeply"),
        ("days = 30", f"days = {'1' * 5000}", None, "too many digits"),
        ("days = 30", f"days = 0x{'f' * 5000}", None, "too many digits"),
        ('name = "other"', 'name = "nul \\u0000"', 12, "printable characters"),
    ],
)
def test_a_refusal_names_the_line_and_what_was_expected(old, new, line, words):
    assert old in PLAIN
    with pytest.raises(ScenarioError) as refused:
        scenario.read(PLAIN.replace(old, new, 1))
    assert words in refused.value.sentence
    assert refused.value.line == line


@pytest.mark.parametrize("text", ["", "name = 'x'", PLAIN.split("[[arms]]")[0], PLAIN.replace('name = "Two"\n', "")])
def test_without_a_name_or_two_arms_there_is_nothing_to_compare(text):
    with pytest.raises(ScenarioError):
        scenario.read(text)


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path):
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe")
    for path in (tmp_path / "x.toml", tmp_path / "none.toml", tmp_path):
        with pytest.raises(ScenarioError):
            scenario.load(path)


@pytest.mark.parametrize("path", scenario.ready().values(), ids=scenario.ready())
def test_every_ready_scenario_can_be_read(path):
    assert len(scenario.load(path).arms) >= 2


def test_the_fingerprint_is_of_what_is_computed_not_of_its_name():
    one, other = scenario.read(PLAIN), scenario.read(PLAIN.replace('"Two"', '"Three"'))
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint != scenario.read(PLAIN.replace("0.1", "0.11")).fingerprint

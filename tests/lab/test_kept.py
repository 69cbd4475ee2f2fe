"""What long questions have found is kept by their commands, of ready scenarios only, and read by nobody's program."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lab import assumptions, kept, scenario, version
from lab.measures import NAMES

QUIET = {"members": 1000, "replications": 2}
KEPT = [(kind, name) for kind in (kept.LIVE_TEST, kept.SENSITIVITY) for name in kept.names(kind)]


def ask(*words, **options):
    call_command(*words, stdout=StringIO(), stderr=StringIO(), **QUIET, **options)


def test_something_of_either_kind_is_shipped():
    assert {kind for kind, _name in KEPT} == {kept.LIVE_TEST, kept.SENSITIVITY}


@pytest.mark.parametrize(("kind", "name"), KEPT)
def test_what_is_shipped_is_of_a_ready_scenario_and_says_how_it_was_found(kind, name):
    told, of = kept.of(kind, name), scenario.load(scenario.ready()[name])
    assert told.name == name and told.found["days"] == of.days
    assert told.found["arms"] == [arm.name for arm in of.arms[:2]]
    assert (
        told.command.startswith(f"manage.py {kind} {name} --") and f"--members {told.found['members']}" in told.command
    )
    assert told.seconds > 0 and len(told.version) == 16


def test_a_shipped_tornado_has_every_assumption_and_a_known_measure():
    for name in kept.names(kept.SENSITIVITY):
        found = kept.of(kept.SENSITIVITY, name).found
        assert {row["name"] for row in found["assumptions"]} == set(assumptions.BY_NAME)
        assert found["measure"] in NAMES


def test_findings_have_no_say_in_the_version_of_the_program():
    assert "kept" in version.AROUND and kept.FOLDER.is_dir()
    assert not list(kept.FOLDER.rglob("*.py"))


@pytest.mark.parametrize("command", ["live_test", "sensitivity"])
def test_only_what_is_found_of_a_ready_scenario_is_kept(command, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "FOLDER", tmp_path)
    with pytest.raises(CommandError, match="Only what is found of a ready scenario"):
        ask(command, scenario.ready()["categories"], keep=True)
    assert list(tmp_path.iterdir()) == []


def test_what_the_command_keeps_is_read_back_with_its_date_and_its_own_words(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "FOLDER", tmp_path)
    ask("live_test", "open_profiles", keep=True)
    told = kept.of(kept.LIVE_TEST, "open_profiles")
    assert kept.names(kept.LIVE_TEST) == ["open_profiles"] and told.is_of_this_version
    assert told.command == "manage.py live_test open_profiles --members 1000 --replications 2 --keep"
    assert told.found["members"] == 1000 and told.found["measures"]
    assert not told._replace(version="another").is_of_this_version

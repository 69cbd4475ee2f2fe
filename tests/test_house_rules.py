"""The house keeps its floors: who imports whom, what no file is called, where the time comes from."""

import ast
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["clock", "accounts", "privacy", "inmail", "simulation", "lab", "config"]
MODULES = sorted(path.relative_to(ROOT) for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
OURS = [path for path in MODULES if "migrations" not in path.parts]
LAYERS = {"utils", "helpers", "services", "selectors", "managers", "signals", "constants", "core", "common"}
PURE = [
    "inmail/policy.py",
    "inmail/eligibility.py",
    "inmail/score.py",
    "inmail/intervals.py",
    "simulation/behaviour.py",
    "simulation/character.py",
    "simulation/draws.py",
    "simulation/forecast.py",
    "lab/engine.py",
    "lab/scenario.py",
    "lab/statistics.py",
]
# Wall time belongs to the clock itself, to undo windows, to sessions, to signs of life and to dates of measurements.
MAY_ASK_THE_TIME = {
    "accounts/mailing.py",
    "accounts/sessions.py",
    "clock/timeline.py",
    "inmail/delivery.py",
    "inmail/jobs.py",
    "inmail/messaging.py",
    "inmail/tasks.py",
    "inmail/api/health.py",
    "inmail/views/thread.py",
    "lab/kept.py",
}


@cache
def tree(path):
    return ast.parse((ROOT / path).read_text(), str(path))


def imports(path, within=None):
    """The dotted names that a module imports, wherever in it, each with its line."""
    for node in ast.walk(within or tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, f"{path}:{node.lineno}") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or ""), f"{path}:{node.lineno}"


def asks_the_time(node):
    """Whether `node` is datetime.now, timezone.now, date.today or the like."""
    if not isinstance(node, ast.Attribute) or node.attr not in ("now", "utcnow", "today"):
        return False
    return getattr(node.value, "id", getattr(node.value, "attr", "")) in ("datetime", "timezone", "date")


def test_there_is_a_house():
    assert len(OURS) > 100
    assert {path.parts[0] for path in OURS} >= set(FLOORS)


def test_a_floor_imports_only_itself_and_what_lies_below():
    assert [
        f"{line} imports {name}"
        for path in MODULES
        for name, line in imports(path)
        if name.split(".")[0] in FLOORS[FLOORS.index(path.parts[0]) + 1 :] or name.startswith(".")
    ] == []


def test_no_import_hides_in_a_function():
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    assert [
        f"{line} imports {name}"
        for path in OURS
        for node in ast.walk(tree(path))
        if isinstance(node, functions)
        for name, line in imports(path, node)
    ] == []


def test_no_file_or_folder_is_named_after_a_layer():
    assert [path for path in MODULES if LAYERS & {part.removesuffix(".py") for part in path.parts}] == []


@pytest.mark.parametrize("name", [name for name in PURE if (ROOT / name).exists()])
def test_rules_are_plain_functions_that_know_nothing_of_django(name):
    seen, todo = set(), [Path(name)]
    while todo:
        path = todo.pop()
        seen.add(path)
        for imported, line in imports(path):
            assert imported.split(".")[0] not in ("django", "celery", "rest_framework"), line
            found = Path(imported.replace(".", "/") + ".py")
            todo += [found] if (ROOT / found).exists() and found not in seen else []


def test_nothing_else_asks_what_time_it_is():
    assert [
        f"{path}:{node.lineno}"
        for path in OURS
        if str(path) not in MAY_ASK_THE_TIME and path.parts[0] != "config"
        for node in ast.walk(tree(path))
        if asks_the_time(node)
    ] == []


def test_no_field_that_a_rule_reads_takes_its_instant_from_the_wall():
    assert {
        str(path)
        for path in OURS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add")
    } <= {"accounts/models.py"}  # the mails of the demo's outbox


def test_business_does_not_flow_through_signals():
    signals = ("django.dispatch", "django.db.models.signals", "django.core.signals")
    assert [line for path in OURS for name, line in imports(path) if name.startswith(signals)] == []


def test_every_module_opens_with_what_lives_in_it():
    written = [path for path in OURS if (ROOT / path).read_text().strip()]
    assert [path for path in written if not ast.get_docstring(tree(path))] == []


def test_every_command_has_its_help():
    commands = [path for path in OURS if path.parent.name == "commands" and path.name != "__init__.py"]
    assert [path for path in commands if "help = " not in (ROOT / path).read_text()] == []


@pytest.mark.django_db
def test_every_migration_is_written():
    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert "No changes detected" in out.getvalue()

"""`from lab import Scenario, run`: without Django, with the command's own bytes; and the notebook that shows it."""

import ast
import io
import json
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from django.core.management import call_command

import lab

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "docs" / "lab.ipynb"


def test_a_program_needs_no_django():
    code = "import lab, sys; quick = set(sys.modules); from lab import Scenario, run; assert 'numpy' not in quick"
    code += "; assert 'django' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=120)


def test_it_says_what_the_command_says(tmp_path, text):
    (tmp_path / "small.toml").write_text(text)
    call_command("lab", str(tmp_path / "small.toml"), out=tmp_path / "report.json", workers=1)
    found = lab.run(lab.read(text), workers=2)
    assert json.dumps(found, indent=1, ensure_ascii=False) + "\n" == (tmp_path / "report.json").read_text()


def test_what_it_offers_is_there_and_nothing_else():
    assert all(callable(getattr(lab, name)) for name in lab.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        lab.nothing  # noqa: B018
    with pytest.raises(ValueError, match="at least 1"):
        lab.run(lab.load(lab.ready()["categories"]), workers=0)


def cells() -> list[dict]:
    return [cell for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]


def said(cell: dict) -> str:
    return "".join("".join(out.get("text") or out["data"]["text/plain"]) for out in cell["outputs"])


def lived(source: str, space: dict) -> str:
    """What a cell prints, or its last expression is, as a notebook shows it."""
    *before, last = ast.parse(source).body
    with redirect_stdout(io.StringIO()) as told:
        exec(compile(ast.Module(before, []), "cell", "exec"), space)
        if not isinstance(last, ast.Expr):
            exec(compile(ast.Module([last], []), "cell", "exec"), space)
            return told.getvalue()
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), space)
    return told.getvalue() + ("" if value is None else repr(value))


def test_every_cell_of_the_notebook_still_says_what_it_shows():
    space: dict = {}
    for cell in cells():
        assert lived("".join(cell["source"]), space) == said(cell)
    assert len(cells()) >= 6


def test_the_notebook_is_of_the_format_that_notebooks_have():
    kept = json.loads(NOTEBOOK.read_text("utf-8"))
    assert (kept["nbformat"], kept["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in kept["cells"]}) == len(kept["cells"])
    prose = {"cell_type", "id", "metadata", "source"}
    keys = {"markdown": prose, "code": prose | {"outputs", "execution_count"}}
    assert all(set(cell) == keys[cell["cell_type"]] for cell in kept["cells"])

"""`from lab import Scenario, run`: without Django, with the command's own bytes; and the notebook that shows it."""

import json
import subprocess
import sys
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

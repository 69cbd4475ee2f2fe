"""The mutants of `run.py mutants` keep up with the code: every patch applies, every named test exists."""

import re
from pathlib import Path

import pytest

from tests.mutants.mutants import MUTANTS, DoesNotApply, Patch

ROOT = Path(__file__).resolve().parent.parent.parent
GUARDS = {
    "no row guard",
    "no unique constraint",
    "return without guard",
    "publish before commit",
    "rules not checked again",
    "deadline off by one",
    "sweep without claim",
    "trigger dropped",
}


def test_there_is_a_mutant_for_each_guard():
    assert {mutant.guard for mutant in MUTANTS} == GUARDS


@pytest.mark.parametrize("patch", [patch for mutant in MUTANTS for patch in mutant.patches], ids=lambda p: p.file)
def test_every_patch_applies_exactly_once_and_changes_something(patch):
    assert patch.applied(ROOT) != (ROOT / patch.file).read_text()


@pytest.mark.parametrize("test", sorted({test for mutant in MUTANTS for test in mutant.tests}))
def test_every_named_test_exists(test):
    file, name = test.split("::")
    assert re.search(rf"^def {name}\(", (ROOT / file).read_text(), re.MULTILINE)


def test_a_patch_whose_text_has_gone_says_so():
    with pytest.raises(DoesNotApply):
        Patch("run.py", "no such text", "").applied(ROOT)

"""The plain functions of the rules and of behaviour as machine code, by Numba.

Law: nothing is rewritten here. A function is copied as it stands, with the compiled forms of what it calls in place.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FunctionType

import numba

from inmail import policy, score
from simulation import behaviour, character, draws, market, senders

SOURCES = (policy, score, behaviour, character, draws, market, senders)
OWN = ("compiled", "engine", "intents", "layout", "luck", "midnight", "outcomes", "rules", "walk", "world")


def _keep() -> None:
    """Machine code is kept by the text of all that it comes from, which Numba itself would not look at."""
    texts = [Path(module.__file__).read_bytes() for module in SOURCES]
    texts += [Path(__file__).with_name(f"{name}.py").read_bytes() for name in OWN]
    version = hashlib.sha256(b"\0".join([numba.__version__.encode(), *texts])).hexdigest()[:16]
    folder = Path(__file__).resolve().parent.parent / "var" / "machine-code" / version
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # a checkout that is not ours to write: for this process alone
        folder = Path(tempfile.mkdtemp(prefix="inmail-"))
    numba.config.CACHE_DIR = str(folder)


_keep()


LEAN = numba.njit(
    error_model="numpy", _nrt=False, forceinline=True
)  # for what makes no arrays: none is counted as in use


def compiled(function: Callable, **given: Callable):
    """`function` as machine code; `given` names the compiled forms of the functions that it calls."""
    copy = FunctionType(function.__code__, function.__globals__ | given, function.__name__, function.__defaults__)
    return LEAN(copy)


mix = compiled(draws.mix_uint64)
fold = compiled(draws.fold_uint64, mix_uint64=mix)
scramble = compiled(market._scramble)
length_class = compiled(behaviour.length_class)
probability = compiled(character.probability)
p_open = compiled(behaviour.p_open, probability=probability)
p_answer = compiled(behaviour.p_answer, probability=probability)
leaves = compiled(behaviour.leaves)
opens = compiled(behaviour.opens, p_open=p_open)
delays = compiled(behaviour.delays)
answers = compiled(behaviour.answers, p_answer=p_answer, length_class=length_class)
monthly_grant = compiled(policy.monthly_grant)
upgrade_grant = compiled(policy.upgrade_grant)
report = compiled(score.report)

"""The policy lab. For programs and notebooks: `from lab import Scenario, Arm, read, load, ready, toml, run`.

Law: importing it costs nothing and needs no Django; what is named above is fetched when it is asked for.
"""

from importlib import import_module

_PLACES = {
    "Arm": "lab.scenario",
    "Scenario": "lab.scenario",
    "ScenarioError": "lab.scenario",
    "load": "lab.scenario",
    "read": "lab.scenario",
    "ready": "lab.scenario",
    "run": "lab.here",
    "toml": "lab.writing",
}
__all__ = sorted(_PLACES)


def __getattr__(name: str):
    if name not in _PLACES:
        raise AttributeError(f"module 'lab' has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)

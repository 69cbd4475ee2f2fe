"""The requirements are locked by hash, and the files that describe the containers can be read."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
LOCKED = (ROOT / "requirements.txt").read_text()
WANTED = re.findall(r"^([\w-]+)", (ROOT / "requirements.in").read_text(), re.MULTILINE)


def test_everything_wanted_is_locked_with_hashes():
    blocks = re.split(r"\n(?=\S)", LOCKED)
    locked = {re.match(r"[\w.-]+", block)[0]: block for block in blocks if "==" in block.splitlines()[0]}
    assert set(WANTED) <= set(locked)
    assert all("--hash=sha256:" in block for block in locked.values())


def test_the_lock_names_no_registry():
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", LOCKED)


def test_every_container_waits_for_the_set_up_and_is_looked_after():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert {"postgres", "valkey", "web", "worker", "beat"} <= set(services)
    platform = {name: one for name, one in services.items() if "build" in one and name != "setup"}
    assert all("setup" in one["depends_on"] and "healthcheck" in one for one in platform.values())


def test_a_worker_can_be_scaled_because_nothing_in_it_is_named_or_published():
    worker = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["worker"]
    assert not {"container_name", "ports"} & set(worker)

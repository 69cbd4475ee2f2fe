"""Keeps a handful of children alive: starts them in order, restarts what dies, stops them in reverse."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

LONGEST_PAUSE = 30.0  # seconds between two tries to restart
TIDY_PAUSE = 30.0
STEADY = 60.0  # a child that lived this long begins again with the shortest pause


@dataclass
class Child:
    """One process to keep alive, and what is known of it."""

    name: str
    start: Callable[[], subprocess.Popen]
    stop_sign: int = signal.SIGTERM
    patience: float = 10.0
    floor: int = 1  # what stands on floor 1 needs floor 0 until it is gone
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    pause: float = 0.5
    again_at: float | None = field(default=None)

    def launch(self) -> None:
        self.process, self.started_at, self.again_at = self.start(), time.monotonic(), None

    def look_after(self, say: Callable[[str], None]) -> bool:
        """Notice a death, wait longer after each, start again. True when there is a new process."""
        now = time.monotonic()
        if self.again_at is None:
            if self.process.poll() is None:
                return False
            sweep_group(self.process.pid)
            self.pause = 0.5 if now - self.started_at > STEADY else min(self.pause * 2, LONGEST_PAUSE)
            self.again_at = now + self.pause
            how = describe(self.process.returncode)
            say(f"{self.name} ended ({how}); starting it again in {self.pause:g} s.")
        if now < self.again_at:
            return False
        self.launch()
        return True

    def ask(self) -> None:
        with suppress(ProcessLookupError):
            if self.process.poll() is None:
                self.process.send_signal(self.stop_sign)

    def finish(self) -> None:
        """Wait, insist, and leave none of its own children behind."""
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        sweep_group(self.process.pid)


class Supervisor:
    """The children in the order of starting; `say` tells the terminal, `changed` hears of new processes."""

    def __init__(self, say: Callable[[str], None], changed: Callable[[dict[str, int]], None]):
        self.say, self.changed = say, changed
        self.tidy: Callable[[], None] = lambda: None  # now and then, while watching
        self.children: list[Child] = []

    def add(self, child: Child) -> Child:
        self.children.append(child)
        child.launch()
        self.changed(self.pids())
        return child

    def pids(self) -> dict[str, int]:
        return {child.name: child.process.pid for child in self.children if child.process}

    def watch(self) -> None:
        """For ever: until a signal raises in here."""
        next_tidy = time.monotonic()
        while True:
            if time.monotonic() >= next_tidy:
                self.tidy()
                next_tidy = time.monotonic() + TIDY_PAUSE
            if any([child.look_after(self.say) for child in self.children]):
                self.changed(self.pids())
            time.sleep(0.2)

    def stop(self) -> None:
        """In reverse order, each floor at one go."""
        for floor in sorted({child.floor for child in self.children}, reverse=True):
            leaving = [child for child in reversed(self.children) if child.floor == floor and child.process]
            for child in leaving:
                child.ask()
            for child in leaving:
                child.finish()


def sweep_group(group: int) -> None:
    """End what a child that is gone left in its process group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def describe(returncode: int) -> str:
    return f"exit {returncode}" if returncode >= 0 else signal.Signals(-returncode).name


def birth(pid: int) -> int | None:
    """When a process began, in ticks since boot: with its number it is unmistakable. None when it is gone."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            state, *rest = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if state == "Z" else int(rest[18])


def outlive(orphans: dict[str, tuple[int, int]], patience: float, say: Callable[[str], None]) -> None:
    """Wait for the children of a killed supervisor; the kernel told them to go, the slow are ended."""
    begun = time.monotonic()
    deadline, telling = begun + patience, begun + min(patience, 1.0) / 2
    alive = dict(orphans)
    while alive:
        alive = {name: one for name, one in alive.items() if birth(one[0]) == one[1]}
        if alive and time.monotonic() > telling:
            say(f"Waiting for what an earlier run left behind: {', '.join(sorted(alive))}.")
            telling = float("inf")
        if time.monotonic() > deadline:
            for pid, _ in alive.values():
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
                sweep_group(pid)
            return
        time.sleep(0.1)

"""The supervisor restarts what dies, ends what it started, and outlives the mess of one that was killed."""

import os
import signal
import subprocess
import sys
import time

from config.servers import spawn
from config.supervisor import Child, Supervisor, birth, outlive

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def until(condition, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def supervisor_of(*children: Child) -> Supervisor:
    supervisor = Supervisor(say=lambda sentence: None, changed=lambda pids: None)
    for child in children:
        supervisor.add(child)
    return supervisor


def test_a_dead_child_is_started_again_after_a_pause():
    child = Child("sleeper", lambda: spawn(SLEEPER), pause=0.05)
    supervisor = supervisor_of(child)
    first = child.process.pid
    child.process.kill()
    assert until(lambda: child.look_after(lambda sentence: None))
    assert child.process.pid != first
    supervisor.stop()


def test_the_pause_doubles_while_a_child_keeps_dying():
    child = Child("failing", lambda: spawn(["false"]), pause=0.01)
    supervisor_of(child)
    said = []
    assert until(lambda: child.look_after(said.append) is None or len(said) >= 4)
    assert [sentence.split(" in ")[1] for sentence in said[:4]] == ["0.02 s.", "0.04 s.", "0.08 s.", "0.16 s."]


def test_stopping_goes_from_the_top_floor_down_and_leaves_nobody():
    children = [Child(f"floor {floor}", lambda: spawn(SLEEPER), floor=floor) for floor in (0, 1, 1)]
    supervisor = supervisor_of(*children)
    asked = []
    for child in children:
        child.ask = lambda child=child, ask=child.ask: asked.append(child.floor) or ask()
    supervisor.stop()
    assert asked == [1, 1, 0]
    assert not any(birth(child.process.pid) for child in children)


def test_a_child_that_does_not_listen_is_ended_with_its_own_children():
    deaf = "import signal, subprocess, time; signal.signal(15, signal.SIG_IGN);"
    deaf += "print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
    start = lambda: spawn([sys.executable, "-c", deaf], stdout=subprocess.PIPE)  # noqa: E731
    child = Child("deaf", start, patience=0.1)
    child.launch()
    grandchild = int(child.process.stdout.readline())
    child.ask()
    child.finish()
    assert until(lambda: birth(grandchild) is None)


def test_children_end_with_a_parent_that_is_killed():
    script = (
        "from config.servers import spawn; import time; print(spawn(['sleep', '60']).pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    child = int(parent.stdout.readline())
    assert birth(child)
    parent.kill()
    parent.wait()
    assert until(lambda: birth(child) is None)


def test_a_child_hears_the_kernel_though_its_starter_ignores_the_signal():
    script = (
        "import signal; [signal.signal(sign, signal.SIG_IGN) for sign in (2, 3, 15)];"
        "from config.servers import spawn; import time;"
        "print(spawn(['sleep', '60'], dies_by=signal.SIGQUIT).pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    assert until(lambda: birth(child) is None)


def test_orphans_are_waited_for_and_then_ended():
    orphan = spawn(["sleep", "60"])
    stranger, said = os.getpid(), []
    outlive({"orphan": (orphan.pid, birth(orphan.pid)), "reused": (stranger, 1)}, 0.5, said.append)
    assert orphan.wait(5) == -signal.SIGKILL
    assert said == ["Waiting for what an earlier run left behind: orphan."]

"""Whatever ends the owner ends its children, and their children too."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]

# An owner with two children: real servers, and a process that ignores the stop signal and
# has a child of its own, like a worker in the middle of a task.
OWNER = """
import os, signal, sys, time
from pathlib import Path
from devstack import guard
from devstack.servers import Stack

# A shell lets its background jobs ignore Ctrl-C, and `make test &` is one.
signal.signal(signal.SIGINT, signal.default_int_handler)
stack = Stack(Path(sys.argv[1]), durable=False)
stack.start({})
stubborn = '''
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
time.sleep(600)
'''
plain = "import os, time; os.fork(); time.sleep(600)"
script = stubborn if sys.argv[2] == "stubborn" else plain
stack.processes.spawn("worker", [sys.executable, "-c", script])
print("up", flush=True)
try:
    while True:
        time.sleep(0.1)
except KeyboardInterrupt:
    stack.stop()
"""


@pytest.fixture
def directory(new_directory: Callable[[str], Path]) -> Path:
    return new_directory("servers")


@contextlib.contextmanager
def owner_of(directory: Path, kind: str) -> Iterator[tuple[psutil.Process, list[psutil.Process]]]:
    """A running owner, and every process below it (guard included)."""
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(directory), kind], cwd=ROOT, stdout=subprocess.PIPE
    )
    try:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"up\n"
        process = psutil.Process(owner.pid)
        assert until(lambda: len(workers(process)) == 2, seconds=30)
        yield process, process.children(recursive=True)
    finally:
        owner.kill()
        owner.wait()


def workers(owner: psutil.Process) -> list[psutil.Process]:
    """The child named worker and its own child."""
    return [each for each in owner.children(recursive=True) if "time.sleep(600)" in command(each)]


def command(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def until(condition: Callable[[], bool], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def all_gone(processes: list[psutil.Process]) -> bool:
    return not any(
        process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes
    )


def test_kill_of_the_owner_leaves_no_process(directory: Path) -> None:
    with owner_of(directory, "plain") as (owner, below):
        assert len(below) >= 5  # guard, postgres and its own, valkey, worker and its child
        owner.send_signal(signal.SIGKILL)
        assert until(lambda: all_gone(below), seconds=30), [command(each) for each in below]


def test_a_child_that_ignores_the_signal_is_killed_with_its_children(directory: Path) -> None:
    with owner_of(directory, "stubborn") as (owner, below):
        stubborn = workers(owner)
        owner.send_signal(signal.SIGKILL)
        assert until(lambda: all_gone(below), seconds=30), [command(each) for each in stubborn]


def test_interrupt_stops_everything_in_order(directory: Path) -> None:
    with owner_of(directory, "plain") as (owner, below):
        owner.send_signal(signal.SIGINT)
        assert owner.wait(timeout=60) == 0
        assert until(lambda: all_gone(below), seconds=10)
        log = (directory / "postgres.log").read_text()
        assert "received fast shutdown request" in log
        assert "database system is shut down" in log


def test_the_next_start_waits_for_the_guard_of_a_killed_one(directory: Path) -> None:
    with owner_of(directory, "plain") as (owner, below):
        owner.send_signal(signal.SIGKILL)
        owner.wait(timeout=30)
        with owner_of(directory, "plain"):
            assert all_gone(below)


def test_guard_deletes_scratch_directories_when_its_owner_is_gone(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    (scratch / "deep").mkdir(parents=True)
    read, write = os.pipe()
    guard = subprocess.Popen([sys.executable, "-I", "-S", ROOT / "devstack/guard.py"], stdin=read)
    os.close(read)
    os.write(write, f"scratch {scratch}\n".encode())
    assert scratch.exists()
    os.close(write)
    assert guard.wait(timeout=30) == 0
    assert not scratch.exists()

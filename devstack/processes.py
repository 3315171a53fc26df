"""Child processes that never outlive their owner.

Every child runs in a session of its own: a Ctrl-C at the terminal reaches the owner alone,
which then stops the children in reverse order of their start. If the owner is killed, the
kernel signals each child (Linux) and the guard (devstack/guard.py) ends their whole groups.
"""

import contextlib
import ctypes
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from devstack import guard

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
TICK = 0.05
PATIENCE = 20.0  # seconds that a child gets to stop in its own way


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine, other than root, that a server runs as."""

    uid: int
    gid: int


@dataclass(slots=True)
class Child:
    """A running process: the leader of a group of its own."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    log: Path | None = None  # where its messages are; None: on the terminal

    @property
    def end(self) -> str:
        """How it ended, and where one reads why: "worker (killed by SIGKILL): see …"."""
        status = self.process.returncode
        how = f"killed by {signal.Signals(-status).name}" if status < 0 else f"status {status}"
        return f"{self.name} ({how}): see {self.log or 'the lines above'}"


def _carry_on() -> None:
    """The pulse of an owner that is never asked to stop while it waits."""


@dataclass(slots=True)
class Processes:
    """The children of one owner.

    `held` is a file descriptor that stays open in the guard until they are all gone.
    `pulse` is called while waiting; what it raises ends the wait.
    """

    held: int | None = None
    pulse: Callable[[], None] = _carry_on
    children: list[Child] = field(default_factory=list)
    _guard: subprocess.Popen[bytes] | None = None

    def spawn(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        stop_signal: signal.Signals = signal.SIGTERM,
        environment: Mapping[str, str] | None = None,
        output: int | IO[bytes] | None = None,
        account: Account | None = None,
        directory: Path | None = None,
        log: Path | None = None,
        files: Sequence[int] = (),
    ) -> Child:
        """Start a child. `output` receives both of its streams (default: the owner's).

        `log` is where one reads why it ended, `files` are descriptors that it inherits.
        """
        self._start_guard()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            cwd=directory,
            start_new_session=True,
            preexec_fn=_signalled_with_the_owner(stop_signal),  # noqa: PLW1509  two system calls
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            pass_fds=files,
        )
        child = Child(name, process, stop_signal, log)
        self.children.append(child)
        self._tell(f"watch {process.pid} {int(stop_signal)}")
        return child

    def run(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        directory: Path | None = None,
    ) -> int:
        """Run a child to its end and return its exit status."""
        child = self.spawn(name, command, environment=environment, directory=directory)
        self.wait_until(lambda: child.process.poll() is not None)
        self.forget(child)
        return child.process.returncode

    def wait_until(self, ready: Callable[[], bool], *, seconds: float = math.inf) -> bool:
        """Wait for a condition; False if it did not come true in time."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.pulse()
            if time.monotonic() > deadline:
                return False
            time.sleep(TICK)
        return True

    def ended(self) -> list[str]:
        """The ends of children that are no longer running."""
        ended = [child.end for child in self.children if child.process.poll() is not None]
        if self._guard is not None and self._guard.poll() is not None:
            ended.append("guard: it was killed")
        return ended

    def forget(self, child: Child) -> None:
        """A child has ended by itself: nothing of it is left to stop."""
        guard.signal_group(child.process.pid, signal.SIGKILL)
        self.children.remove(child)
        self._tell(f"forget {child.process.pid}")

    def delete_at_the_end(self, directory: Path) -> None:
        """Have the guard delete a directory once the owner is gone."""
        self._start_guard()
        self._tell(f"scratch {directory}")

    def stop(self) -> None:
        """Stop all children, the newest first, and then whatever they left behind."""
        for child in reversed(self.children[:]):
            if child.process.poll() is None:
                child.process.send_signal(child.stop_signal)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(PATIENCE)
            guard.signal_group(child.process.pid, signal.SIGKILL)
            child.process.wait()
            self.forget(child)
        if self._guard is not None and self._guard.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._guard.stdin.close()
            self._guard.wait()
            self._guard = None

    def _start_guard(self) -> None:
        if self._guard is None:
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", guard.__file__],
                stdin=subprocess.PIPE,
                cwd="/",
                start_new_session=True,
                pass_fds=() if self.held is None else (self.held,),
            )

    def _tell(self, order: str) -> None:
        if self._guard is not None and self._guard.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # `ended` reports that it is gone
                self._guard.stdin.write(f"{order}\n".encode())
                self._guard.stdin.flush()


def _signalled_with_the_owner(number: signal.Signals) -> Callable[[], None]:
    """What a child does before its program starts: ask for a signal at its owner's death.

    Linux only, and bound to the thread that starts the child: start servers from the main
    thread. A child whose owner died meanwhile ends at once.
    """
    owner = os.getpid()

    def prepare() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, int(number))
            if os.getppid() != owner:
                os._exit(1)

    return prepare

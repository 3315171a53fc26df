"""`make run` from the first start to the last process, in a checkout whose path has a space."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil

from devstack.state import free_port
from qa.demo.people import PASSWORD, PEOPLE

SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "MAKELEVEL")


def start(checkout: Path, port: int) -> subprocess.Popen[str]:
    environment = {key: value for key, value in os.environ.items() if key not in SERVERS}
    return subprocess.Popen(
        [sys.executable, "-m", "devstack.run"],
        cwd=checkout,
        env={**environment, "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextlib.contextmanager
def running(checkout: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A run that has come all the way up, and the lines that it has printed."""
    process = start(checkout, port)
    assert process.stdout is not None
    printed = []
    try:
        for line in process.stdout:
            printed.append(line)
            if "Ctrl-C stops everything" in line:
                break
        assert process.poll() is None, "".join(printed)
        yield process, printed
    finally:
        process.kill()
        process.wait()


def status(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return int(answer.status)


def gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=30)
    return not alive


def test_first_start_loads_the_demo_ctrl_c_stops_all_and_the_next_start_keeps_the_data(
    checkout: Path,
) -> None:
    port = free_port()
    with running(checkout, port) as (run, lines):
        printed = "".join(lines)
        assert f"http://localhost:{port}" in printed
        assert PASSWORD in printed
        assert all(printed.count(person.email) == 1 for person in PEOPLE)
        assert [status(port, path) for path in ("/", "/healthz", "/readyz")] == [200, 200, 200]

        second = start(checkout, port)
        message, _ = second.communicate(timeout=60)
        assert second.returncode == 1
        assert f"runs already on {checkout / '.data'} (process {run.pid})" in message

        below = psutil.Process(run.pid).children(recursive=True)
        run.send_signal(signal.SIGINT)
        rest, _ = run.communicate(timeout=60)
        assert run.returncode == 0
        assert "Stopped." in rest
        assert gone(below)
        assert not (checkout / ".data" / "stack.env").exists()

    with running(checkout, port) as (run, lines):
        assert "Loading the demo" not in "".join(lines)
        assert PASSWORD in "".join(lines)
        below = psutil.Process(run.pid).children(recursive=True)
        run.kill()
        assert gone(below)


def test_the_end_of_one_process_is_the_end_of_all(checkout: Path) -> None:
    with running(checkout, free_port()) as (run, _):
        below = psutil.Process(run.pid).children(recursive=True)
        next(child for child in below if "celery" in child.cmdline()).kill()
        rest, _ = run.communicate(timeout=60)
        assert run.returncode == 1
        assert "Ended unexpectedly: worker" in rest
        assert gone(below)


def test_a_port_that_is_taken_or_none_is_told_in_one_sentence(checkout: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = start(checkout, port)
        message, _ = run.communicate(timeout=60)
    assert run.returncode == 1
    assert message == (
        f"Port {port} is taken by another program. Choose another: make run PORT={port + 1}\n"
    )
    run = start(checkout, 70000)
    message, _ = run.communicate(timeout=60)
    assert message == "PORT=70000 is not a port: choose a number from 1 to 65535.\n"

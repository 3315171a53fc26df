"""`make run` from the first start to the last process, in a checkout whose path has a space."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from devstack.ports import free_port
from qa.demo.people import PASSWORD, PEOPLE

SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "MAKELEVEL")

# What a shell may name, and nothing of which is meant for us.
MISLEADING = {"http_proxy": "http://127.0.0.1:1", "DJANGO_SETTINGS_MODULE": "other.settings"}


def start(checkout: Path, port: int | str) -> subprocess.Popen[str]:
    environment = {key: value for key, value in os.environ.items() if key not in SERVERS}
    return subprocess.Popen(
        [sys.executable, "-m", "devstack.run"],
        cwd=checkout,
        env={**environment, "PORT": str(port), **MISLEADING},
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


def status(port: int, path: str, host: str = "127.0.0.1") -> int:
    with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=10) as answer:
        return int(answer.status)


def fails(checkout: Path, port: int | str) -> str:
    """What a run says that can't begin."""
    run = start(checkout, port)
    said, _ = run.communicate(timeout=60)
    assert run.returncode == 1
    return said


def manage(checkout: Path, *arguments: str) -> str:
    """A command in a second terminal, which has none of the variables."""
    environment = {key: value for key, value in os.environ.items() if key not in SERVERS}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.check_output(command, cwd=checkout, env=environment, text=True)


def gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=30)
    return not alive


def test_a_first_start_on_which_the_demo_fails_serves_says_so_and_a_second_try_loads_it(
    checkout: Path,
) -> None:
    port = free_port()
    reviews = checkout / "qa" / "demo" / "reviews.json"
    written = reviews.read_text()
    reviews.write_text(written.replace("No rush.", "No such words."))
    with running(checkout, port) as (run, lines):
        printed = "".join(lines)
        assert f"http://localhost:{port}" in printed
        assert "The demo's note on call-2008 quotes other words." in printed
        assert "Traceback" not in printed
        assert "The demo organization is not loaded" in printed
        assert "`.venv/bin/python manage.py demo`" in printed
        assert [status(port, path) for path in ("/", "/healthz", "/readyz")] == [200, 200, 200]
        with contextlib.suppress(urllib.error.URLError):  # where this machine has no IPv6
            assert status(port, "/healthz", host="[::1]") == 200

        reviews.write_text(written)
        printed = manage(checkout, "demo")
        assert "Loaded; 14 interactions" in printed
        assert PASSWORD in printed
        assert all(printed.count(person.email) == 1 for person in PEOPLE)

        below = psutil.Process(run.pid).children(recursive=True)
        message = fails(checkout, free_port())
        assert f"runs already on {checkout / '.data'} (process {run.pid})" in message
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
        assert "Ended unexpectedly: worker (killed by SIGKILL): see the lines above." in rest
        assert gone(below)


@pytest.mark.parametrize(
    ("family", "host"),
    [
        (socket.AF_INET, "127.0.0.1"),
        (socket.AF_INET, "0.0.0.0"),  # noqa: S104
        (socket.AF_INET6, "::1"),
        (socket.AF_INET6, "::"),
    ],
)
def test_a_port_that_another_program_answers_on_is_refused_with_the_way_out(
    checkout: Path, family: socket.AddressFamily, host: str
) -> None:
    with socket.socket(family) as taken:
        if family == socket.AF_INET6:
            taken.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            taken.bind((host, 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
        taken.listen()
        port = taken.getsockname()[1]
        said = fails(checkout, port)
    found = re.fullmatch(
        rf"Port {port} is taken by another program. Take another: PORT=(\d+) make run\n", said
    )
    assert found, said
    assert port < int(found[1]) < 65536


@pytest.mark.parametrize("port", ["70000", "0", "abc", "-1", "80.5"])
def test_what_is_no_port_is_told(checkout: Path, port: str) -> None:
    assert fails(checkout, port) == (
        f"PORT={port} is not a port: choose a number from 1 to 65535.\n"
    )


def test_the_last_port_there_is_has_none_above_it(checkout: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 65535))
        taken.listen()
        assert fails(checkout, 65535).endswith("Take another: PORT=8000 make run\n")

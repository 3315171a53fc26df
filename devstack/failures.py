"""What goes wrong on somebody's machine, in one sentence with the way out.

Imports the standard library only: the installer uses it before anything is installed.
"""

import errno
import os
import platform
import pwd
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
FULL = (errno.ENOSPC, errno.EDQUOT)
# What pip and uv say of a package that has no wheel for this machine.
NO_WHEEL = re.compile(
    r"No matching distribution found for ([\w.\[\]-]+==[\w.+]+)"
    r"|Because ([\w.\[\]-]+==[\w.+]+) has no (?:usable )?wheels"
)
NO_NETWORK = re.compile(r"NewConnectionError|ConnectTimeout|Retrying \(|dns error|Request failed")
NO_SPACE = re.compile(r"No space left on device|os error 28|Disk quota exceeded")


@contextmanager
def in_one_sentence(root: Path) -> Iterator[None]:
    """Let a file that can't be written end the program with a sentence, not with a traceback."""
    try:
        yield
    except OSError as error:
        where = Path(os.fsdecode(error.filename or root))
        if error.errno in NOT_ALLOWED:
            raise SystemExit(no_access(where)) from None
        if error.errno in FULL:
            raise SystemExit(f"The disk of {where} is full: make room and start again.") from None
        raise


def no_access(path: Path) -> str:
    """Whose it is, and how it becomes one's own."""
    if os.geteuid() == 0:
        return f"{path} can't be written, not even by root: is its disk mounted read-only?"
    return (
        f"{_name(os.geteuid())} may not write to {path}, which belongs to {_owner(path)}. Run this "
        "in a clone of your own, or take this one over: sudo chown -R $(id -un) ."
    )


def refuse_closed(root: Path) -> None:
    """Refuse to begin in a directory that can't be written."""
    if not os.access(root, os.W_OK | os.X_OK):
        raise SystemExit(no_access(root))


def refuse_short_disk(directory: Path, needed: int, purpose: str) -> None:
    """Refuse to begin what would fill the disk; `needed` in MB."""
    free = shutil.disk_usage(directory).free // 1_000_000
    if free < needed:
        raise SystemExit(
            f"{purpose} takes {needed} MB, and the disk of {directory} has {free} MB left: "
            "make room and start again."
        )


def why_not_installed(said: str) -> str:
    """What pip or uv had to say, in one sentence."""
    if NO_SPACE.search(said):
        return "The disk is full: make room and start again."
    if NO_NETWORK.search(said):
        return "The Python packages could not be downloaded: is there a network, or a proxy to set?"
    if found := NO_WHEEL.search(said):
        return (
            f"There is no package of {found[1] or found[2]} for this machine ({this_machine()}): "
            "Heard runs on Linux with glibc 2.28 or newer (x86-64, ARM) and on macOS 14 or newer "
            "(Apple silicon), with Python 3.11 or newer; a very new Python may be too new."
        )
    return "The Python packages could not be installed: see the messages above."


def this_machine() -> str:
    """ "Linux x86_64, glibc 2.36, Python 3.11": what a wheel must fit."""
    library = " ".join(platform.libc_ver()) or "not glibc"
    system = f"macOS {platform.mac_ver()[0]}" if sys.platform == "darwin" else platform.system()
    parts = [f"{system} {platform.machine()}", f"Python {platform.python_version()}"]
    if sys.platform == "linux":
        parts.insert(1, library)
    return ", ".join(parts)


def _owner(path: Path) -> str:
    there = next(place for place in (path, *path.absolute().parents) if os.path.lexists(place))
    return _name(there.lstat().st_uid)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"

"""The state directory of the embedded servers: who may enter, secrets, ports, the lock."""

import contextlib
import fcntl
import os
import pwd
import secrets
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from devstack.failures import no_access
from devstack.ports import free_port, port_is_free
from devstack.processes import Account

NOT_AS_ROOT = (
    "PostgreSQL does not run as root: start this as an ordinary user, or name servers of your own "
    "in DATABASE_URL and REDIS_URL."
)
FALLBACK = Path("/var/tmp")  # noqa: S108  a directory of ours is made inside, owner checked


@dataclass(slots=True)
class State:
    """A directory that keeps data, secrets and ports from one start to the next.

    `account` is None for an ordinary user; root gets the account that servers run as. `owner` and
    `lock` are the two files that are locked: see `_take_locks`.
    """

    path: Path
    account: Account | None
    owner: int
    lock: int

    def secret(self, name: str) -> str:
        """A password, made up at its first use."""
        path = self.path / f"{name}.secret"
        if not path.exists():
            self.write(path, secrets.token_urlsafe(32))
        return path.read_text()

    def port(self, name: str) -> int:
        """The port of the last start if it is free, else another, which is kept."""
        path = self.path / f"{name}.port"
        kept = _number(path.read_text()) if path.exists() else 0
        port = kept if kept and port_is_free(kept) else free_port()
        self.write(path, str(port))
        return port

    def write(self, path: Path, text: str) -> None:
        """Write a file that only its owner reads; a reader never finds half of it."""
        scratch = path.with_name(f"{path.name}.new")
        scratch.unlink(missing_ok=True)
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        scratch.replace(path)

    def give(self, path: Path) -> None:
        """Make the servers' account the owner of a path."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def can_run(self, program: Path) -> bool:
        """True if the servers' account can start a program of PostgreSQL."""
        try:
            return self.run_unprivileged([program, "--version"]).returncode == 0
        except OSError:
            return False

    def run_unprivileged(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[bytes]:
        """Run a command as the servers' account and keep what it prints."""
        return run_as(self.account, command)

    def release(self) -> None:
        """Let another start use the directory."""
        os.close(self.lock)
        os.close(self.owner)


def open_state(directory: Path) -> State:
    """Make or take over a state directory, for this process alone.

    Raises SystemExit where another process uses it.
    """
    path = _make(directory.resolve())
    _refuse_anothers(path)
    account = _account(path)
    if account and not _can_enter(account, path):
        path = _elsewhere(path)
        account = _account(path)
    owner, lock = _take_locks(path)
    return State(path=path, account=account, owner=owner, lock=lock)


def run_as(
    account: Account | None, command: Sequence[str | Path]
) -> subprocess.CompletedProcess[bytes]:
    """Run a command as an account, from a directory that every account can enter."""
    return subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd="/",
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def _make(path: Path) -> Path:
    """Create the directory: closed, except where root's servers must pass through it."""
    path.mkdir(parents=True, exist_ok=True)
    if path.stat().st_uid == os.geteuid():
        path.chmod(0o755 if os.geteuid() == 0 else 0o700)
    return path


def _refuse_anothers(path: Path) -> None:
    """Refuse what another account, such as root, has left here: servers would fail on it later."""
    if os.geteuid():
        for place in (path, *path.iterdir()):
            if place.lstat().st_uid != os.geteuid():
                raise SystemExit(no_access(place))


def _elsewhere(path: Path) -> Path:
    """Stand-in for a directory below a home that the servers' account cannot enter."""
    other = FALLBACK / ("heard-" + str(path).strip("/").replace("/", "-"))
    with contextlib.suppress(FileExistsError):
        other.mkdir()
    if other.is_symlink() or not other.is_dir() or other.stat().st_uid != os.geteuid():
        raise SystemExit(f"{other} belongs to somebody else: remove it, or set DATABASE_URL.")
    return _make(other)


def _account(path: Path) -> Account | None:
    """Who the servers run as: the owner of the cluster that is there, else a system account."""
    if os.geteuid():
        return None
    for cluster in path.glob("pgdata-*"):
        owner = cluster.stat()
        if owner.st_uid:
            return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise SystemExit(f"There is no account `nobody`. {NOT_AS_ROOT}")


def _can_enter(account: Account, path: Path) -> bool:
    listing = shutil.which("ls") or "/bin/ls"
    try:
        return run_as(account, [listing, "-d", f"{path}/."]).returncode == 0
    except OSError:  # a root of a container, perhaps, that is none
        raise SystemExit(f"Root may take no other account here. {NOT_AS_ROOT}") from None


def _take_locks(path: Path) -> tuple[int, int]:
    """Lock the directory for us, and for the guard that clears away after us.

    Locks end with their processes, so a number that was left in a file means nothing. `owner` is
    locked by us alone: where it is free and `lock` is not, the owner was killed, and its guard
    needs a moment more.
    """
    owner, lock = (_open(path / name) for name in ("owner", "lock"))
    if not _locked(owner):
        number = os.pread(owner, 20, 0).decode(errors="replace").strip()
        raise SystemExit(f"Heard runs already on {path} (process {number}): stop that one first.")
    os.ftruncate(owner, 0)
    os.pwrite(owner, str(os.getpid()).encode(), 0)
    deadline = time.monotonic() + 30
    while not _locked(lock):
        if time.monotonic() > deadline:
            raise SystemExit(
                f"Servers of an earlier run on {path} have not ended: stop them first."
            )
        time.sleep(0.1)
    return owner, lock


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _locked(file: int) -> bool:
    """True if the file is ours now."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _number(text: str) -> int:
    """The number in a file; 0 for one that was cut off."""
    return int(text) if text.strip().isdecimal() else 0

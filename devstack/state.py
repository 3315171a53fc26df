"""The state directory of the embedded servers: who may enter, secrets, ports, the lock."""

import contextlib
import fcntl
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from devstack.processes import Account

FALLBACK = Path("/var/tmp")  # noqa: S108  a directory of ours is made inside, owner checked


@dataclass(slots=True)
class State:
    """A directory that keeps data, secrets and ports from one start to the next.

    `account` is None for an ordinary user; root gets the account that servers run as.
    """

    path: Path
    account: Account | None
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
        kept = int(path.read_text()) if path.exists() else 0
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
        """Whether the servers' account can start a program of PostgreSQL."""
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


def open_state(directory: Path) -> State:
    """Make or take over a state directory, for this process alone.

    Raises SystemExit where another process uses it.
    """
    path = _make(directory.resolve())
    account = _account(path)
    if account and not _can_enter(account, path):
        path = _elsewhere(path)
        account = _account(path)
    return State(path=path, account=account, lock=_take_lock(path))


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


def free_port() -> int:
    """A TCP port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _make(path: Path) -> Path:
    """Create the directory: closed, except where root's servers must pass through it."""
    path.mkdir(parents=True, exist_ok=True)
    if path.stat().st_uid == os.geteuid():
        path.chmod(0o755 if os.geteuid() == 0 else 0o700)
    return path


def _elsewhere(path: Path) -> Path:
    """Stand-in for a directory below a home that the servers' account cannot enter."""
    other = FALLBACK / ("heard-" + str(path).strip("/").replace("/", "-"))
    other.mkdir(exist_ok=True)
    if other.is_symlink() or other.stat().st_uid != os.geteuid():
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
    raise SystemExit("PostgreSQL does not run as root, and there is no account 'nobody'.")


def _can_enter(account: Account, path: Path) -> bool:
    listing = shutil.which("ls") or "/bin/ls"
    return run_as(account, [listing, "-d", f"{path}/."]).returncode == 0


def _take_lock(path: Path) -> int:
    """Lock the directory. The guard of an owner that was killed may need a moment more."""
    lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + 30
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            owner = int(os.pread(lock, 20, 0) or b"0")
            if _is_alive(owner) or time.monotonic() > deadline:
                os.close(lock)
                raise SystemExit(
                    f"Heard runs already on {path} (process {owner}): stop that one first."
                ) from None
            time.sleep(0.1)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process > 0

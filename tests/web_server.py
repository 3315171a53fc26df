"""The real web server on the test database, as `make run` starts it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server

from devstack.pytest_plugin import process_environment
from devstack.run import web_command

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def web_server(**environment: str) -> Iterator[int]:
    """A fresh web server; gives its port, which queues at once."""
    with create_server(("127.0.0.1", 0), backlog=128) as listening:
        port: int = listening.getsockname()[1]
        running = subprocess.Popen(
            web_command(f"fd://{listening.fileno()}"),
            cwd=ROOT,
            env={**process_environment(), "SECURE": "false", **environment},
            pass_fds=[listening.fileno()],
            stderr=subprocess.DEVNULL,
        )
        try:
            yield port
        finally:
            running.terminate()
            running.wait(timeout=60)

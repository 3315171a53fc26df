"""Answers that come before the body is read reach a client that is still sending."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from devstack.pytest_plugin import process_environment

ROOT = Path(__file__).resolve().parents[2]
BULK = b"POST /api/v1/interactions/bulk/ HTTP/1.1\r\nHost: localhost\r\n"
KEY = b"Authorization: Bearer no.key\r\nContent-Type: application/x-ndjson\r\n"
PIECE = b"x" * 64 * 1024
PIECES = 128  # 8 MB: far more than the buffers of two sockets hold


@contextmanager
def web_server() -> Iterator[int]:
    """A fresh web server as `make run` starts it; gives its port, which queues at once."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        options = ["--bind", f"fd://{listening.fileno()}", "--worker-class", "gthread"]
        options += ["--workers", "1", "--threads", "2", "--no-control-socket"]
        running = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "qa.wsgi:application", *options],
            cwd=ROOT,
            env={**process_environment(), "SECURE": "false"},
            pass_fds=[listening.fileno()],
            stderr=subprocess.DEVNULL,
        )
        try:
            yield port
        finally:
            running.terminate()
            running.wait(timeout=30)


def chunked() -> Iterator[bytes]:
    yield BULK + KEY + b"Transfer-Encoding: chunked\r\n\r\n"
    for _ in range(PIECES):
        yield b"%x\r\n%s\r\n" % (len(PIECE), PIECE)
    yield b"0\r\n\r\n"


def of_known_length() -> Iterator[bytes]:
    yield BULK + KEY + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % (len(PIECE) * PIECES)
    for _ in range(PIECES):
        yield PIECE


def sent(connection: socket.socket, pieces: Iterator[bytes]) -> bytes:
    """Send everything without a look at what comes back; then read the answer's first line."""
    for piece in pieces:
        connection.sendall(piece)
    with connection.makefile("rb") as answer:
        return answer.readline()


@pytest.mark.django_db(transaction=True)
def test_a_refusal_reaches_a_client_that_sends_to_the_end_before_it_listens() -> None:
    with web_server() as port:
        for request in (chunked, of_known_length):
            with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
                assert sent(connection, request()) == b"HTTP/1.1 401 Unauthorized\r\n"


@pytest.mark.django_db(transaction=True)
def test_the_connection_serves_another_request_after_an_early_answer() -> None:
    with (
        web_server() as port,
        socket.create_connection(("127.0.0.1", port), timeout=60) as connection,
    ):
        for piece in chunked():
            connection.sendall(piece)
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        with connection.makefile("rb") as answers:
            told = answers.read()
    assert told.startswith(b"HTTP/1.1 401 ")
    assert b"HTTP/1.1 200 OK" in told

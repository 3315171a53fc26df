"""Answers that come before the body is read reach a client that is still sending."""

import socket
from collections.abc import Iterator

import pytest

from tests.web_server import web_server

BULK = b"POST /api/v1/interactions/bulk/ HTTP/1.1\r\nHost: localhost\r\n"
KEY = b"Authorization: Bearer no.key\r\nContent-Type: application/x-ndjson\r\n"
PIECE = b"x" * 64 * 1024
PIECES = 128  # 8 MB: far more than the buffers of two sockets hold


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

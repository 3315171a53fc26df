"""Bodies that nobody read: taken in after an early answer, so that its sender hears the answer.

A key that is not valid, a wrong address or a fault is answered before the body is read. A client
that is still sending does not listen yet, and the server closes the connection over what is left
unread (gunicorn lets by 64 KB): the client meets a broken pipe and never learns why. So what is
left is read and forgotten, up to a limit of bytes and of time.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PIECE: Final = 64 * 1024
LET_BY: Final = 128 * 1024 * 1024  # bytes
PATIENCE: Final = 20.0  # seconds that a thread spends on it


def hear_out(application: WSGIApplication) -> WSGIApplication:
    """An application whose early answers reach clients that are still sending."""

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = application(environ, start_response)
        return _Answer(answer, environ) if _has_body(environ) else answer

    return answered


class _Answer:
    """An answer that, once it is sent, takes in what is left of the request."""

    def __init__(self, answer: Iterable[bytes], environ: WSGIEnvironment) -> None:
        self.answer = answer
        self.environ = environ

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.answer)

    def close(self) -> None:
        """End the answer, which frees its database connection, then read on."""
        if hasattr(self.answer, "close"):
            self.answer.close()
        _take_in(self.environ)


def _has_body(environ: WSGIEnvironment) -> bool:
    """Whether a body comes whose end the server marks: reading behind it would wait for ever."""
    stated = environ.get("CONTENT_LENGTH") or environ.get("HTTP_TRANSFER_ENCODING")
    return bool(environ.get("wsgi.input_terminated") and stated and stated != "0")


def _take_in(environ: WSGIEnvironment) -> None:
    body, sock = environ["wsgi.input"], environ.get("gunicorn.socket")
    before = sock.gettimeout() if sock else None
    deadline, left = time.monotonic() + PATIENCE, LET_BY
    try:
        while left > 0 and (seconds := deadline - time.monotonic()) > 0:
            if sock:
                sock.settimeout(seconds)
            piece = body.read(PIECE)
            if not piece:
                return
            left -= len(piece)
    except Exception:  # noqa: S110 (sent badly or not at all: the answer stands)
        pass
    finally:
        _set_back(sock, before)


def _set_back(sock: Any, timeout: float | None) -> None:
    if sock:
        with suppress(OSError):  # closed meanwhile
            sock.settimeout(timeout)

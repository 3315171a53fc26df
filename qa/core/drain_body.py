"""Bodies that nobody read, and bodies that do not come: what their senders are told.

A key that is not valid, a wrong address or a fault is answered before the body is read. A client
that is still sending does not listen yet, and the server closes the connection over what is left
unread (gunicorn lets by 64 KB): the client meets a broken pipe and never learns why. So what is
left is read and forgotten, up to a limit of bytes and of time.

A body that was asked for and did not come in its time (qa/core/patient_worker.py) is answered with
408, whatever the application made of it.
"""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from http import HTTPStatus
from types import TracebackType
from typing import Any, Final, TypeAlias
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PIECE: Final = 64 * 1024
MAX_BYTES: Final = 128 * 1024 * 1024  # bytes
MAX_SECONDS: Final = 20.0  # seconds that a thread spends on it
API: Final = "/api/"
DETAILS: Final = {
    408: "The request did not arrive in time. Nothing of it was done unless it is a stream of "
    "lines, of which the first may be kept. Send it again, whole.",
    431: "The head of the request is too large.",
}

Headers: TypeAlias = list[tuple[str, str]]
Raised: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
)


def drain_unread_body(application: WSGIApplication) -> WSGIApplication:
    """An application whose early answers reach clients that are still sending."""

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not _has_body(environ):
            return application(environ, start_response)
        body = environ["wsgi.input"] = _Body(environ["wsgi.input"])
        held = _Held()
        answer = application(environ, held)
        if body.late:
            if hasattr(answer, "close"):
                answer.close()
            headers, content = _explained(408, str(environ.get("PATH_INFO", "")))
            start_response(_words(408), headers)
            return [content]
        start_response(held.status, held.headers)
        return _Answer(answer, environ)

    return answered


def refusal(status: int, path: str) -> bytes:
    """An answer as the server's loop sends it, to whom no application has listened."""
    headers, content = _explained(status, path)
    lines = [f"HTTP/1.1 {_words(status)}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + content


def _words(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"


def _explained(status: int, path: str) -> tuple[Headers, bytes]:
    """Why a request was refused: a problem (RFC 9457) for programs, a sentence for people."""
    content, kind = DETAILS[status], "text/plain; charset=utf-8"
    if path.startswith(API):
        title = HTTPStatus(status).phrase
        code = title.lower().replace(" ", "_")
        problem = {"type": "about:blank", "title": title, "status": status}
        content = json.dumps({**problem, "detail": content, "code": code, "errors": []})
        kind = "application/problem+json"
    return [("Content-Type", kind), ("Content-Length", str(len(content)))], content.encode()


class _Held:
    """The start of an answer, until it is known whether it is the one to give."""

    status = ""
    headers: Headers

    def __call__(self, status: str, headers: Headers, exc_info: Raised | None = None, /) -> Any:
        self.status, self.headers = status, headers


class _Body:
    """A request's body; `late` once it was waited for in vain."""

    def __init__(self, source: Any) -> None:
        self.source = source
        self.late = False

    def read(self, *size: int) -> bytes:
        try:
            data: bytes = self.source.read(*size)
        except TimeoutError:
            self.late = True
            raise
        return data

    def readline(self, *size: int) -> bytes:
        try:
            data: bytes = self.source.readline(*size)
        except TimeoutError:
            self.late = True
            raise
        return data


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
        _drain(self.environ)


def _has_body(environ: WSGIEnvironment) -> bool:
    """True if a body comes whose end the server marks: reading behind it would wait for ever."""
    stated = environ.get("CONTENT_LENGTH") or environ.get("HTTP_TRANSFER_ENCODING")
    return bool(environ.get("wsgi.input_terminated") and stated and stated != "0")


def _drain(environ: WSGIEnvironment) -> None:
    body, sock = environ["wsgi.input"], environ.get("gunicorn.socket")
    before = sock.gettimeout() if sock else None
    deadline, left = time.monotonic() + MAX_SECONDS, MAX_BYTES
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

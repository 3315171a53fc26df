"""The web server's worker: a request gets a thread once it is here, and not while it arrives.

gunicorn's threaded worker gives a thread to each connection that has sent its first byte. A client
that stops half-way keeps it for as long as it likes, and all threads are soon held by a few. Here
one loop takes in what arrives, of any number of connections:

    whole                               a thread of those for pages and short calls
    HELD bytes of a longer body         a thread of those that read while a body arrives
    neither, and its time is up         408, without any thread

A long body has the same time, settings.REQUEST_SECONDS, and a second more for every PACE bytes that
have come: a good sender is never cut off, and one that dribbles gains nothing.
"""

import re
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from selectors import EVENT_READ
from socket import SHUT_WR, socket
from typing import Any, Final

from django.conf import settings
from gunicorn.http import get_parser
from gunicorn.workers.gthread import ThreadWorker

from qa.core.drain_body import refusal

PIECE: Final = 64 * 1024
HELD: Final = 64 * 1024  # of a body in this loop's memory; longer ones wait with their sender
HEAD: Final = 64 * 1024
PACE: Final = 32 * 1024  # bytes that are worth a second more
ANSWER_SECONDS: Final = 60.0  # for each piece of an answer to be taken
LEAVE_SECONDS: Final = 2.0  # to hear the end of an answer
LOOK_EVERY: Final = 0.2  # seconds
END: Final = b"\r\n\r\n"
LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
CHUNKED = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)
EXPECTS = re.compile(rb"^expect:", re.IGNORECASE | re.MULTILINE)


@dataclass(slots=True)
class _Arrival:
    """What has come of a request. The server's parser judges it; this only looks for its end."""

    buffer: bytearray = field(default_factory=bytearray)
    began: float = field(default_factory=time.monotonic)
    head: int = 0  # its length; 0 until its end has come
    length: int = 0  # of the body, as the head says
    chunked: bool = False
    expects: bool = False  # its sender waits for a word before the body

    def add(self, data: bytes) -> None:
        """Take in what came; each byte of the head is looked at once."""
        before = max(0, len(self.buffer) - len(END))
        self.buffer += data
        if self.head or (end := self.buffer.find(END, before)) < 0:
            return
        self.head = end + len(END)
        head = bytes(self.buffer[: self.head])
        found = LENGTH.search(head)
        self.length = int(found[1]) if found else 0
        self.chunked, self.expects = bool(CHUNKED.search(head)), bool(EXPECTS.search(head))

    @property
    def whole(self) -> bool:
        """True if nothing more will come. Of one in chunks that is never sure."""
        return bool(self.head and not self.chunked and len(self.buffer) >= self.head + self.length)

    @property
    def long(self) -> bool:
        """True if it is to be read while it arrives."""
        if self.expects or (self.chunked and self.buffer.endswith(END)):
            return True
        return bool(self.head) and len(self.buffer) - self.head >= HELD

    @property
    def path(self) -> str:
        """What is asked for, as far as it is known."""
        words = bytes(self.buffer[:4096]).split(b"\r\n", 1)[0].split(b" ")
        return words[1].decode("latin-1") if len(words) > 1 else ""


class _Sender:
    """A connection as the server's parser reads it: with a limit to how long it waits in all."""

    def __init__(self, sock: socket) -> None:
        self.sock = sock
        self.began = self.waited = 0.0
        self.received = 0

    def expect(self, arrival: _Arrival) -> None:
        """Another request; so much of it is here."""
        self.began, self.received = arrival.began, len(arrival.buffer)

    def start(self) -> None:
        """Its thread begins. What went by until then has been waited for."""
        self.waited = time.monotonic() - self.began

    def recv(self, size: int) -> bytes:
        """Bytes as they come. Raises TimeoutError where the time is up."""
        left = max(0.0, settings.REQUEST_SECONDS - self.waited + self.received / PACE)
        before, asked = self.sock.gettimeout(), time.monotonic()
        self.sock.settimeout(left if before is None else min(left, before))
        try:
            data = self.sock.recv(size)
        except BlockingIOError:
            raise TimeoutError from None
        finally:
            self.waited += time.monotonic() - asked
            with suppress(OSError):
                self.sock.settimeout(before)
        self.received += len(data)
        return data


class PatientWorker(ThreadWorker):
    """Threads for requests that are here; one loop for all that arrive and all that leave."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arriving: dict[Any, _Arrival] = {}
        self.leaving: dict[Any, float] = {}
        self.looked = 0.0

    def get_thread_pool(self) -> ThreadPoolExecutor:
        self.long_bodies = ThreadPoolExecutor(self.cfg.threads)
        return ThreadPoolExecutor(self.cfg.threads)

    def enqueue_req(self, conn: Any) -> None:
        """A connection is new, or speaks again: take in what it says."""
        held = conn.parser.unreader.take_buffered() if conn.parser else b""
        self.arriving[conn] = _Arrival()
        self._watch(conn, self.on_arriving)
        if held:
            self._receive(conn, held)

    def on_arriving(self, conn: Any, sock: socket) -> None:
        """More of a request."""
        try:
            data = sock.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._drop(conn)
            return
        self._receive(conn, data)

    def handle(self, conn: Any) -> Any:
        """In a thread: parse, answer."""
        conn.parser.unreader.sock.start()
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """In a thread: answer a client that takes the answer."""
        conn.sock.settimeout(ANSWER_SECONDS)
        return super().handle_request(req, conn)

    def finish_request(self, conn: Any, fs: "Future[Any]") -> None:
        """Keep the connection, or let it go without waiting for its client."""
        if fs.cancelled() or fs.exception() or not fs.result():
            self._let_go(conn)
        else:
            super().finish_request(conn, fs)

    def on_leaving(self, conn: Any, sock: socket) -> None:
        """What a client still says after its answer is not heard; that it has gone is."""
        try:
            if sock.recv(PIECE):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._drop(conn)

    def murder_pending(self) -> None:
        """Answer those whose time is up; gunicorn calls this between events."""
        super().murder_pending()
        now = time.monotonic()
        if self.alive and now - self.looked < LOOK_EVERY:
            return
        self.looked = now
        for conn, arrival in list(self.arriving.items()):
            if now - arrival.began >= settings.REQUEST_SECONDS and arrival.buffer:
                self._refuse(conn, 408)
            elif now - arrival.began >= settings.REQUEST_SECONDS or not (
                self.alive or arrival.buffer
            ):
                self._drop(conn)
        for conn in [connection for connection, until in self.leaving.items() if now >= until]:
            self._drop(conn)

    def _receive(self, conn: Any, data: bytes) -> None:
        """Add to a request, and hand it to a thread if it is time."""
        arrival = self.arriving[conn]
        arrival.add(data)
        if arrival.whole:
            self._hand_on(conn, self.tpool)
        elif arrival.long:
            self._hand_on(conn, self.long_bodies)
        elif not arrival.head and len(arrival.buffer) > HEAD:
            self._refuse(conn, 431)

    def _hand_on(self, conn: Any, threads: ThreadPoolExecutor) -> None:
        arrival = self.arriving.pop(conn)
        self.poller.unregister(conn.sock)
        if conn.parser is None:
            conn.parser = get_parser(self.cfg, _Sender(conn.sock), conn.client)
            conn.initialized = True
        conn.parser.unreader.unread(bytes(arrival.buffer))
        conn.parser.unreader.sock.expect(arrival)
        answered = threads.submit(self.handle, conn)
        answered.add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, conn, done)
        )

    def _refuse(self, conn: Any, status: int) -> None:
        """Say why, as far as the client listens."""
        with suppress(OSError):
            conn.sock.send(refusal(status, self.arriving[conn].path))
        self._let_go(conn)

    def _let_go(self, conn: Any) -> None:
        """Close a connection so that its client hears the answer to the end."""
        self.arriving.pop(conn, None)
        try:
            conn.sock.shutdown(SHUT_WR)
            self._watch(conn, self.on_leaving)
        except (OSError, ValueError):
            self._drop(conn)
        else:
            self.leaving[conn] = time.monotonic() + LEAVE_SECONDS

    def _drop(self, conn: Any) -> None:
        self.arriving.pop(conn, None)
        self.leaving.pop(conn, None)
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def _watch(self, conn: Any, callback: Callable[[Any, socket], None]) -> None:
        """Call this whenever the connection says something."""
        conn.sock.setblocking(False)
        with suppress(KeyError):
            self.poller.unregister(conn.sock)
        self.poller.register(conn.sock, EVENT_READ, partial(callback, conn))

"""TCP ports of this machine: which are free, and holding the one that Heard is served on."""

import contextlib
import errno
import socket
from collections.abc import Iterable

DEFAULT = 8000
FIRST_OPEN = 1024  # what lies below is the administrator's
# Every address that a browser may try for `localhost`.
LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
NO_IPV6 = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)


def hold_port(text: str) -> list[socket.socket]:
    """Listen on the port that was asked for, until the web server takes it over.

    Held from the first moment, so that what is printed later is true: nobody else can answer
    there. One sentence if it can't be had.
    """
    port = _read(text)
    if is_answered(port):
        raise SystemExit(_taken(port))
    held = []
    for family, host in LOOPBACK:
        try:
            held.append(_listen(family, host, port))
        except PermissionError:
            raise SystemExit(
                f"Port {port} is kept for the administrator: PORT={DEFAULT} make run"
            ) from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SystemExit(_taken(port)) from None
            if family == socket.AF_INET or error.errno not in NO_IPV6:
                raise
    return held


def is_answered(port: int) -> bool:
    """True if a program answers there, on whichever address.

    macOS would let us listen on 127.0.0.1 beside a program that listens on every address.
    """
    for family, host in LOOPBACK:
        with contextlib.suppress(OSError), socket.socket(family) as probe:
            probe.settimeout(1)
            probe.connect((host, port))
            if probe.getsockname() != probe.getpeername():  # a socket can reach itself
                return True
    return False


def free_port() -> int:
    """A TCP port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """True if a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return not is_answered(port)


def _read(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SystemExit(f"PORT={text} is not a port: choose a number from 1 to 65535.")
    return int(text)


def _listen(family: int, host: str, port: int) -> socket.socket:
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def _taken(port: int) -> str:
    above: Iterable[int] = range(max(port + 1, FIRST_OPEN), 65536)
    other = next((port for port in above if port_is_free(port)), DEFAULT)
    return f"Port {port} is taken by another program. Take another: PORT={other} make run"

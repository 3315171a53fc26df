"""The parts of a MIME message, read leniently from bytes that anybody may have written.

Nesting, the number of parts and the length of headers are bounded, so that time stays linear.
Only the parts that hold words are decoded; attachments are named and left alone.
"""

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from typing import Final
from urllib.parse import unquote_to_bytes

from transcripts.formats.mail.charsets import to_text

MAX_DEPTH: Final = 20
MAX_PARTS: Final = 500
MAX_HEAD: Final = 256 * 1024  # bytes of one part's headers
MAX_VALUE: Final = 8_000  # characters of one header
MAX_PARAMETERS: Final = 2_000  # characters of a Content-Type or Content-Disposition
MAX_WORDS: Final = 600_000  # bytes of one text part
MAX_STRAY: Final = 3  # lines before the headers that are none

BASIC_HEADERS: Final = frozenset({"from", "to", "cc", "subject", "date", "content-type"})
TECHNICAL_HEADERS: Final = frozenset(
    {"message-id", "received", "mime-version", "return-path", "delivered-to", "in-reply-to"}
    | {"references", "content-transfer-encoding", "dkim-signature", "x-mailer", "user-agent"}
)
KNOWN_HEADERS: Final = BASIC_HEADERS | TECHNICAL_HEADERS
_FROM_LINE: Final = re.compile(
    rb"From [^\n]{0,300}?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[^\n]{1,30}\d{1,2}:\d{2}[^\n]{0,40}\n"
    rb"(?=[!-9;-~]{1,76}[ \t]{0,5}:|>From )"
)
_HEADER: Final = re.compile(rb"([!-9;-~]{1,76})[ \t]{0,10}:(.*)", re.DOTALL)
_PARAMETER: Final = re.compile(r';\s*([\w*.-]{1,60})\s*=\s*("(?:[^"\\]|\\.){0,300}"|[^;\s]{0,300})')
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]")


def unix_lines(data: bytes) -> bytes:
    """The bytes with `\\n` at each line's end."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def message_starts(data: bytes) -> Iterator[int]:
    """Where the messages of a mailbox begin: at a dated `From ` line with headers below it."""
    at = len(data) - len(data.lstrip()) if data[:1].isspace() else 0
    while at >= 0:
        if _FROM_LINE.match(data, at):
            yield at
        at = data.find(b"\nFrom ", at) + 1 or -1


class Headers:
    """A part's headers by lower-case name, unfolded; encoded words are decoded when asked for."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def raw(self, name: str) -> str:
        return next(self.all(name), "")

    def all(self, name: str) -> Iterator[str]:
        return (value for key, value in self._pairs if key == name)

    def text(self, name: str) -> str:
        return decode_words(self.raw(name))

    def names(self) -> set[str]:
        return {key for key, _ in self._pairs}

    def value(self, name: str) -> str:
        """The header's first word, such as `text/plain`, in lower case."""
        return self.raw(name).partition(";")[0].strip().lower()

    def parameter(self, name: str, key: str) -> str:
        """A parameter such as the boundary, also one written in pieces or percent signs."""
        found: dict[str, str] = {}
        for match in _PARAMETER.finditer(self.raw(name)[:MAX_PARAMETERS]):
            found.setdefault(match[1].lower(), _unquoted(match[2]))
        if key in found:
            return decode_words(found[key])
        pieces = [found[key + "*"]] if key + "*" in found else []
        for index in range(len(found)):
            piece = found.get(f"{key}*{index}*", found.get(f"{key}*{index}"))
            if piece is None:
                break
            pieces.append(piece)
        return _percent_decoded("".join(pieces))


@dataclass(frozen=True, slots=True)
class Part:
    """One part: a leaf with its body still encoded, or a container with its parts."""

    headers: Headers
    kind: str
    body: bytes
    parts: tuple["Part", ...] = ()

    @property
    def name(self) -> str:
        """The file name that the part has been given, if any."""
        given = self.headers.parameter("content-disposition", "filename")
        return " ".join((given or self.headers.parameter("content-type", "name")).split())

    def words(self) -> str:
        """The text of a leaf, decoded as well as can be."""
        body = decode_body(self.body[: MAX_WORDS * 2], self.headers.value(TRANSFER))[:MAX_WORDS]
        return to_text(body, self.headers.parameter("content-type", "charset"))


TRANSFER: Final = "content-transfer-encoding"


class Message:
    """A whole message with its tree of parts; `cut` says that some were too many or too deep."""

    def __init__(self, data: bytes) -> None:
        self._data = unix_lines(data)
        self._left = MAX_PARTS
        self.cut = False
        start = after_stray_lines(self._data)
        headers, _ = read_headers(self._data, start, len(self._data))
        if headers.names() & KNOWN_HEADERS:
            self.root = self._read(start, len(self._data), 0, "text/plain")
        else:
            self.root = Part(Headers([]), "text/plain", self._data)

    def _read(self, start: int, end: int, depth: int, default: str) -> Part:
        self._left -= 1
        headers, body = read_headers(self._data, start, end)
        kind = headers.value("content-type")
        kind = kind if re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,100}", kind) else default
        spans: list[tuple[int, int]] = []
        if kind.startswith("multipart/"):
            spans = self._spans(body, end, headers.parameter("content-type", "boundary"))
        elif kind == "message/rfc822":
            spans = [(after_stray_lines(self._data, body, end), end)]
        if not spans:
            kind = "text/plain" if kind.startswith("multipart/") else kind
            return Part(headers, kind, self._data[body:end])
        inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        parts: list[Part] = []
        for first, last in spans:
            if depth >= MAX_DEPTH or self._left <= 0:
                self.cut = True
                break
            parts.append(self._read(first, last, depth + 1, inner))
        return Part(headers, kind, b"", tuple(parts))

    def _spans(self, start: int, end: int, boundary: str) -> list[tuple[int, int]]:
        """Where the parts between the boundary lines begin and end; the last one may be missing."""
        if not boundary:
            return []
        mark = b"\n--" + boundary.encode("utf-8", "replace")
        found: list[tuple[int, int]] = []
        opened: int | None = None
        at = self._data.find(mark, max(0, start - 1), end)
        while at >= 0 and len(found) <= MAX_PARTS:
            line_end = self._data.find(b"\n", at + len(mark), end)
            line_end = end if line_end < 0 else line_end
            rest = self._data[at + len(mark) : line_end].strip()
            if rest in (b"", b"--"):
                if opened is not None:
                    found.append((opened, max(opened, at)))
                opened = None if rest else min(line_end + 1, end)
                if rest:
                    break
            at = self._data.find(mark, line_end, end)
        if opened is not None:
            found.append((opened, end))
        return found


def read_headers(data: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The headers that begin at `start`, and where the body begins."""
    if data[start : start + 1] == b"\n":
        return Headers([]), start + 1
    blank = data.find(b"\n\n", start, min(end, start + MAX_HEAD))
    stop = blank if blank >= 0 else min(end, start + MAX_HEAD)
    pairs: list[tuple[str, list[bytes]]] = []
    position = start
    for line in data[start:stop].split(b"\n"):
        match = _HEADER.match(line)
        if match:
            pairs.append((match[1].decode("ascii").lower(), [match[2]]))
        elif line[:1] in (b" ", b"\t") and pairs:
            pairs[-1][1].append(line)
        elif line[:5] not in (b"From ", b">From"):
            return _headers(pairs), position  # words without a blank line before them
        position += len(line) + 1
    return _headers(pairs), min(end, position + 1 if blank >= 0 else position)


def decode_words(value: str) -> str:
    """A header with its encoded words (`=?utf-8?q?J=C3=B6hn?=`) decoded, in one line."""
    decoded = value
    if "=?" in value:
        try:
            pieces = decode_header(value)
        except (HeaderParseError, ValueError):
            pieces = [(value, None)]
        decoded = "".join(
            piece if isinstance(piece, str) else to_text(piece, charset or "")
            for piece, charset in pieces
        )
    return " ".join(decoded.replace("\x00", "").split())


def decode_body(body: bytes, transfer: str) -> bytes:
    """Undo base64, quoted-printable and uuencode, whatever stray characters they hold."""
    encoding = re.sub("[^a-z0-9]", "", transfer)
    if encoding == "base64":
        letters = _NOT_BASE64.sub(b"", body)
        letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    if encoding == "quotedprintable":
        return quopri.decodestring(body)
    if encoding in ("xuuencode", "uuencode", "xuue", "uue"):
        return b"".join(_uu_lines(body))
    return body


def _uu_lines(body: bytes) -> Iterator[bytes]:
    for line in body.split(b"\n"):
        if line.startswith((b"begin ", b"end")) or not line:
            continue
        try:
            yield binascii.a2b_uu(line)
        except binascii.Error:
            continue


def _headers(pairs: list[tuple[str, list[bytes]]]) -> Headers:
    return Headers(
        [(name, to_text(b" ".join(lines)[:MAX_VALUE], "").strip()) for name, lines in pairs]
    )


def after_stray_lines(data: bytes, start: int = 0, end: int | None = None) -> int:
    """Past blank lines, a mailbox's `From ` line or half a line that was lost before it."""
    end = len(data) if end is None else end
    position = start
    for _ in range(MAX_STRAY):
        line_end = data.find(b"\n", position, end)
        line = data[position : end if line_end < 0 else line_end]
        if line_end < 0 or _HEADER.match(line[:200]):
            return position
        position = line_end + 1
    return position if _HEADER.match(data[position : position + 200]) else start


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _percent_decoded(value: str) -> str:
    """RFC 2231: `utf-8'en'na%C3%AFve.txt`."""
    parts = value.split("'", 2)
    if len(parts) < 3:
        return value
    return to_text(unquote_to_bytes(parts[2]), parts[0])

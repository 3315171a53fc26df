"""Bytes to text: byte order marks, UTF-8, UTF-16, old 8-bit encodings; never garbled letters.

A file that is no text is refused with what it looks like; a guess at the encoding is told.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

import charset_normalizer

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.errors import FormatError, with_plain_breaks
from transcripts.formats.vocabulary import words

SAMPLE: Final = 256 * 1024  # bytes looked at to tell an encoding
SIGNATURES: Final = (
    (b"\x89PNG", gettext_noop("a PNG image")),
    (b"\xff\xd8\xff", gettext_noop("a JPEG image")),
    (b"GIF8", gettext_noop("a GIF image")),
    (b"%PDF", gettext_noop("a PDF document")),
    (b"PK\x03\x04", gettext_noop("a zip archive or an Office document")),
    (b"PK\x05\x06", gettext_noop("an empty zip archive")),
    (b"\x1f\x8b", gettext_noop("a gzip archive")),
    (b"7z\xbc\xaf\x27\x1c", gettext_noop("a 7z archive")),
    (b"Rar!", gettext_noop("a RAR archive")),
    (b"BZh", gettext_noop("a bzip2 archive")),
    (b"\xfd7zXZ", gettext_noop("an xz archive")),
    (b"\xd0\xcf\x11\xe0", gettext_noop("an old Office document or Outlook message")),
    (b"RIFF", gettext_noop("a sound or video recording")),
    (b"ID3", gettext_noop("a sound recording")),
    (b"OggS", gettext_noop("a sound recording")),
    (b"fLaC", gettext_noop("a sound recording")),
    (b"\x1aE\xdf\xa3", gettext_noop("a video recording")),
    (b"\x78\x9f\x3e\x22", gettext_noop("an Outlook winmail.dat attachment")),
    (b"SQLite format 3", gettext_noop("a database")),
    (b"\x7fELF", gettext_noop("a program")),
    (b"MZ\x90", gettext_noop("a program")),
)
_BREAK: Final = re.compile("\r\n|\r|\n")
_CONTROL: Final = re.compile(r"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MULTIBYTE: Final = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
_WESTERN: Final = frozenset(words("encodings", "western"))


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with `\\n` at each line's end, and the encoding it was read as."""

    text: str
    encoding: str
    guessed: bool = False
    mended: bool = False  # its letters were garbled, which was undone


def decode(data: bytes) -> Decoded:
    """Read a file's bytes as text, or raise FormatError with the reason and, if any, the line."""
    _refuse_binary(data)
    decoded = _by_mark(data) or _as_utf8(data) or _by_guess(data)
    text = with_plain_breaks(decoded.text)
    if not text.strip():
        raise FormatError(_("is empty") if not text else _("holds nothing but blanks"))
    if text.startswith("WEBVTT"):  # the one format whose standard says what a NUL becomes
        text = text.replace("\x00", "\ufffd")
    nul = text.find("\x00")
    if nul >= 0:
        line = text.count("\n", 0, nul) + 1
        raise FormatError(_("contains a NUL byte (U+0000), which cannot be stored"), line=line)
    if len(_CONTROL.findall(text[:SAMPLE])) > len(text[:SAMPLE]) // 50:
        raise FormatError(_("is not text: it is full of control characters"))
    return Decoded(text, decoded.encoding, decoded.guessed)


def inner_lines(data: bytes, decoded: Decoded) -> frozenset[int]:
    """The lines, from 0, that a bare `\\n` parts from the one above, where `\\r\\n` parts others.

    Some programs end what they list with the one, and the lines inside it with the other.
    """
    if b"\n" not in data or b"\r" not in data:
        return frozenset()
    breaks = [found[0] for found in _BREAK.finditer(data.decode(decoded.encoding, "replace"))]
    if "\r\n" not in breaks:
        return frozenset()
    return frozenset(n for n, found in enumerate(breaks, start=1) if found == "\n")


def _refuse_binary(data: bytes) -> None:
    if not data:
        raise FormatError(_("is empty"))
    for signature, looks_like in SIGNATURES:
        if data.startswith(signature):
            raise FormatError(_("looks like %(kind)s, not a transcript") % {"kind": _(looks_like)})
    if data[4:8] == b"ftyp":
        raise FormatError(_("looks like a sound or video recording, not a transcript"))


def _by_mark(data: bytes) -> Decoded | None:
    """UTF-16 and UTF-32 with their byte order mark, or UTF-16 shown by every other byte being 0."""
    encoding = ""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        encoding = "utf-32"
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        head = data[:400]
        even, odd = head[::2].count(0), head[1::2].count(0)
        if len(head) >= 8 and max(even, odd) > len(head) * 0.3 and min(even, odd) == 0:
            encoding = "utf-16-le" if odd else "utf-16-be"
    if not encoding:
        return None
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        message = _("is not valid %(encoding)s: byte %(place)s")
        told = {"encoding": encoding.upper(), "place": error.start + 1}
        raise FormatError(message % told) from None


def _as_utf8(data: bytes) -> Decoded | None:
    """UTF-8; damaged UTF-8 is refused with the line, for another encoding would garble it."""
    try:
        return Decoded(data.decode("utf-8-sig"), "utf-8")
    except UnicodeDecodeError as error:
        head = data[: error.start + SAMPLE]
        wrong = head.decode(errors="replace").count("\ufffd")
        if data.startswith(codecs.BOM_UTF8) or len(_MULTIBYTE.findall(head)) > 3 * wrong:
            line = data.count(b"\n", 0, error.start) + 1
            byte = data[error.start]
            message = _("is damaged UTF-8: byte %(byte)s is wrong")
            raise FormatError(message % {"byte": f"0x{byte:02X}"}, line=line) from None
        return None


def _by_guess(data: bytes) -> Decoded:
    if data[:SAMPLE].count(0) > 0:
        raise FormatError(_("looks like an image or another binary file, not a transcript"))
    sample = data if len(data) <= SAMPLE else data[: data.rfind(b"\n", 0, SAMPLE) + 1]
    matches = charset_normalizer.from_bytes(sample or data[:SAMPLE])
    best = matches.best()
    if best is None:
        raise FormatError(_("is not text in any encoding known here"))
    fitting = {name for match in matches for name in (match.encoding, *match.could_be_from_charset)}
    western = best.encoding in _WESTERN and "cp1252" in fitting
    encoding = "cp1252" if western else best.encoding
    try:
        return Decoded(data.decode(encoding), encoding, guessed=True)
    except (UnicodeDecodeError, LookupError):
        message = _("is not text in one encoding: it began as %(encoding)s")
        raise FormatError(message % {"encoding": encoding}) from None

"""Zip archives by strangers: what is in them, read within bounds and never onto a disk.

for entry in entries(data):          # FormatError: no archive, too many entries, a bomb
    data = entry.read()              # FormatError: encrypted, damaged, a wrong name
"""

import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop, grouped
from transcripts.formats.errors import FormatError

MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06")
MAX_ENTRIES: Final = 10_000
MAX_ENTRY: Final = 32 * 1024 * 1024  # bytes of one entry, unpacked
MAX_TOTAL: Final = 256 * 1024 * 1024  # bytes of all entries, unpacked
MAX_RATIO: Final = 200  # unpacked to packed; transcripts come to some 30
RATIO_FROM: Final = 4 * 1024 * 1024  # bytes unpacked; below them the ratio says little
DAMAGED: Final = gettext_noop(
    "looks like a zip archive or an Office document, but is damaged: its list of entries can't be "
    "read"
)
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TOO_LARGE: Final = gettext_noop("is too large: at most %(most)s MB are taken, unpacked")
_SHADOWS: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_ENCRYPTED: Final = 0x1
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive."""

    name: str
    info: zipfile.ZipInfo
    archive: zipfile.ZipFile

    def read(self) -> bytes:
        """Its bytes; FormatError if they can't or mustn't be read."""
        if fault := _fault(self.info, self.name):
            raise FormatError(fault)
        try:
            with self.archive.open(self.info) as packed:
                data = packed.read(MAX_ENTRY + 1)
        except _DAMAGE:
            raise FormatError(_("is damaged: it can't be unpacked")) from None
        if len(data) > MAX_ENTRY:
            raise FormatError(_too_large())
        return data


def is_zip(data: bytes) -> bool:
    """True if bytes begin as a zip archive does."""
    return data.startswith(MAGIC)


def entries(data: bytes) -> list[Entry]:
    """The files of an archive in its order, without folders and a Macintosh's shadow files."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        infos = archive.infolist()
    except _DAMAGE:
        raise FormatError(_(DAMAGED)) from None
    if len(infos) > MAX_ENTRIES:
        message = _("holds %(n)s entries; at most %(most)s are taken")
        told = {"n": grouped(len(infos)), "most": grouped(MAX_ENTRIES)}
        raise FormatError(message % told)
    _refuse_bomb(infos, len(data))
    return [
        Entry(info.filename or _("(no name)"), info, archive)
        for info in infos
        if not info.filename.endswith("/") and not _is_shadow(info.filename)
    ]


def _refuse_bomb(infos: list[zipfile.ZipInfo], packed: int) -> None:
    """Refuse by the sizes declared: no more than those is ever unpacked of an entry."""
    total = sum(info.file_size for info in infos)
    if total > MAX_TOTAL:
        limit = MAX_TOTAL // 1024**2
        message = _("unpacks to %(size)s MB; at most %(most)s MB are taken: split it up")
        raise FormatError(message % {"size": grouped(round(total / 1024**2)), "most": limit})
    for size, from_size in (
        (total, packed),
        *((info.file_size, info.compress_size) for info in infos),
    ):
        if size > RATIO_FROM and size > MAX_RATIO * max(from_size, 1):
            message = _("unpacks to more than %(n)s times its size, as no transcript does")
            raise FormatError(message % {"n": MAX_RATIO})


def _fault(info: zipfile.ZipInfo, name: str) -> str:
    """Why an entry isn't read, or an empty string."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or _DRIVE.match(name) or ".." in path.parts:
        return _("has a name that leads out of the archive")
    if stat.S_ISLNK(info.external_attr >> 16):
        return _("is a link, not a file")
    if info.flag_bits & _ENCRYPTED:
        return _("is encrypted; send it without a password")
    if info.compress_type not in _METHODS:
        return _("is packed by a method that is not read here; use plain zip (deflate)")
    return _too_large() if info.file_size > MAX_ENTRY else ""


def _too_large() -> str:
    return _(_TOO_LARGE) % {"most": MAX_ENTRY // 1024**2}


def _is_shadow(name: str) -> bool:
    """True if an entry is what a file manager adds: `__MACOSX/…`, `._x`, `.DS_Store`."""
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith("._") or path.name in _SHADOWS

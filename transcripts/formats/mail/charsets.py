"""Bytes of a mail to text: the charset it states, where that is known and true, else the best one.

Nothing is refused: a wrong byte becomes U+FFFD, for the rest of the words are still worth reading.
"""

import codecs
import re
from typing import Final

import charset_normalizer

FEW: Final = 16  # foreign letters, too few to tell a charset by
SAMPLE: Final = 32 * 1024  # bytes looked at to tell an unstated charset

_ALIASES: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "us-ascii": "",
    "ascii": "",
    "x-unknown": "",
    "unknown": "",
    "unknown-8bit": "",
    "default": "",
    "default_charset": "",
}
_NO_CHARSETS: Final = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
)


def to_text(data: bytes, charset: str) -> str:
    """The text with `\\n` line ends and without U+0000."""
    text = _decoded(data, _known(charset))
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").lstrip("\ufeff")


def _known(charset: str) -> str:
    """Python's name for the charset; an empty one where there is none that is safe to use."""
    stated = charset.strip().strip("'\"").lower()
    name = _ALIASES.get(stated, stated)
    for candidate in (name, re.sub(r"[-_ ]", "", name)):  # "cp-850" is known as "cp850"
        if not re.fullmatch(r"[a-z0-9._:+-]{1,40}", candidate):
            continue
        try:
            b"a".decode(candidate, "replace")  # refuses what is no charset, such as hex
        except (LookupError, UnicodeError):
            continue
        found = codecs.lookup(candidate).name
        if found.replace("_", "-") not in _NO_CHARSETS:
            return found
    return ""


def _decoded(data: bytes, charset: str) -> str:
    for candidate in (charset, "utf-8"):
        text = _tried(data, candidate) if candidate else None
        if text is not None:
            return text
    if charset:
        return _sound(data.decode(charset, "replace"))
    return _tried(data, _guessed(data)) or data.decode("cp1252", "replace")


def _tried(data: bytes, charset: str) -> str | None:
    try:
        text = data.decode(charset)
    except UnicodeError:
        return None
    return text if _sound(text) == text else None


def _guessed(data: bytes) -> str:
    """Western letters are few among ASCII ones; where others prevail, the bytes must tell."""
    sample = data[:SAMPLE]
    foreign = sum(1 for byte in sample if byte >= 0x80)
    if foreign * 4 < len(sample) or foreign < FEW:
        return "cp1252"
    best = charset_normalizer.from_bytes(sample).best()
    return best.encoding if best is not None else "cp1252"


def _sound(text: str) -> str:
    """Without lone surrogates, which UTF-7 and others let through and nothing can store."""
    return text.encode("utf-8", "replace").decode("utf-8")

"""Text that was written as UTF-8 and once read as Windows-1252: "Iâ€™m" for "I'm".

    ungarbled("Iâ€™m late")     # "I'm late" with a typographic apostrophe

It is undone only where the whole text says so: every letter beyond ASCII in it must be a byte of
well-formed UTF-8. One that is not shows a text that was read rightly, and nothing is changed.
"""

import codecs
import re
from typing import Final

TIMES: Final = 2  # that a text is garbled over and over at most
SEVERAL: Final = 3  # pairs of any kind that are no chance
_HIGH: Final = "".join(
    byte.decode("cp1252", "ignore") or chr(byte[0])
    for byte in (bytes([n]) for n in range(128, 192))
)
_AFTER: Final = f"[{re.escape(_HIGH)}]"
_PAIR: Final = re.compile(f"[\u00c2-\u00f4]{_AFTER}")
# What begins accented letters, punctuation and emoji: no word has these pairs.
_TELLING: Final = re.compile(f"[\u00c2\u00c3]{_AFTER}|\u00e2\u20ac|\u00f0\u0178")
_BYTES: Final = "heard-undefined-in-cp1252"


def ungarbled(text: str) -> str:
    """The text as it was written, or as it is where it was read rightly."""
    for _ in range(TIMES):
        if _TELLING.search(text) is None and not _has_several(text):
            break
        try:
            text = text.encode("cp1252", _BYTES).decode()
        except (UnicodeEncodeError, UnicodeDecodeError):
            break
    return text


def _has_several(text: str) -> bool:
    pairs = _PAIR.finditer(text)
    return sum(1 for _, _ in zip(range(SEVERAL), pairs, strict=False)) == SEVERAL


def _as_it_is(error: UnicodeError) -> tuple[bytes, int]:
    """The five bytes that Windows-1252 leaves undefined, which programs pass on as they are."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    unknown = error.object[error.start : error.end]
    if any(ord(letter) > 0x9F or ord(letter) < 0x80 for letter in unknown):
        raise error
    return unknown.encode("latin-1"), error.end


codecs.register_error(_BYTES, _as_it_is)

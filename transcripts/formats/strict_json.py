"""JSON as the outer contract takes it: no duplicate keys, no NaN, bounded nesting and numbers.

Some recognisers write NaN and infinities, which JSON does not know, in fields that nobody needs: in
files of theirs (`constants`) they are read, and count as nothing wherever a number is looked for.
"""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, NoReturn

from qa.core.errors import Fault
from transcripts.formats.errors import FormatError, shortened
from transcripts.formats.model import LineError

MAX_LINE: Final = 10 * 1024 * 1024  # bytes of one JSON line
MAX_DIGITS: Final = 1000
BOM: Final = b"\xef\xbb\xbf"


class _UnfitError(ValueError):
    """JSON that parses elsewhere and is refused here."""


def read_json(text: str | bytes, *, constants: bool = False) -> Any:
    """Decode one JSON value; FormatError says on which line and why it can't be read."""
    try:
        if isinstance(text, bytes):
            if b"\x00" in text:
                raise FormatError("contains a NUL byte (U+0000), which cannot be stored")
            text = text.removeprefix(BOM).decode()
        return (_LENIENT if constants else _DECODER).decode(text)
    except json.JSONDecodeError as error:
        message = f"is not valid JSON: {error.msg} (column {error.colno})"
        raise FormatError(message, line=error.lineno) from None
    except UnicodeDecodeError as error:
        raise FormatError(f"is not UTF-8: wrong byte at position {error.start + 1}") from None
    except _UnfitError as error:
        raise FormatError(str(error)) from None
    except RecursionError:
        raise FormatError("is nested too deeply") from None


def read_json_lines(
    lines: Iterator[tuple[int, str | bytes]], *, constants: bool = False
) -> Iterator[tuple[int, Any]]:
    """Decode numbered lines one by one; blank ones are passed over.

    Yields the line's number with its value, or with a LineError in the value's place.
    """
    for number, line in lines:
        if not line.strip():
            continue
        try:
            if len(line) > MAX_LINE:
                raise FormatError(f"is longer than {MAX_LINE // 1024 // 1024} MB")
            yield number, read_json(line, constants=constants)
        except FormatError as error:
            yield number, LineError(number, error.faults or (Fault("", error.reason),))


def numbered_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of a stream of any length, in flat memory.

    Of a line of more than MAX_LINE bytes only the beginning is given on, one byte too long.
    """
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        yield number, line
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) == len(pairs):
        return read
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise _UnfitError(f'has the key "{shortened(key)}" twice in one object')
        seen.add(key)
    return read


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _UnfitError(f"holds a number of {len(digits):,} digits; {MAX_DIGITS} are taken")
    return int(digits)


def _constant(name: str) -> NoReturn:
    raise _UnfitError(f"holds {name}, which JSON does not know")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_constant=_constant
)
_LENIENT: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_constant=float
)

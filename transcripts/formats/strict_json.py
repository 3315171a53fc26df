"""JSON as the outer contract takes it: no duplicate keys, no NaN, bounded nesting and numbers.

Some recognisers write NaN and infinities, which JSON does not know, in fields that nobody needs: in
files of theirs (`constants`) they are read, and count as nothing wherever a number is looked for.
"""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, NoReturn

from qa.core.errors import Fault
from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop, grouped
from transcripts.formats.errors import FormatError, shortened
from transcripts.formats.model import LineError

MAX_LINE: Final = 10 * 1024 * 1024  # bytes of one JSON line
MAX_DIGITS: Final = 1000
BOM: Final = b"\xef\xbb\xbf"


# What Python's own reader says, for the translators.
_SAID: Final = (
    gettext_noop("Expecting value"),
    gettext_noop("Expecting property name enclosed in double quotes"),
    gettext_noop("Expecting ':' delimiter"),
    gettext_noop("Expecting ',' delimiter"),
    gettext_noop("Illegal trailing comma before end of array"),
    gettext_noop("Illegal trailing comma before end of object"),
    gettext_noop("Unterminated string starting at"),
    gettext_noop("Invalid control character at"),
    gettext_noop("Invalid \\escape"),
    gettext_noop("Invalid \\uXXXX escape"),
    gettext_noop("Extra data"),
    gettext_noop("Unexpected UTF-8 BOM (decode using utf-8-sig)"),
)


class _UnfitError(ValueError):
    """JSON that parses elsewhere and is refused here."""


def read_json(text: str | bytes, *, constants: bool = False) -> Any:
    """Decode one JSON value; FormatError says on which line and why it can't be read."""
    try:
        if isinstance(text, bytes):
            if b"\x00" in text:
                raise FormatError(_("contains a NUL byte (U+0000), which cannot be stored"))
            text = text.removeprefix(BOM).decode()
        return (_LENIENT if constants else _DECODER).decode(text)
    except json.JSONDecodeError as error:
        message = _("is not valid JSON: %(reason)s (column %(column)s)")
        told = {"reason": _(error.msg), "column": error.colno}
        raise FormatError(message % told, line=error.lineno) from None
    except UnicodeDecodeError as error:
        message = _("is not UTF-8: wrong byte at position %(place)s")
        raise FormatError(message % {"place": error.start + 1}) from None
    except _UnfitError as error:
        raise FormatError(str(error)) from None
    except RecursionError:
        raise FormatError(_("is nested too deeply")) from None


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
                raise FormatError(
                    _("is longer than %(most)s MB") % {"most": MAX_LINE // 1024 // 1024}
                )
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
    for key, __ in pairs:
        if key in seen:
            raise _UnfitError(
                _('has the key "%(key)s" twice in one object') % {"key": shortened(key)}
            )
        seen.add(key)
    return read


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        message = _("holds a number of %(n)s digits; %(most)s are taken")
        raise _UnfitError(message % {"n": grouped(len(digits)), "most": MAX_DIGITS})
    return int(digits)


def _constant(name: str) -> NoReturn:
    raise _UnfitError(_("holds %(name)s, which JSON does not know") % {"name": name})


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_constant=_constant
)
_LENIENT: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_constant=float
)

"""Formats that have one JSON record for each interaction: a document, a list, or one a line."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, TypeAlias

from qa.core.errors import Fault
from qa.core.texts import gettext as _
from transcripts.formats.errors import FormatError
from transcripts.formats.limits import Count, Limits
from transcripts.formats.model import CanonicalInteraction, LineError, Parsed
from transcripts.formats.source import Source
from transcripts.formats.strict_json import numbered_lines, read_json_lines

ReadRecord: TypeAlias = Callable[[object], CanonicalInteraction]
Result: TypeAlias = CanonicalInteraction | LineError


def parse_records(source: Source, name: str, read: ReadRecord) -> Parsed:
    """Read a whole file; in a list or lines, records at fault don't lose the good ones."""
    if source.is_json_lines:
        values = read_json_lines(iter(enumerate(source.lines, start=1)))
        read_lines = (_line(number, value, read) for number, value in values)
        return _gathered(name, read_lines, source.limits)
    document = source.document
    if not isinstance(document, list):
        return Parsed(name, (read(document),))
    if not document:
        raise FormatError(_("is an empty JSON list, so there is nothing to import"))
    elements = (_element(index, value, read) for index, value in enumerate(document))
    return _gathered(name, elements, source.limits)


def stream_records(stream: BinaryIO, read: ReadRecord) -> Iterator[tuple[int, Result]]:
    """Read JSON lines one at a time, in memory that does not grow with the stream."""
    for number, value in read_json_lines(numbered_lines(stream)):
        yield number, _line(number, value, read)


def _line(number: int, value: Any, read: ReadRecord) -> Result:
    if isinstance(value, LineError):
        return value
    try:
        return read(value)
    except FormatError as error:
        return LineError(number, _faults(error))


def _element(index: int, value: object, read: ReadRecord) -> Result:
    try:
        return read(value)
    except FormatError as error:
        return LineError(None, tuple(_under(index, fault) for fault in _faults(error)))


def _faults(error: FormatError) -> tuple[Fault, ...]:
    return error.faults or (Fault(error.field or "", error.reason),)


def _under(index: int, fault: Fault) -> Fault:
    path = f"[{index}].{fault.path}" if fault.path else f"[{index}]"
    return Fault(path, fault.message)


def _gathered(name: str, results: Iterable[Result], limits: Limits) -> Parsed:
    """All records, those refused beside the good ones; each of both counts."""
    count = Count(limits)
    kept: list[CanonicalInteraction] = []
    errors: list[LineError] = []
    for result in results:
        if isinstance(result, LineError):
            count.add(interactions=1)
            errors.append(result)
        else:
            count.take([result])
            kept.append(result)
    return Parsed(name, tuple(kept), tuple(errors))

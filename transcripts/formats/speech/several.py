"""Many calls in one file: the documents of a format as JSON lines, or as the elements of a list."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from qa.core.errors import Fault
from qa.core.texts import gettext as _
from transcripts.formats.answers import Question
from transcripts.formats.chats.messages import records_of
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.model import CanonicalInteraction, LineError, Parsed
from transcripts.formats.source import Source

LOOKED_AT: Final = 3  # records; the first may be of another kind


def several(reader: Format) -> Format:
    """The format, also where a file holds many of its documents."""

    def recognise(source: Source) -> Likeness | None:
        if found := reader.recognise(source):
            return found
        found = _of_its_records(reader, source)
        return (
            replace(found, reason=_("several of: %(what)s") % {"what": _(found.reason)})
            if found
            else None
        )

    def parse(source: Source) -> Parsed:
        if reader.recognise(source) or not _of_its_records(reader, source):
            return reader.parse(source)
        return _gathered(reader, source)

    return replace(reader, recognise=recognise, parse=parse)


def _of_its_records(reader: Format, source: Source) -> Likeness | None:
    """What the first records of a file are to the format."""
    for __, record in islice(_records(source), LOOKED_AT):
        found = reader.recognise(_alone(record, source)) if isinstance(record, dict) else None
        if found:
            return found
    return None


def _records(source: Source) -> Iterator[tuple[int | None, Any]]:
    """The lines or elements of a file; none of any other file."""
    if source.first_record is not None and (
        source.is_json_lines or isinstance(source.document, list)
    ):
        yield from records_of(source)


def _alone(record: Any, source: Source) -> Source:
    """One record as a file of its own."""
    return replace(source, data=json.dumps(record).encode())


def _gathered(reader: Format, source: Source) -> Parsed:
    kept: list[CanonicalInteraction] = []
    errors: list[LineError] = []
    notes: dict[str, None] = {}
    asked: dict[Question, None] = {}
    for index, (line, record) in enumerate(_records(source)):
        if isinstance(record, LineError):
            errors.append(record)
            continue
        try:
            found = reader.parse(_alone(record, source))
        except FormatError as error:
            place = error.field or ("" if line else f"[{index}]")
            errors.append(LineError(line, error.faults or (Fault(place, error.reason),)))
            continue
        kept += found.interactions
        errors += found.errors
        notes |= dict.fromkeys(found.notes)
        asked |= dict.fromkeys(found.open)
    return Parsed(reader.name, tuple(kept), tuple(errors), tuple(notes), tuple(asked))

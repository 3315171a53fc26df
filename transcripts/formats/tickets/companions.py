"""Parts of one export in several files: tickets, comments and users of Zendesk or Freshdesk.

None of them is a conversation by itself. Those of one folder are read as one file.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from transcripts.formats.chats.messages import records_of
from transcripts.formats.errors import FormatError
from transcripts.formats.model import LineError
from transcripts.formats.source import Source
from transcripts.formats.tickets import freshdesk, zendesk


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an archive that holds only tickets, only comments, or only users."""

    name: str
    source: Source
    desk: str
    kind: str


def part_of(name: str, source: Source) -> Part | None:
    """The part that a file is; None for one that can be read by itself."""
    for desk in (freshdesk, zendesk) if source.starts_like_json else ():
        kinds = desk.kinds_of(source)
        if kinds:
            return Part(name, source, desk.NAME, kinds.pop()) if len(kinds) == 1 else None
    return None


def groups(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """The parts of each folder that belong together; a part without others by itself."""
    folders: dict[tuple[str, str], list[Part]] = {}
    for part in parts:
        place = (str(PurePosixPath(part.name).parent), part.desk)
        folders.setdefault(place, []).append(part)
    for there in folders.values():
        if len({part.kind for part in there}) > 1:
            yield sorted(there, key=lambda part: part.kind != "tickets")
        else:
            yield from ([part] for part in there)


def joined(parts: Sequence[Part]) -> tuple[Source, list[tuple[str, LineError]]]:
    """Several parts as one file, and the lines of theirs that can't be read."""
    values: list[Any] = []
    errors: list[tuple[str, LineError]] = []
    for part in parts:
        for _, value in records_of(part.source):
            if isinstance(value, LineError):
                errors.append((part.name, value))
            else:
                values.append(value)
    try:
        data = json.dumps(values).encode()
    except (ValueError, RecursionError):
        raise FormatError(_("is nested too deeply")) from None
    return replace(parts[0].source, data=data), errors

"""Whether a file is one of JSON lines, told from its top: it may then be read line by line."""

from itertools import islice
from typing import BinaryIO, Final

from transcripts.formats.errors import FormatError
from transcripts.formats.registry import recognise
from transcripts.formats.strict_json import numbered_lines, read_json

LINES: Final = 100
BYTES: Final = 16 * 1024 * 1024
EXTENSIONS: Final = (".jsonl", ".ndjson")


def format_of_lines(stream: BinaryIO, name: str) -> str | None:
    """The format of the JSON object that fills the first line, where it is not the only line.

    None if there is none; where the name says that there should be, further lines are tried.
    """
    left = BYTES
    lines = islice(numbered_lines(stream), LINES)
    for number, line in lines:
        left -= len(line)
        if left < 0:
            break
        if not line.strip():
            continue
        try:
            if isinstance(read_json(line), dict):
                found = recognise(line, name).format
                return found if number > 1 or any(rest.strip() for _, rest in lines) else None
        except FormatError:
            pass
        if not name.lower().endswith(EXTENSIONS):
            break
    return None

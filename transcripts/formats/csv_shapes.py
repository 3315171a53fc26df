"""What a row of a table is: a turn, a question with its answer, a transcript, or a line of one."""

from collections.abc import Sequence
from enum import Enum
from typing import Final

from qa.core.texts import gettext_noop
from transcripts.formats.csv_columns import Columns
from transcripts.formats.markup import plain
from transcripts.formats.saved_chats import read_saved_chat
from transcripts.formats.talk import read_talk

TRIED: Final = 20_000  # characters of a cell looked at for speaker labels


class Shape(Enum):
    """The kinds of rows, each with the reason shown to people."""

    TURNS = gettext_noop("a header row that names speaker and text columns")
    PAIRS = gettext_noop("a header row that names a column for each side's words")
    WHOLE = gettext_noop("a table with whole transcripts in one column")
    LINES = gettext_noop("a table with lines of labelled talk in one column")


def shape_of(columns: Columns, sample: Sequence[Sequence[str]]) -> tuple[Columns, Shape] | None:
    """How the rows are to be read, and the columns with the text's place; None if that is open."""
    sample = _as_text(sample)
    text = columns.places.get("text")
    if text is not None:
        if _mostly(sample, text, turns=2):
            return columns, Shape.WHOLE
        if columns.has_speakers:
            return columns, Shape.TURNS
    if columns.has_pairs:
        return columns, Shape.PAIRS
    if text is not None and (columns.has_conversation or _mostly(sample, text, turns=1)):
        return columns, Shape.LINES
    even = all(len(row) == columns.count for row in sample)
    for place in range(columns.count if even else 0):
        if _mostly(sample, place, turns=2):
            return columns.with_text_at(place), Shape.WHOLE
    return None


def _as_text(sample: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows with HTML read as text, column by column."""
    width = max(map(len, sample), default=0)
    columns = [plain([row[at] if at < len(row) else "" for row in sample]) for at in range(width)]
    return [[column[at] for column in columns][: len(row)] for at, row in enumerate(sample)]


def _mostly(sample: Sequence[Sequence[str]], place: int, *, turns: int) -> bool:
    """True if most filled cells of a column read as labelled talk of at least so many turns."""
    cells = [row[place][:TRIED] for row in sample if place < len(row) and row[place].strip()]
    return sum(_labelled(cell) >= turns for cell in cells) * 2 > len(cells)


def _labelled(cell: str) -> int:
    if ":" not in cell:
        return 0
    if saved := read_saved_chat(cell):
        return len(saved.turns)
    turns = read_talk(cell).turns
    return len(turns) if any(turn.role != "unknown" for turn in turns) else 0

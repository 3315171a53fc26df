"""What a person is shown with a question about a file: redacted, and only as much as they need."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from transcripts.formats import CanonicalInteraction, CanonicalTurn, FormatError, Parsed
from transcripts.formats.csv_columns import columns_of
from transcripts.formats.csv_table import read_table
from transcripts.formats.pieces import cut
from transcripts.formats.source import Source
from transcripts.names_model import redact
from transcripts.redaction import redact_text

TURNS: Final = 6
AROUND: Final = 20  # turns on each side that may tell whose name is said
WORDS: Final = 240  # characters of a turn
READ: Final = 4_000  # characters of a turn that are redacted before it is cut
PIECE: Final = 600  # characters of a piece that a person tells apart from others
LABEL: Final = 80
SPEAKERS: Final = 12
COLUMNS: Final = 40
CELL: Final = 40
NAMELESS: Final = "Turns without a name"


def preview(parsed: Parsed) -> list[dict[str, str]]:
    """The first turns of the first conversation."""
    if not parsed.interactions:
        return []
    one = parsed.interactions[0]
    turns = tuple(replace(turn, text=turn.text[:READ]) for turn in one.turns[:TURNS])
    clean, _ = redact(replace(one, turns=turns, metadata={}, subject=None))
    return [
        {"speaker": _cut(turn.speaker or "", LABEL), "role": turn.role, "text": _cut(turn.text)}
        for turn in clean.turns
    ]


def role_details(
    interactions: Sequence[CanonicalInteraction], speakers: Sequence[str]
) -> dict[str, Any]:
    """The speakers to be told apart, those who say most first; `at` is their place in the answer.

    The labels themselves are not kept: who answers sends the file again, and the same places are
    found again.
    """
    counts: Counter[str] = Counter()
    first: dict[str, tuple[CanonicalInteraction, int]] = {}
    for one in interactions:
        for index, turn in enumerate(one.turns):
            if turn.role == "unknown":
                label = (turn.speaker or "").strip()
                counts[label] += 1
                first.setdefault(label, (one, index))
    shown = []
    for label, number in counts.most_common(SPEAKERS):
        words, says = _redacted_turn(*first[label])
        shown.append(
            {"at": speakers.index(label), "words": words, "turns": number, "says": _cut(says)}
        )
    return {"of": len(speakers), "speakers": shown}


def _redacted_turn(one: CanonicalInteraction, index: int) -> tuple[str, str]:
    """A turn's speaker and words as they would be kept, as far as the turns around it tell."""
    around = slice(max(0, index - AROUND), index + AROUND + 1)
    turns = tuple(replace(turn, text=turn.text[:READ]) for turn in one.turns[around])
    clean, _ = redact(replace(one, turns=turns, metadata={}, subject=None))
    turn = clean.turns[index - around.start]
    return _cut(turn.speaker or NAMELESS, LABEL), turn.text.strip()


def label_words(label: str) -> str:
    """A speaker's label as it may be shown."""
    return _cut(_clean(label), LABEL)


def table_head(data: bytes, name: str) -> list[list[str]]:
    """The header of a table and its first row; both empty where there are none."""
    try:
        table = read_table(Source(data, name).text)
    except FormatError:
        return [[], []]
    return [[cell.strip() for cell in table.header], next(iter(table.sample()), [])]


def column_details(head: Sequence[Sequence[str]]) -> dict[str, Any]:
    """The columns of a table, each with an example, and what their names suggest."""
    header, first = head
    return {
        "columns": [
            {
                "at": place,
                "words": label_words(name) or f"column {place + 1}",
                "example": _cut(_clean(first[place]), CELL) if place < len(first) else "",
            }
            for place, name in enumerate(header[:COLUMNS])
        ],
        "guess": columns_of(header).places,
    }


def piece_details(data: bytes, name: str) -> dict[str, Any]:
    """All pieces of a text without labels, as they would be kept; their places are the answer's."""
    pieces = cut(Source(data, name).text)
    turns = tuple(CanonicalTurn("unknown", piece.text[:READ]) for piece in pieces)
    clean, _ = redact(CanonicalInteraction("call", turns))
    return {"pieces": [_cut(turn.text, PIECE) for turn in clean.turns]}


def _clean(text: str) -> str:
    return redact_text(text[:READ].strip(), Counter())


def _cut(text: str, limit: int = WORDS) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"

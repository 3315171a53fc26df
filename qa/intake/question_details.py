"""What a person is shown with a question about a file: redacted, and only as much as they need."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext, gettext_lazy

from transcripts.formats import FORMATS, CanonicalInteraction, CanonicalTurn, FormatError
from transcripts.formats.csv_columns import columns_of
from transcripts.formats.csv_table import read_table
from transcripts.formats.envelopes import unlabelled
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
NAMELESS: Final = gettext_lazy("Turns without a name")


def preview(interaction: CanonicalInteraction) -> list[dict[str, str]]:
    """Show the first turns of a conversation."""
    turns = tuple(replace(turn, text=turn.text[:READ]) for turn in interaction.turns[:TURNS])
    clean, _ = redact(replace(interaction, turns=turns, metadata={}, subject=None))
    return [
        {"speaker": _cut(turn.speaker or "", LABEL), "role": turn.role, "text": _cut(turn.text)}
        for turn in clean.turns
    ]


def format_details(likely: Mapping[str, str]) -> dict[str, Any]:
    """Show the formats to choose from, each with what speaks for it."""
    return {
        "choices": [
            {"value": name, "words": gettext(FORMATS[name].title), "reason": reason}
            for name, reason in likely.items()
        ]
    }


def role_details(
    interactions: Sequence[CanonicalInteraction], speakers: Sequence[str]
) -> dict[str, Any]:
    """Show the speakers to be told apart, with their places in the answer, busiest first.

    Their labels are not kept: the places are found again when it is answered.
    """
    counts: Counter[str] = Counter()
    first: dict[str, tuple[CanonicalInteraction, int]] = {}
    for interaction in interactions:
        for index, turn in enumerate(interaction.turns):
            if turn.role == "unknown":
                label = (turn.speaker or "").strip()
                counts[label] += 1
                first.setdefault(label, (interaction, index))
    shown = []
    for label, number in counts.most_common(SPEAKERS):
        words, says = _redacted_turn(*first[label])
        shown.append(
            {"at": speakers.index(label), "words": words, "turns": number, "says": _cut(says)}
        )
    return {"of": len(speakers), "speakers": shown, "nameless": not any(speakers)}


def _redacted_turn(interaction: CanonicalInteraction, index: int) -> tuple[str, str]:
    """Show a turn's speaker and words as they would be kept, as far as turns around it tell."""
    around = slice(max(0, index - AROUND), index + AROUND + 1)
    turns = tuple(replace(turn, text=turn.text[:READ]) for turn in interaction.turns[around])
    clean, _ = redact(replace(interaction, turns=turns, metadata={}, subject=None))
    turn = clean.turns[index - around.start]
    return _cut(turn.speaker or str(NAMELESS), LABEL), turn.text.strip()


def label_words(label: str) -> str:
    """Redact and shorten a speaker's label, or a column's."""
    return _cut(_clean(label), LABEL)


def table_head(data: bytes, name: str) -> tuple[list[str], list[str]]:
    """Read the header of a table and its first row; both empty where there are none."""
    try:
        table = read_table(Source(data, name).text)
    except FormatError:
        return [], []
    return [cell.strip() for cell in table.header], next(iter(table.sample()), [])


def column_details(header: Sequence[str], first: Sequence[str]) -> dict[str, Any]:
    """Show the columns of a table, each with an example, and what their names suggest."""
    return {
        "columns": [
            {
                "at": place,
                "words": label_words(name) or gettext("column %(number)s") % {"number": place + 1},
                "example": _cut(_clean(first[place]), CELL) if place < len(first) else "",
            }
            for place, name in enumerate(header[:COLUMNS])
        ],
        "guess": columns_of(header).places,
    }


def piece_details(data: bytes, name: str) -> dict[str, Any]:
    """Show all pieces of a text without labels, as they would be kept, in the answer's order."""
    pieces = cut(unlabelled(Source(data, name)))
    turns = tuple(  # whoever speaks in a piece may answer the one before
        CanonicalTurn("unknown", piece.text[:READ], speaker=str(at))
        for at, piece in enumerate(pieces)
    )
    clean, _ = redact(CanonicalInteraction("call", turns))
    return {"pieces": [_cut(turn.text, PIECE) for turn in clean.turns]}


def _clean(text: str) -> str:
    return redact_text(text[:READ].strip(), Counter())


def _cut(text: str, limit: int = WORDS) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"

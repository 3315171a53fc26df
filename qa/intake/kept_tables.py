"""A table as it is kept while nobody has said what its columns hold: every cell redacted.

A cell of words is read after the cell above it, for an answer is told by its question. Times stay
as they are, and so do names in a column of short cells: they may say who speaks. A column in which
something short was taken out can still be read as what was said, but no longer as ids, names or
times: its values may have become the same mark.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from statistics import mean
from typing import Any, Final

from qa.intake import kept_readings
from qa.intake.kept_readings import FileNeededError
from qa.intake.question_details import table_head
from qa.tenancy.base import Actor
from transcripts.formats import Answers, CanonicalInteraction, CanonicalTurn
from transcripts.formats.csv_table import Row, Table, read_table
from transcripts.formats.csv_times import read_times
from transcripts.formats.source import Source
from transcripts.redaction.names import NAME

WORDS: Final = 20  # characters from which on a column's cells are said words, on average
TIME_SIGNS: Final = frozenset("-:/.T ")


def to_json(data: bytes, name: str, *, spend: Callable[[int], None], by: Actor) -> dict[str, Any]:
    """Redact a table cell by cell; FileNeededError where it would not be the same table then."""
    table = read_table(Source(data, name).text)
    rows = list(table.rows())
    spend(sum(len(cell) for row in rows for cell in row.cells))
    width = max((len(row.cells) for row in rows), default=0)
    spend(width * len(rows))  # one wide row makes every other as wide
    columns = [_column(rows, at) for at in range(width)]
    clean = [_redacted(cells, by=by) for cells in columns]
    masked = [at for at in range(width) if clean[at] != columns[at] and not _is_talk(columns[at])]
    text = _written(table, rows, clean)
    if table_head(text.encode(), name)[0] != table_head(data, name)[0] or _names_somebody(
        table, by
    ):
        raise FileNeededError("header")
    return {"text": text, "masked": masked}


def refuse_masked(form: Mapping[str, Any], places: Mapping[str, int]) -> None:
    """FileNeededError where a column is needed as ids, names or times that were redacted."""
    if any(at in form["masked"] for meaning, at in places.items() if meaning != "text"):
        raise FileNeededError("column")


def _column(rows: Sequence[Row], at: int) -> list[str]:
    return [row.cells[at] if at < len(row.cells) else "" for row in rows]


def _redacted(cells: Sequence[str], *, by: Actor) -> list[str]:
    if _are_times(cells):
        return list(cells)
    above = _is_talk(cells)
    talks = [
        _talk([cells[at - 1]] if above and at and cells[at - 1].strip() else [], cell)
        for at, cell in enumerate(cells)
    ]
    filled = [talk for talk in talks if talk]
    found = iter(kept_readings.redacted(filled, by=by, but=() if above else (NAME,)))
    return [
        next(found)[0].turns[-1].text if talk else cell
        for talk, cell in zip(talks, cells, strict=True)
    ]


def _talk(above: Sequence[str], cell: str) -> CanonicalInteraction | None:
    if not cell.strip():
        return None
    said = [*above, cell]
    turns = tuple(CanonicalTurn("unknown", text, speaker=str(at)) for at, text in enumerate(said))
    return CanonicalInteraction("chat", turns)


def _is_talk(cells: Sequence[str]) -> bool:
    lengths = [len(cell) for cell in cells if cell.strip()]
    return bool(lengths) and mean(lengths) >= WORDS


def _are_times(cells: Sequence[str]) -> bool:
    """True if all cells are written as times; a bare number may as well be somebody's."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or not all(TIME_SIGNS & set(cell) for cell in filled):
        return False
    return all(stamp is not None for stamp in read_times(filled, Answers(day_first=True)).stamps)


def _names_somebody(table: Table, by: Actor) -> bool:
    """True if the header holds what is to be redacted: it may be none."""
    header = [cell for cell in table.header if cell.strip()]
    talks = [CanonicalInteraction("chat", (CanonicalTurn("unknown", cell),)) for cell in header]
    found = kept_readings.redacted(talks, by=by)
    return any(one.turns[0].text != cell for (one, _), cell in zip(found, header, strict=True))


def _written(table: Table, rows: Sequence[Row], columns: Sequence[Sequence[str]]) -> str:
    """Write the table out again, each record on the line on which it stood."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=table.delimiter, lineterminator="\n")
    writer.writerow(table.header)
    line = 2 + sum(cell.count("\n") for cell in table.header)
    for number, row in enumerate(rows):
        cells = [column[number] for column in columns[: len(row.cells)]]
        out.write("\n" * (row.line - line))
        writer.writerow(cells)
        line = max(line, row.line) + 1 + sum(cell.count("\n") for cell in cells)
    return out.getvalue()

"""CSV of turns: one row a turn, or one row a whole transcript, many conversations in a file.

Columns are known by their names (synonyms below); rows are gathered by conversation and put in
order of time. A conversation with a row at fault is refused whole, never imported by halves.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from qa.errors import Fault
from transcripts.formats.csv_columns import Columns, columns_of, delimiter_of
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.labels import role_of, stated_role
from transcripts.formats.model import (
    CHANNELS,
    Agent,
    CanonicalInteraction,
    CanonicalTurn,
    Customer,
    Json,
    LineError,
    Parsed,
)
from transcripts.formats.plain_text import read_talk
from transcripts.formats.source import Source
from transcripts.formats.stamps import Stamp, Timeline, read_stamp, timeline

NAME: Final = "csv_turns"
EXPECTED: Final = (
    "a header row with a column for the speaker or role (speaker, role, sender, author), one for "
    "the text (text, message, content) and, for several conversations, one for their id"
)
MAX_EXTRA: Final = 30  # further columns kept as metadata
MAX_CELL: Final = 1_000  # characters of a further column's cell kept as metadata


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: list[str]


@dataclass(slots=True)
class _Conversation:
    key: str
    rows: list[_Row] = field(default_factory=list)
    faults: list[tuple[int, Fault]] = field(default_factory=list)


def recognise(source: Source) -> Likeness | None:
    header = _header(_table(source.text))
    if header is None:
        return None
    columns = columns_of(header)
    if columns.usable:
        return Likeness(0.9, "a header row that names speaker and text columns")
    if columns.text is not None and len(header) > 1 and source.extension in ("csv", "tsv"):
        return Likeness(0.4, "a header row that names a text column")
    return None


def parse(source: Source) -> Parsed:
    table = _table(source.text)
    header = _header(table)
    columns = columns_of(header) if header else None
    if header is None or columns is None or not columns.usable:
        found = ", ".join(name or "(blank)" for name in columns.shown) if columns else "none"
        raise FormatError(f"has no columns to read turns from (found: {found})", expected=EXPECTED)
    conversations = _gather(table, columns)
    kept: list[CanonicalInteraction] = []
    errors: list[LineError] = []
    notes = list(source.notes())
    for conversation in conversations:
        if conversation.faults:
            errors += [LineError(line, (fault,)) for line, fault in conversation.faults]
        elif interaction := _interaction(conversation, columns, source.channel or "chat", notes):
            kept.append(interaction)
    if not kept and not errors:
        why = "; ".join(notes[len(source.notes()) :])
        raise FormatError(why or "has a header row and no turns below it")
    return Parsed(NAME, tuple(kept), tuple(errors), tuple(dict.fromkeys(notes)))


def _table(text: str) -> str:
    """The text, a spreadsheet's first line `sep=;` blanked, so that lines keep their numbers."""
    first, newline, rest = text.partition("\n")
    return newline + rest if first.casefold().startswith("sep=") else text


def _header(text: str) -> list[str] | None:
    """The first record's cells, or None where it can't be one of a table."""
    first = text.lstrip("\n")[:10_000]
    try:
        row = next(csv.reader(io.StringIO(first, newline=""), delimiter=delimiter_of(first)), None)
    except csv.Error:
        return None
    return row if row and len(row) > 1 else None


def _records(text: str) -> Iterator[_Row]:
    """Every record with the line it begins on; FormatError where quoting goes wrong."""
    delimiter = delimiter_of(text.lstrip("\n")[:10_000])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells and any(cell.strip() for cell in cells):
                yield _Row(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        reason = "has a cell that is too long, or a quote that never ends"
        if "delimiter" in str(error):
            reason = "a quoted cell is followed by more text; quotes inside a cell are doubled"
        raise FormatError(reason, line=line) from None


def _gather(text: str, columns: Columns) -> list[_Conversation]:
    """Group the rows by conversation id, in the order in which the ids first appear."""
    rows = _records(text)
    next(rows)
    found: dict[str, _Conversation] = {}
    for row in rows:
        key = columns.cell(row.cells, "conversation")
        conversation = found.setdefault(key, _Conversation(key))
        fault = _fault(row, key, columns)
        if fault:
            conversation.faults.append((row.line, fault))
        elif columns.cell(row.cells, "text"):
            conversation.rows.append(row)
    return list(found.values())


def _fault(row: _Row, key: str, columns: Columns) -> Fault | None:
    if len(row.cells) > columns.count:
        return Fault("", f"has {len(row.cells)} cells, where the header has {columns.count}")
    if columns.conversation is not None and not key:
        return Fault(columns.name("conversation"), "is empty: which conversation is it?")
    if not columns.cell(row.cells, "text") or not columns.has_speakers:
        return None
    if not columns.cell(row.cells, "role") and not columns.cell(row.cells, "speaker"):
        named = columns.name("role") or columns.name("speaker")
        return Fault(named, "is empty; expected who spoke, such as agent or customer")
    return None


def _interaction(
    conversation: _Conversation, columns: Columns, channel: str, notes: list[str]
) -> CanonicalInteraction | None:
    if not conversation.rows:
        notes.append("Conversations without any text were left out.")
        return None
    stamps = [read_stamp(columns.cell(row.cells, "time")) for row in conversation.rows]
    times = timeline(stamps)
    if times.note:
        notes.append(times.note)
    if columns.has_speakers:
        turns = _turns(conversation.rows, columns, times)
    else:
        turns = read_talk("\n".join(_texts(conversation.rows, columns))).turns
        if not turns:
            notes.append("Conversations whose text has no speaker labels were left out.")
            return None
    return _with_facts(conversation, columns, channel, turns, times)


def _texts(rows: list[_Row], columns: Columns) -> Iterator[str]:
    return (columns.cell(row.cells, "text") for row in rows)


def _turns(rows: list[_Row], columns: Columns, times: Timeline) -> tuple[CanonicalTurn, ...]:
    return tuple(_turn(rows[index], columns, times.stamps[index]) for index in times.order)


def _turn(row: _Row, columns: Columns, stamp: Stamp) -> CanonicalTurn:
    role, speaker = columns.cell(row.cells, "role"), columns.cell(row.cells, "speaker")
    stated = stated_role(role) if role else role_of(speaker) or "unknown"
    label = speaker or (role if stated == "unknown" else "")
    return CanonicalTurn(
        role=stated,
        speaker=label or None,
        text=columns.cell(row.cells, "text"),
        started_s=stamp.offset_s,
        sent_at=stamp.moment,
    )


def _with_facts(
    conversation: _Conversation,
    columns: Columns,
    channel: str,
    turns: tuple[CanonicalTurn, ...],
    times: Timeline,
) -> CanonicalInteraction:
    """Add what the other columns say of the conversation as a whole."""
    rows = conversation.rows

    def constant(meaning: str) -> str | None:
        return _constant([columns.cell(row.cells, meaning) for row in rows])

    stated = (constant("channel") or "").casefold()
    agent = Agent(constant("agent_id"), constant("agent_name"), constant("team"))
    customer = Customer(constant("customer_id"), constant("customer_name"))
    return CanonicalInteraction(
        channel=stated if stated in CHANNELS else channel,
        turns=turns,
        external_id=conversation.key or None,
        started_at=times.start,
        language=constant("language"),
        subject=constant("subject"),
        agent=agent if agent != Agent() else None,
        customer=customer if customer != Customer() else None,
        metadata=_metadata(rows, columns),
    )


def _constant(values: list[str]) -> str | None:
    """The one value that all filled cells share, or None."""
    filled = {value for value in values if value}
    return filled.pop() if len(filled) == 1 else None


def _metadata(rows: list[_Row], columns: Columns) -> dict[str, Json]:
    """Further columns that hold one value for the whole conversation."""
    kept: dict[str, Json] = {}
    for name, index in columns.others[:MAX_EXTRA]:
        value = _constant([row.cells[index].strip() for row in rows if index < len(row.cells)])
        if value and len(value) <= MAX_CELL:
            kept[name] = value
    return kept


FORMAT: Final = Format(
    name=NAME,
    title="CSV of turns",
    extensions=("csv", "tsv"),
    recognise=recognise,
    parse=parse,
)

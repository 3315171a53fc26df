"""CSV of turns: one row a turn, a question and its answer, or a whole transcript.

Columns are known by their names or as a person said; rows are gathered by conversation and put in
order of time. A conversation with a row at fault is refused whole, never imported by halves.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from qa.core.errors import Fault
from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop, grouped
from transcripts.formats.counters import is_counter
from transcripts.formats.csv_columns import Columns, cannot_tell, columns_of
from transcripts.formats.csv_shapes import Shape, shape_of
from transcripts.formats.csv_table import Row, Table, read_table
from transcripts.formats.csv_threads import roots
from transcripts.formats.csv_times import read_times
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.labels import role_of, stated_role
from transcripts.formats.limits import Limits
from transcripts.formats.markup import plain
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
from transcripts.formats.saved_chats import read_saved_chat
from transcripts.formats.source import Source
from transcripts.formats.stamps import Stamp, Timeline, timeline
from transcripts.formats.talk import read_talk

NAME: Final = "csv_turns"
MAX_EXTRA: Final = 30  # further columns kept as metadata
MAX_CELL: Final = 1_000  # characters of a further column's cell kept as metadata
YES: Final = frozenset({"true", "t", "1", "yes", "y"})
ROWS_A_TURN: Final = 10  # read for each turn that a file may hold; most have none
NO: Final = frozenset({"false", "f", "0", "no", "n"})


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a table's rows are to be read."""

    columns: Columns
    shape: Shape


@dataclass(slots=True)
class _Conversation:
    key: str
    rows: list[Row] = field(default_factory=list)
    stamps: list[Stamp | None] = field(default_factory=list)
    faults: list[tuple[int, Fault]] = field(default_factory=list)


def recognise(source: Source) -> Likeness | None:
    if source.starts_like_json:
        return None
    table = read_table(source.text)
    if len(table.header) < 2:
        return None
    try:
        layout = _layout(table, source)
    except FormatError:
        layout = None
    if layout:
        return Likeness(0.9, layout.shape.value)
    if source.extension in ("csv", "tsv"):
        return Likeness(0.3, gettext_noop("a table, but its columns are not told by their names"))
    return None


def parse(source: Source) -> Parsed:
    table = read_table(source.text)
    layout = _layout(table, source) if len(table.header) > 1 else None
    if layout is None:
        raise cannot_tell(columns_of(table.header) if len(table.header) > 1 else None)
    rows = list(_rows(table, layout, source.limits))
    _show(rows, layout.columns)
    times = read_times([layout.columns.cell(row.cells, "time") for row in rows], source.answers)
    kept: list[CanonicalInteraction] = []
    errors: list[LineError] = []
    notes: list[str] = []
    for conversation in _gather(rows, times.stamps, layout):
        if conversation.faults:
            errors += [LineError(line, (fault,)) for line, fault in conversation.faults]
        elif interaction := _interaction(conversation, layout, source.channel or "chat", notes):
            kept.append(interaction)
    if not kept and not errors:
        raise FormatError("; ".join(map(_, notes)) or _("has a header row and no turns below it"))
    told = dict.fromkeys((*source.notes(), *_said(layout), *notes))
    counter = _counter(rows, layout.columns)
    return Parsed(NAME, tuple(kept), tuple(errors), tuple(told), times.open, counter)


def _layout(table: Table, source: Source) -> _Layout | None:
    columns = columns_of(table.header, source.answers.columns)
    found = shape_of(columns, table.sample())
    return _Layout(*found) if found else None


def _said(layout: _Layout) -> Iterator[str]:
    if layout.shape is Shape.PAIRS:
        customer, agent = (layout.columns.name(f"{side}_text") for side in ("customer", "agent"))
        said = _(
            '"%(customer)s" was read as the customer\'s words and "%(agent)s" as the agent\'s.'
        )
        yield said % {"customer": customer, "agent": agent}


def _rows(table: Table, layout: _Layout, limits: Limits) -> Iterator[Row]:
    """The rows that count; FormatError at the first that is too much for one file."""
    columns, found, characters = layout.columns, 0, 0
    by_row = not columns.has_conversation and layout.shape in (Shape.PAIRS, Shape.WHOLE)
    conversations: set[str] = set()
    for number, row in enumerate(table.rows(), start=1):
        limits.check(turns=number // ROWS_A_TURN)
        if not _counts(row, layout):
            continue
        found += 1
        characters += len(columns.cell(row.cells, "text"))
        conversations.add(columns.cell(row.cells, "conversation"))
        several = found if by_row else len(conversations)
        limits.check(interactions=several, turns=found, characters=characters)
        yield row


def _counts(row: Row, layout: _Layout) -> bool:
    """True if a row has words, or a fault that should be told."""
    columns = layout.columns
    if len(row.cells) > columns.count or layout.shape is Shape.PAIRS:
        return True
    return bool(columns.cell(row.cells, "text")) or _lacks_key(row, columns)


def _show(rows: list[Row], columns: Columns) -> None:
    """Put text in the place of HTML in the columns that hold words."""
    for meaning in ("text", "customer_text", "agent_text"):
        place = columns.places.get(meaning)
        if place is None:
            continue
        filled = [row for row in rows if place < len(row.cells)]
        for row, shown in zip(filled, plain([row.cells[place] for row in filled]), strict=True):
            row.cells[place] = shown


def _gather(
    rows: list[Row], stamps: tuple[Stamp | None, ...], layout: _Layout
) -> list[_Conversation]:
    """Group the rows by conversation, in the order in which conversations first appear."""
    found: dict[str, _Conversation] = {}
    for key, row, stamp in zip(_keys(rows, layout), rows, stamps, strict=True):
        conversation = found.setdefault(key, _Conversation(key))
        fault = _fault(row, layout)
        if fault:
            conversation.faults.append((row.line, fault))
        else:
            conversation.rows.append(row)
            conversation.stamps.append(stamp)
    return list(found.values())


def _keys(rows: list[Row], layout: _Layout) -> list[str]:
    """Which conversation each row belongs to: by its id, by what it replies to, or its own."""
    columns = layout.columns
    if columns.has_conversation:
        return [columns.cell(row.cells, "conversation") for row in rows]
    if columns.has_replies:
        ids = [columns.cell(row.cells, "message") for row in rows]
        return roots(ids, [columns.cell(row.cells, "reply_to") for row in rows])
    if layout.shape in (Shape.PAIRS, Shape.WHOLE):
        return [f"\n{row.line}" for row in rows]
    return ["" for _ in rows]


def _counter(rows: list[Row], columns: Columns) -> str:
    """The column whose numbers only count this table's conversations, or messages; or none."""
    meaning = "conversation" if columns.has_conversation else "message"
    ids = {columns.cell(row.cells, meaning) for row in rows} - {""}  # rows without one are at fault
    return columns.name(meaning) if is_counter(ids) else ""


def _lacks_key(row: Row, columns: Columns) -> bool:
    return columns.has_conversation and not columns.cell(row.cells, "conversation")


def _fault(row: Row, layout: _Layout) -> Fault | None:
    columns = layout.columns
    if len(row.cells) > columns.count:
        return Fault(
            "",
            _("has %(found)s cells, where the header has %(expected)s")
            % {"found": grouped(len(row.cells)), "expected": grouped(columns.count)},
        )
    if _lacks_key(row, columns):
        return Fault(columns.name("conversation"), _("is empty: which conversation is it?"))
    if layout.shape is not Shape.TURNS:
        return None
    told_by = [meaning for meaning in ("role", "speaker", "inbound") if columns.name(meaning)]
    if not any(columns.cell(row.cells, meaning) for meaning in told_by):
        return Fault(columns.name(told_by[0]), _("is empty; expected who spoke, such as agent"))
    return None


def _interaction(
    conversation: _Conversation, layout: _Layout, channel: str, notes: list[str]
) -> CanonicalInteraction | None:
    times = timeline(conversation.stamps, [_voice(row, layout) for row in conversation.rows])
    if times.note:
        notes.append(times.note)
    turns = tuple(_turns(conversation.rows, layout, times))
    if not turns:
        notes.append(
            gettext_noop(
                "Conversations without any words, or without speaker labels, were left out."
            )
        )
        return None
    return _with_facts(conversation, layout.columns, channel, turns, times)


def _turns(rows: list[Row], layout: _Layout, times: Timeline) -> Iterator[CanonicalTurn]:
    columns = layout.columns
    if layout.shape in (Shape.WHOLE, Shape.LINES):
        said = "\n".join(columns.cell(row.cells, "text") for row in rows)
        saved = read_saved_chat(said)
        yield from saved.turns if saved else read_talk(said).turns
        return
    for index in times.order:
        if layout.shape is Shape.PAIRS:
            yield from _pair(rows[index], columns, times.stamps[index])
        else:
            yield _turn(rows[index], columns, times.stamps[index])


def _voice(row: Row, layout: _Layout) -> str:
    """Who speaks in a row, by whatever column tells."""
    cells = (layout.columns.cell(row.cells, told) for told in ("speaker", "role", "inbound"))
    return next(filter(None, cells), "").casefold()


def _pair(row: Row, columns: Columns, stamp: Stamp) -> Iterator[CanonicalTurn]:
    for role in ("customer", "agent"):
        said = columns.cell(row.cells, f"{role}_text")
        if said:
            speaker = columns.cell(row.cells, f"{role}_name") or None
            yield CanonicalTurn(role, said, speaker, stamp.offset_s, sent_at=stamp.moment)


def _turn(row: Row, columns: Columns, stamp: Stamp) -> CanonicalTurn:
    role, speaker = columns.cell(row.cells, "role"), columns.cell(row.cells, "speaker")
    inbound = columns.cell(row.cells, "inbound").casefold()
    stated = stated_role(role) if role else role_of(speaker) or "unknown"
    if stated == "unknown" and inbound in YES | NO:
        stated = "customer" if inbound in YES else "agent"
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
        if meaning not in columns.places:
            return None
        return _constant([columns.cell(row.cells, meaning) for row in rows])

    stated = (constant("channel") or "").casefold()
    agent = Agent(constant("agent_id"), constant("agent_name"), constant("team"))
    customer = Customer(constant("customer_id"), constant("customer_name"))
    return CanonicalInteraction(
        channel=stated if stated in CHANNELS else channel,
        turns=turns,
        external_id=_external_id(conversation.key),
        started_at=times.start,
        language=constant("language"),
        subject=constant("subject"),
        agent=agent if agent != Agent() else None,
        customer=customer if customer != Customer() else None,
        metadata=_metadata(rows, columns),
    )


def _external_id(key: str) -> str | None:
    """The conversation's id; a key that begins with a line break is only a row's place."""
    return None if key.startswith("\n") else key or None


def _constant(values: list[str]) -> str | None:
    """The one value that all filled cells share, or None."""
    filled = {value for value in values if value}
    return filled.pop() if len(filled) == 1 else None


def _metadata(rows: list[Row], columns: Columns) -> dict[str, Json]:
    """Further columns that hold one value for the whole conversation."""
    kept: dict[str, Json] = {}
    for name, index in islice(columns.others, MAX_EXTRA):
        value = _constant([row.cells[index].strip() for row in rows if index < len(row.cells)])
        if value and len(value) <= MAX_CELL:
            kept[name] = value
    return kept


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("CSV of turns"),
    extensions=("csv", "tsv"),
    recognise=recognise,
    parse=parse,
)

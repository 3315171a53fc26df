"""Plain text with speaker labels: `Agent: …`, `**Customer**: …`, `[00:01:02] Jane: …`.

The text may also stand in a JSON envelope: an object with `Content`, `StartTime`, `EndTime` and
`ConversationId`. Text without labels is refused until a person has said who speaks in each of its
pieces (see pieces.py): who spoke is never guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from transcripts.formats import csv_turns
from transcripts.formats.answers import Question
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Format, Likeness
from transcripts.formats.json_values import mapping, text
from transcripts.formats.model import CanonicalInteraction, Json, Parsed
from transcripts.formats.pieces import MOST, cut, turns_of
from transcripts.formats.records import parse_records
from transcripts.formats.remarks import with_remarks
from transcripts.formats.saved_chats import REMARK, SavedChat, read_saved_chat
from transcripts.formats.source import Source
from transcripts.formats.stamps import Stamp, read_stamp
from transcripts.formats.talk import Talk, lines_of, read_talk
from transcripts.formats.validation import MAX_NAME

NAME: Final = "plain_text"
MAX_HEADING: Final = 1_000  # characters kept of what stands before the first label
LOOKED_AT: Final = 100_000  # characters
_ENVELOPE: Final = ("ConversationId", "StartTime", "EndTime")
EXPECTED: Final = 'lines such as "Agent: …" and "Customer: …"'
OR_TOLD: Final = f"{EXPECTED}; or send the file by itself on the upload page and say who speaks"
BY_NAME: Final = 0.01  # confidence where only the file's name speaks for it

_MAIL_HEADER: Final = re.compile(
    r"(?:from|to|cc|subject|date|sender|reply-to|message-id|received|return-path|delivered-to|"
    r"mime-version|content-[a-z]+|x-[a-z-]+):|From \S+",
    re.IGNORECASE,
)
_CAPTION_TIME: Final = re.compile(r"\d\d?:\d\d[\d:.,]*\s*-->")
_CHAT_LINE: Final = re.compile(
    r"[\u200e\u200f]?\[?\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? .{0,20}\d\d|\d\d:\d\d:\d\d\t"
)


def recognise(source: Source) -> Likeness | None:
    if source.starts_like_json:
        return _recognise_envelope(source)
    head = source.text[:LOOKED_AT]
    if saved := read_saved_chat(head):
        return Likeness(0.85, f"a chat saved as text, with {len(saved.turns)} messages")
    lines = head.split("\n", 400)[:400]
    if _is_mail(lines) or any(_CAPTION_TIME.search(line[:40]) for line in lines):
        return None
    inner = _stands_in_another_format(source, lines)
    labelled = lines_of("\n".join(lines))
    with_role = sum(stated for _, stated in labelled)
    if with_role:
        surely = 0.9 if with_role > 1 else 0.7
        return Likeness(
            surely / 2 if inner else surely,
            f"{with_role} lines begin with a label that states a role",
        )
    turns = read_talk("\n".join(lines)).turns
    if any(turn.role != "unknown" for turn in turns):
        return Likeness(0.6, f"{len(turns)} labels that state a role stand in the text")
    if len({turn.speaker for turn in turns}) > 1:
        return Likeness(0.25 if inner else 0.5, "lines begin with names that recur")
    if source.extension in FORMAT.extensions:
        return Likeness(BY_NAME, f"its name ends in .{source.extension}")
    return None


def parse(source: Source) -> Parsed:
    if source.starts_like_json and _recognise_envelope(source):
        return _parse_envelopes(source)
    source.limits.check(characters=len(source.text))
    if saved := read_saved_chat(source.text):
        return Parsed(NAME, (_of_chat(saved, source),), notes=(*source.notes(), REMARK))
    talk = read_talk(source.text)
    if not talk.turns:
        return _told_apart(source)
    interaction = CanonicalInteraction(
        channel=source.channel or "call", turns=talk.turns, metadata=_heading(talk)
    )
    return Parsed(NAME, (interaction,), notes=(*source.notes(), *_notes(talk)))


def _of_chat(saved: SavedChat, source: Source) -> CanonicalInteraction:
    heading: dict[str, Json] = {"heading": saved.heading[:MAX_HEADING]} if saved.heading else {}
    return CanonicalInteraction(
        channel=source.channel or "chat",
        turns=saved.turns,
        started_at=saved.started_at,
        metadata=with_remarks(heading, [REMARK]),
    )


def _told_apart(source: Source) -> Parsed:
    """A text without labels, as far as a person has told its pieces apart."""
    pieces, told = cut(source.text), source.answers.pieces
    if len(pieces) > MOST:
        raise FormatError(
            f"has no speaker labels, and more than the {MOST} lines or sentences that a person can "
            "tell apart on the upload page",
            expected=EXPECTED,
        )
    if len(pieces) < 2:  # whoever speaks, nobody answers
        raise FormatError("has no speaker labels", expected=EXPECTED)
    if len(told) != len(pieces):
        raise FormatError("has no speaker labels", expected=OR_TOLD, question=Question.PIECES)
    turns = turns_of(pieces, told)
    if not turns:
        raise FormatError("was left out piece by piece, so there is nothing to import")
    interaction = CanonicalInteraction(channel=source.channel or "call", turns=turns)
    return Parsed(NAME, (interaction,), notes=source.notes())


def _stands_in_another_format(source: Source, lines: list[str]) -> bool:
    """True if labels are there because a table or a chat's lines hold them."""
    chat = sum(1 for line in lines if _CHAT_LINE.match(line)) * 2 > len(lines)
    table = csv_turns.recognise(source)
    return chat or (table is not None and table.confidence > 0.5)


def _recognise_envelope(source: Source) -> Likeness | None:
    record = source.first_record or {}
    if isinstance(record.get("Content"), str) and any(key in record for key in _ENVELOPE):
        return Likeness(0.9, "JSON with a transcript's text in the key Content")
    return None


def _parse_envelopes(source: Source) -> Parsed:
    """Read `{"ConversationId", "StartTime", "EndTime", "Content"}`, one or many of them."""
    naive: set[bool] = set()

    def read(record: object) -> CanonicalInteraction:
        envelope = mapping(record)
        talk = read_talk(text(envelope.get("Content")))
        if not talk.turns:
            raise FormatError("has no speaker labels", field="Content", expected=EXPECTED)
        start, end = (read_stamp(text(envelope.get(key))) for key in ("StartTime", "EndTime"))
        naive.add(start is not None and start.naive)
        return CanonicalInteraction(
            channel=source.channel or "call",
            turns=talk.turns,
            external_id=text(envelope.get("ConversationId"))[:MAX_NAME] or None,
            started_at=_moment(start, source.answers.time_zone),
            duration_s=_between(start, end),
            metadata=_heading(talk),
        )

    parsed = parse_records(source, NAME, read)
    ask = True in naive and source.answers.time_zone is None
    return replace(parsed, notes=source.notes(), open=(Question.TIME_ZONE,) if ask else ())


def _moment(stamp: Stamp | None, zone: ZoneInfo | None) -> datetime | None:
    """When a stamp was; None where only its zone would tell."""
    if stamp is None or stamp.moment is None or not stamp.naive:
        return stamp.moment if stamp else None
    return stamp.moment.replace(tzinfo=zone) if zone else None


def _between(start: Stamp | None, end: Stamp | None) -> float | None:
    if start is None or end is None or start.moment is None or end.moment is None:
        return None
    seconds = (end.moment - start.moment).total_seconds()
    return seconds if seconds > 0 and start.naive == end.naive else None


def _heading(talk: Talk) -> dict[str, Json]:
    return {"heading": talk.heading[:MAX_HEADING]} if talk.heading else {}


def _notes(talk: Talk) -> Iterator[str]:
    if talk.heading:
        yield "Lines before the first speaker are kept as a heading, not as a turn."


def _is_mail(head: list[str]) -> bool:
    first = [line for line in head if line.strip()][:6]
    return sum(1 for line in first if _MAIL_HEADER.match(line)) >= 2


FORMAT: Final = Format(
    name=NAME,
    title="Plain text with speaker labels",
    extensions=("txt", "text", "md", "log"),
    recognise=recognise,
    parse=parse,
)

"""JSON around one text: `{"ConversationId", "StartTime", "EndTime", "Content"}` and the like.

One or many of them, in a list or one a line. Of a text without labels a person may say who speaks
in its pieces, where the file holds it alone.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.answers import Question
from transcripts.formats.errors import FormatError
from transcripts.formats.format import Likeness
from transcripts.formats.json_values import mapping, text
from transcripts.formats.model import CanonicalInteraction, Json, Parsed
from transcripts.formats.pieces import EXPECTED, told_apart
from transcripts.formats.records import parse_records
from transcripts.formats.source import Source
from transcripts.formats.stamps import Stamp, read_stamp
from transcripts.formats.talk import read_talk
from transcripts.formats.validation import MAX_NAME
from transcripts.formats.vocabulary import words

MAX_HEADING: Final = 1_000  # characters kept of what stands before the first label
ONE_OF_SEVERAL: Final = gettext_noop(
    "has no speaker labels, and is in a file with other conversations: save it as a "
    "separate file, send it on the upload page and say there who is speaking"
)
_KNOWN: Final = ("ConversationId", "StartTime", "EndTime")
_PUNCTUATION: Final = re.compile(r"[\W_]+")
_FEWEST: Final = 4  # words of a text that may be a conversation


def recognise(source: Source) -> Likeness | None:
    record = source.first_record or {}
    if isinstance(record.get("Content"), str) and any(key in record for key in _KNOWN):
        return Likeness(0.9, gettext_noop("JSON with a transcript's text in the key Content"))
    key = _text_key(record)
    if key and not any(isinstance(value, dict | list) for value in record.values()):
        return Likeness(
            0.4, _("JSON with nothing but facts and a text in the key %(key)s") % {"key": key}
        )
    return None


def parse(source: Source, name: str) -> Parsed:
    """Every envelope with its text as turns; those without labels are named."""
    naive: set[bool] = set()
    alone = _is_alone(source)
    read = partial(_read, source=source, alone=alone, naive=naive)
    if alone and source.first_record is not None:
        parsed = Parsed(name, (read(source.first_record),))
    else:
        parsed = parse_records(source, name, read)
    ask = True in naive and source.answers.time_zone is None
    return replace(parsed, notes=source.notes(), open=(Question.TIME_ZONE,) if ask else ())


def unlabelled(source: Source) -> str:
    """The text of a file, or of the one envelope in it, that a person is to tell apart."""
    if source.starts_like_json and recognise(source) and _is_alone(source):
        record = source.first_record or {}
        return text(record.get(_text_key(record)))
    return source.text


def heading_of(heading: str) -> dict[str, Json]:
    """What stands above the first speaker, as metadata."""
    return {"heading": heading[:MAX_HEADING]} if heading else {}


def _read(record: object, *, source: Source, alone: bool, naive: set[bool]) -> CanonicalInteraction:
    envelope = mapping(record)
    key = _text_key(envelope) or "Content"
    talk = read_talk(text(envelope.get(key)))
    turns = talk.turns
    if not turns and not alone:
        raise FormatError(_(ONE_OF_SEVERAL), field=key, expected=_(EXPECTED))
    if not turns:
        turns = told_apart(text(envelope.get(key)), source.answers.pieces, field=key)
    start = read_stamp(_fact(envelope, "starts"))
    end = read_stamp(_fact(envelope, "ends"))
    naive.add(start is not None and start.naive)
    return CanonicalInteraction(
        channel=source.channel or "call",
        turns=turns,
        external_id=_fact(envelope, "ids")[:MAX_NAME] or None,
        started_at=_moment(start, source.answers.time_zone),
        duration_s=_between(start, end),
        metadata=heading_of(talk.heading),
    )


def _is_alone(source: Source) -> bool:
    """True if the file holds one envelope."""
    if source.is_json_lines:
        return sum(1 for line in source.lines if line.strip()) == 1
    return not isinstance(source.document, list) or len(source.document) == 1


def _text_key(record: dict[str, Any]) -> str:
    """The key of the text: the only one of such a name whose value has several words."""
    named = _named(record, words("envelope", "texts"))
    found = [key for key in named if len(text(record[key])[:1_000].split()) >= _FEWEST]
    return found[0] if len(found) == 1 else "Content" if "Content" in record else ""


def _fact(record: dict[str, Any], kind: str) -> str:
    """The value under the first of the names that such a fact has."""
    found = (text(record[key]) for key in _named(record, words("envelope", kind)))
    return next(filter(None, found), "")


def _named(record: dict[str, Any], names: Iterable[str]) -> list[str]:
    keys = {_PUNCTUATION.sub("", key[:60]).casefold(): key for key in record}
    return [keys[name] for name in names if name in keys]


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

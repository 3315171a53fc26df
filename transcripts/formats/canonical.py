"""Canonical JSON: one interaction, an array of them, or one a line."""

from dataclasses import replace
from typing import Final

from qa.core.texts import gettext as _
from qa.core.texts import gettext_noop
from transcripts.formats.errors import FormatError, shortened, with_plain_breaks
from transcripts.formats.format import Format, Likeness
from transcripts.formats.markup import plain
from transcripts.formats.model import CHANNELS, CanonicalInteraction, Parsed
from transcripts.formats.records import parse_records
from transcripts.formats.source import Source
from transcripts.formats.validation import validate

NAME: Final = "canonical"


def recognise(source: Source) -> Likeness | None:
    if not source.starts_like_json:
        return None
    record = source.first_record
    if record is None:
        return Likeness(0.2, gettext_noop("begins like JSON"))
    if "turns" in record:
        return Likeness(0.95, gettext_noop("JSON with the key turns"))
    if "channel" in record:
        return Likeness(0.3, gettext_noop("JSON with the key channel, but no turns"))
    return Likeness(0.1, gettext_noop("JSON, but without the keys of a canonical interaction"))


def parse(source: Source) -> Parsed:
    if not source.is_json_lines:
        _refuse_other_json(source.document)
    return parse_records(source, NAME, read)


def read(record: object) -> CanonicalInteraction:
    """One decoded object as an interaction; its words as a reader would see them.

    HTML becomes text and line ends `\\n`, so that places in a text are the same everywhere.
    FormatError names every field at fault.
    """
    stated = validate(record)
    texts = [turn.text for turn in stated.turns]
    seen = plain([with_plain_breaks(text) for text in texts])
    if seen == texts:
        return stated
    turns = tuple(
        replace(turn, text=shown.strip() or turn.text)
        for turn, shown in zip(stated.turns, seen, strict=True)
    )
    return replace(stated, turns=turns)


def _refuse_other_json(document: object) -> None:
    """Say in one breath that JSON of another make was sent, rather than list all its keys."""
    records = document if isinstance(document, list) else [document]
    objects = [record for record in records if isinstance(record, dict)]
    if not objects or any(_meant(record) for record in objects):
        return
    keys = ", ".join(shortened(key) for key in list(objects[0])[:8]) or "none"
    raise FormatError(
        _("is JSON of a kind not known here (its keys: %(keys)s)") % {"keys": keys},
        expected=_("canonical interactions, each with at least channel and turns"),
    )


def _meant(record: dict[str, object]) -> bool:
    """True if an object is a canonical interaction, be it a faulty one."""
    return "turns" in record or record.get("channel") in CHANNELS


FORMAT: Final = Format(
    name=NAME,
    title=gettext_noop("Canonical JSON or JSON lines"),
    extensions=("json", "jsonl", "ndjson"),
    recognise=recognise,
    parse=parse,
    read_record=read,
)
